package vault

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"paye/internal/identifiants"
	"paye/vault/internal/acts"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
)

// Registre is whom the vault knows: employers with their options, agents, and
// those whose slips are printed.
type Registre struct{ c *Coffre }

// Registre gives whom the vault knows.
func (c *Coffre) Registre() *Registre { return &Registre{c} }

// Employeur is what the vault knows of an employer, and its options.
type Employeur struct {
	Siret string `json:"siret"`
	Nom   string `json:"nom"`
	Cle   []byte `json:"cle"` // public key of the double
	// CleAncienne is the key that Cle replaces, until everything is sealed to
	// Cle: see [Coffre.Rekey].
	CleAncienne []byte `json:"cle_ancienne,omitempty"`

	// Actif is the option « Bulletin de salaire au format électronique ».
	Actif bool `json:"actif"`
	// DoubleValidation asks a second person to validate each session before
	// agents see it.
	DoubleValidation bool `json:"double_validation,omitempty"`
	// Conservation of the employer's double, in years from the deposit: 5
	// (Code du travail L.3243-4), 10 by the accounting choice (Code de commerce
	// L.123-22). Nothing is destroyed by itself when it ends.
	Conservation int `json:"conservation"`
	// Sauvegardes is for how many days backups of the journal and the keys are
	// kept, at most SauvegardesMax, which 0 stands for: an erasure is complete
	// so long after it was done.
	Sauvegardes int `json:"sauvegardes,omitempty"`
	// DroitsMigres is set once the rights of the users there were at the
	// activation have been granted.
	DroitsMigres bool `json:"droits_migres,omitempty"`
}

// Employeur returns an employer, nil when the vault does not know it.
func (a *Registre) Employeur(ctx context.Context, siret string) (*Employeur, error) {
	var e Employeur
	f, err := a.c.book.ReadFiche(ctx, acts.FicheEmployeur, siret, &e)
	if err != nil || f.Valeur == nil {
		return nil, err
	}
	return &e, nil
}

// Employeurs implements [Guichet].
func (c *Coffre) Employeurs(ctx context.Context, par Acteur) (list []Employeur, err error) {
	for f, err := range c.book.Fiches(ctx, acts.FicheEmployeur, "") {
		if err != nil {
			return nil, err
		}
		var e Employeur
		if err := json.Unmarshal(f.Valeur, &e); err != nil {
			return nil, fmt.Errorf("read the fiche of an employer: %w", err)
		}
		if par.Role != RoleSysteme {
			if err := c.require(ctx, par, e.Siret, Droits...); faults.Is(err) {
				continue
			} else if err != nil {
				return nil, err
			}
		}
		list = append(list, e)
	}
	sortBy(list, func(e Employeur) string { return e.Siret })
	return list, nil
}

// AddEmployeur makes an employer, not yet active, and its key pair: the
// private half goes into keys/employeur-<siret>.cle, encrypted with phrase
// unless that is empty. An employer that is there already is no error.
func (a *Registre) AddEmployeur(ctx context.Context, par Acteur, siret, nom string, phrase []byte) error {
	if !identifiants.IsSIRET(siret) {
		return Codes.New("COF-201", "employeur")
	}
	if !acts.Clean(nom, acts.MaxNom) {
		return Codes.New("COF-201", "nom")
	}
	if err := a.c.require(ctx, par, "", DroitComptes); err != nil {
		return a.c.denied(ctx, par, "employeur", ID{}, err)
	}
	if e, err := a.c.Registre().Employeur(ctx, siret); err != nil || e != nil {
		return err
	}
	name := CleEmployeur(siret)
	dir := filepath.Join(a.c.root, keys.Dir)
	var public []byte
	if _, err := os.Lstat(filepath.Join(dir, name+".cle")); err == nil {
		// An interruption left the key file before the fiche.
		seed, err := keys.Read(filepath.Join(dir, name+".cle"), name, a.c.opts.Phrase)
		if err != nil {
			return err
		}
		pair, err := keys.PairFrom(seed)
		if err != nil {
			return err
		}
		public = pair.PublicKey().Bytes()
	} else {
		seed, pair, err := keys.NewPair(a.c.opts.Random)
		if err != nil {
			return err
		}
		public = pair.PublicKey().Bytes()
		if err := keys.Write(dir, name, seed, phrase, 0); err != nil {
			return err
		}
	}
	return a.c.putEmployeur(ctx, par, Employeur{Siret: siret, Nom: nom, Cle: public, Conservation: ConservationPaie, Sauvegardes: SauvegardesMax}, 0)
}

