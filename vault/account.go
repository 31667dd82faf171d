package vault

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"paye/internal/identifiants"
	"paye/vault/internal/acts"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
)

// Comptes are the accounts of the payroll office: who they are, their rights,
// and how they prove it.
type Comptes struct{ c *Coffre }

// Comptes gives the accounts of the vault.
func (c *Coffre) Comptes() *Comptes { return &Comptes{c} }

// CompteUtilisateur is the account of a user of the payroll office. Agents have
// accounts of their own, which the portal keeps.
type CompteUtilisateur struct {
	Login  string             `json:"login"`
	Nom    string             `json:"nom,omitempty"`
	Actif  bool               `json:"actif"`
	Droits map[string][]Droit `json:"droits,omitempty"` // by SIRET; "*" for every employer
	Hash   string             `json:"hash,omitempty"`   // argon2id, PHC string
}

func (c *Coffre) utilisateur(ctx context.Context, login string) (*CompteUtilisateur, error) {
	var u CompteUtilisateur
	f, err := c.book.ReadFiche(ctx, acts.FicheUtilisateur, login, &u)
	if err != nil || f.Valeur == nil {
		return nil, err
	}
	return &u, nil
}

// Utilisateurs lists the accounts in the order of their logins.
func (a *Comptes) Utilisateurs(ctx context.Context, par Acteur) ([]CompteUtilisateur, error) {
	if err := a.c.require(ctx, par, "", DroitComptes); err != nil {
		return nil, a.c.denied(ctx, par, "utilisateurs", ID{}, err)
	}
	var list []CompteUtilisateur
	for f, err := range a.c.book.Fiches(ctx, acts.FicheUtilisateur, "") {
		if err != nil {
			return nil, err
		}
		var u CompteUtilisateur
		if err := json.Unmarshal(f.Valeur, &u); err != nil {
			return nil, fmt.Errorf("read the fiche of a user: %w", err)
		}
		u.Hash = ""
		list = append(list, u)
	}
	sortBy(list, func(u CompteUtilisateur) string { return u.Login })
	return list, nil
}

func sortBy[T any](list []T, key func(T) string) {
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}

// AddUtilisateur makes an account, active and without any right.
func (a *Comptes) AddUtilisateur(ctx context.Context, par Acteur, login, nom, password string) error {
	if err := a.c.require(ctx, par, "", DroitComptes); err != nil {
		return a.c.denied(ctx, par, "utilisateur", ID{}, err)
	}
	if login == "" || !acts.Clean(login, 64) || strings.ContainsAny(login, " :") || !acts.Clean(nom, acts.MaxNom) {
		return Codes.New("COF-310")
	}
	hash, err := a.c.hashPassword(ctx, login, password)
	if err != nil {
		return err
	}
	return a.c.changeUtilisateur(ctx, par.Nom, login, func(u *CompteUtilisateur, exists bool) error {
		if exists {
			return Codes.New("COF-311", login)
		}
		*u = CompteUtilisateur{Login: login, Nom: nom, Actif: true, Hash: hash}
		return nil
	})
}

// SetMotDePasse changes a password and lifts a lock.
func (a *Comptes) SetMotDePasse(ctx context.Context, par Acteur, login, password string) error {
	if par.Role != RoleUtilisateur || par.Nom != login {
		if err := a.c.require(ctx, par, "", DroitComptes); err != nil {
			return a.c.denied(ctx, par, "mot de passe", ID{}, err)
		}
	}
	hash, err := a.c.hashPassword(ctx, login, password)
	if err != nil {
		return err
	}
	return a.c.changeUtilisateur(ctx, par.Nom, login, func(u *CompteUtilisateur, exists bool) error {
		if !exists {
			return Codes.New("COF-312")
		}
		u.Hash = hash
		return nil
	})
}

// OpenCompte opens an account again.
func (a *Comptes) OpenCompte(ctx context.Context, par Acteur, login string) error {
	return a.c.administer(ctx, par, "", login, func(u *CompteUtilisateur) { u.Actif = true })
}

