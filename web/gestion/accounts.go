package gestion

import (
	"context"
	"errors"
	"slices"

	"paye/internal/anomalie"
	"paye/internal/server"
	"paye/vault"
	"paye/web/ui"
)

// accounts lets the users of the vault in.
type accounts struct{ v *vault.Coffre }

// Authenticate implements ui.Accounts.
func (a accounts) Authenticate(ctx context.Context, login, password string) (string, error) {
	who, err := a.v.Comptes().Authenticate(ctx, vault.Provenance{Source: server.Source(ctx)}, login, password)
	return who.Nom, err
}

// Open implements ui.Accounts.
func (a accounts) Open(ctx context.Context, login string) (bool, error) {
	u, err := a.v.Comptes().Compte(ctx, vault.Utilisateur(login))
	return u != nil && u.Actif, err
}

// store keeps profiles as fiches of the vault: encrypted, with their history in
// its journal.
type store struct{ v *vault.Coffre }

// systeme writes what pages keep of accounts.
var systeme = vault.Systeme("console")

// Get implements ui.Store.
func (s store) Get(ctx context.Context, kind, key string) ([]byte, int64, error) {
	f, err := s.v.Fiches().Get(ctx, kind, key)
	return f.Valeur, f.Version, err
}

// Put implements ui.Store.
func (s store) Put(ctx context.Context, kind, key string, value []byte, version int64) error {
	err := s.v.Fiches().Put(ctx, systeme, vault.Fiche{Genre: kind, Cle: key, Version: version, Valeur: value})
	var a *anomalie.Anomalie
	if errors.As(err, &a) && a.Code == conflict {
		return ui.ErrConflict
	}
	return err
}

// conflict is the code of a fiche that another wrote meanwhile.
const conflict = "COF-401"

// rights are those of who is signed in.
type rights struct{ u *vault.CompteUtilisateur }

func (c *Console) rights(call *ui.Call) (rights, error) {
	u, err := c.o.Coffre.Comptes().Compte(call.Context(), par(call))
	return rights{u}, err
}

// any reports whether one of the rights is held over an employer, or over any
// when siret is empty.
func (r rights) any(siret string, list ...vault.Droit) bool {
	if r.u == nil || !r.u.Actif {
		return false
	}
	for over, held := range r.u.Droits {
		if siret != "" && over != siret && over != everywhere {
			continue
		}
		for _, d := range list {
			if slices.Contains(held, d) {
				return true
			}
		}
	}
	return false
}

// everywhere stands for every employer.
const everywhere = "*"

// overAll reports whether a right is held over every employer.
func (r rights) overAll(d vault.Droit) bool {
	return r.u != nil && r.u.Actif && slices.Contains(r.u.Droits[everywhere], d)
}

// employers are those over which one of the rights is held.
func (c *Console) employers(call *ui.Call, r rights, list ...vault.Droit) ([]vault.Employeur, error) {
	all, err := c.o.Coffre.Employeurs(call.Context(), systeme)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(e vault.Employeur) bool { return !r.any(e.Siret, list...) }), nil
}

// employer is the one of the address, for who holds one of the rights over it;
// else it does not exist.
func (c *Console) employer(call *ui.Call, siret string, list ...vault.Droit) (*vault.Employeur, error) {
	r, err := c.rights(call)
	if err != nil {
		return nil, err
	}
	e, err := c.o.Coffre.Registre().Employeur(call.Context(), siret)
	if err != nil {
		return nil, err
	}
	if e == nil || !r.any(siret, list...) {
		return nil, ui.ErrNotFound
	}
	return e, nil
}