func (c *Coffre) putEmployeur(ctx context.Context, par Acteur, e Employeur, version int64) error {
	v, err := journal.Marshal(e)
	if err != nil {
		return err
	}
	return c.putFiche(ctx, par.Nom, Fiche{Genre: acts.FicheEmployeur, Cle: e.Siret, Employeur: e.Siret, Version: version, Valeur: v})
}

// SetEmployeur changes the options of an employer. change MUST NOT touch Siret
// or the keys.
func (a *Registre) SetEmployeur(ctx context.Context, par Acteur, siret string, change func(*Employeur)) error {
	if err := a.c.require(ctx, par, siret, DroitComptes); err != nil {
		return a.c.denied(ctx, par, "employeur", ID{}, err)
	}
	var e Employeur
	f, err := a.c.book.ReadFiche(ctx, acts.FicheEmployeur, siret, &e)
	if err != nil {
		return err
	}
	if f.Valeur == nil {
		return Codes.New("COF-301", siret)
	}
	before := e
	change(&e)
	e.Siret, e.Cle, e.CleAncienne = before.Siret, before.Cle, before.CleAncienne
	if e.Conservation < ConservationPaie {
		return Codes.New("COF-307", ConservationPaie)
	}
	if e.Sauvegardes < 0 || e.Sauvegardes > SauvegardesMax {
		return Codes.New("COF-308", SauvegardesMax)
	}
	return a.c.putEmployeur(ctx, par, e, f.Version)
}

// activeEmployer returns an employer for whom deposits are on.
func (c *Coffre) activeEmployer(ctx context.Context, siret string) (*Employeur, error) {
	e, err := c.Registre().Employeur(ctx, siret)
	switch {
	case err != nil:
		return nil, err
	case e == nil:
		return nil, Codes.New("COF-301", siret)
	case !e.Actif:
		return nil, Codes.New("COF-302", siret)
	}
	return e, nil
}

// Etat is how an action of the vault shows to a user.
type Etat uint8

const (
	Absente Etat = iota // not shown
	Grisee              // shown, cannot be used
	Active
)

// Actions says how the actions Dépôt and Suivi show to a user for an employer:
// absent without the module (the vault does not know the employer) or without
// the right, greyed without the option, active otherwise.
func (a *Comptes) Actions(ctx context.Context, par Acteur, siret string) (depot, suivi Etat, err error) {
	e, err := a.c.Registre().Employeur(ctx, siret)
	if err != nil {
		return Absente, Absente, err
	}
	can := func(d Droit) (bool, error) {
		err := a.c.require(ctx, par, siret, d)
		if faults.Is(err) {
			return false, nil
		}
		return err == nil, err
	}
	mayDepot, err := can(DroitDepot)
	if err != nil {
		return Absente, Absente, err
	}
	maySuivi, err := can(DroitSuivi)
	if err != nil {
		return Absente, Absente, err
	}
	return state(e != nil, e != nil && e.Actif, mayDepot), state(e != nil, e != nil && e.Actif, maySuivi), nil
}

// state is the table module × option × right of the product.
func state(module, option, droit bool) Etat {
	switch {
	case !module || !droit:
		return Absente
	case !option:
		return Grisee
	}
	return Active
}

// JoursSauvegardes is for how many days they are kept, 30 unless the employer said
// less.
func (e *Employeur) JoursSauvegardes() int {
	if e.Sauvegardes == 0 {
		return SauvegardesMax
	}
	return e.Sauvegardes
}