// CloseCompte closes an account: its tokens die with it.
func (a *Comptes) CloseCompte(ctx context.Context, par Acteur, login string) error {
	return a.c.administer(ctx, par, "", login, func(u *CompteUtilisateur) { u.Actif = false })
}

// Grant grants rights to a user for an employer; "*" for every employer.
func (a *Comptes) Grant(ctx context.Context, par Acteur, login, siret string, droits ...Droit) error {
	if err := knownRights(siret, droits); err != nil {
		return err
	}
	return a.c.administer(ctx, par, siret, login, func(u *CompteUtilisateur) { grant(u, siret, droits) })
}

// Revoke withdraws rights from a user for an employer.
func (a *Comptes) Revoke(ctx context.Context, par Acteur, login, siret string, droits ...Droit) error {
	if err := knownRights(siret, droits); err != nil {
		return err
	}
	return a.c.administer(ctx, par, siret, login, func(u *CompteUtilisateur) {
		left := slices.DeleteFunc(slices.Clone(u.Droits[siret]), func(d Droit) bool { return slices.Contains(droits, d) })
		if len(left) == 0 {
			delete(u.Droits, siret) // an account of none has no map
			return
		}
		u.Droits[siret] = left
	})
}

func grant(u *CompteUtilisateur, siret string, droits []Droit) {
	if u.Droits == nil {
		u.Droits = map[string][]Droit{}
	}
	var list []Droit
	for _, d := range Droits {
		if slices.Contains(u.Droits[siret], d) || slices.Contains(droits, d) {
			list = append(list, d)
		}
	}
	u.Droits[siret] = list
}

func knownRights(siret string, droits []Droit) error {
	if siret != tousEmployeurs && !identifiants.IsSIRET(siret) {
		return Codes.New("COF-201", "employeur")
	}
	for _, d := range droits {
		if !slices.Contains(Droits, d) {
			return Codes.New("COF-313", string(d))
		}
	}
	return nil
}

func (c *Coffre) administer(ctx context.Context, par Acteur, siret, login string, change func(*CompteUtilisateur)) error {
	if siret == tousEmployeurs {
		siret = ""
	}
	if err := c.require(ctx, par, siret, DroitComptes); err != nil {
		return c.denied(ctx, par, "droits", ID{}, err)
	}
	return c.changeUtilisateur(ctx, par.Nom, login, func(u *CompteUtilisateur, exists bool) error {
		if !exists {
			return Codes.New("COF-312")
		}
		change(u)
		return nil
	})
}

// MigrateDroits grants the rights of deposit and suivi for an employer whose
// option was on to the users that there are, once: those who worked with the
// module before rights existed lose nothing.
func (a *Comptes) MigrateDroits(ctx context.Context, par Acteur, siret string) (granted int, err error) {
	e, err := a.c.activeEmployer(ctx, siret)
	if err != nil {
		return 0, err
	}
	if e.DroitsMigres {
		return 0, nil
	}
	users, err := a.c.Comptes().Utilisateurs(ctx, par)
	if err != nil {
		return 0, err
	}
	for _, u := range users {
		if err := a.c.Comptes().Grant(ctx, par, u.Login, siret, DroitDepot, DroitSuivi); err != nil {
			return granted, err
		}
		granted++
	}
	return granted, a.c.Registre().SetEmployeur(ctx, par, siret, func(e *Employeur) { e.DroitsMigres = true })
}

// changeUtilisateur reads, changes and writes an account, again when another
// changed it in between.
func (c *Coffre) changeUtilisateur(ctx context.Context, par, login string, change func(u *CompteUtilisateur, exists bool) error) error {
	for range 20 {
		var u CompteUtilisateur
		f, err := c.book.ReadFiche(ctx, acts.FicheUtilisateur, login, &u)
		if err != nil {
			return err
		}
		if err := change(&u, f.Valeur != nil); err != nil {
			return err
		}
		v, err := journal.Marshal(u)
		if err != nil {
			return err
		}
		err = c.putFiche(ctx, par, Fiche{Genre: acts.FicheUtilisateur, Cle: login, Version: f.Version, Valeur: v})
		if a, ok := faults.As(err); !ok || a.Code != "COF-401" {
			return err
		}
	}
	return Codes.New("COF-403")
}
