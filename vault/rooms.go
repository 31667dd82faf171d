package vault

import (
	"context"
	"iter"

	"paye/vault/internal/acts"
)

// Comptes are the accounts of the payroll office: who they are, their rights,
// and how they prove it.
type Comptes struct{ c *Coffre }

// Comptes gives the accounts of the vault.
func (c *Coffre) Comptes() *Comptes { return &Comptes{c} }

// Registre is whom the vault knows: employers with their options, agents, and
// those whose slips are printed.
type Registre struct{ c *Coffre }

// Registre gives whom the vault knows.
func (c *Coffre) Registre() *Registre { return &Registre{c} }

// Upkeep is what the operator of the machine does now and then.
type Upkeep struct{ c *Coffre }

// Upkeep gives what the operator does.
func (c *Coffre) Upkeep() *Upkeep { return &Upkeep{c} }

// Fiches are the small records that a portal keeps in the vault. Those that the
// vault keeps for itself are refused (COF-402).
type Fiches struct{ c *Coffre }

// Fiches gives the records of a portal.
func (c *Coffre) Fiches() *Fiches { return &Fiches{c} }

// reserved kinds are written and read through their own methods only.
var reserved = map[string]bool{acts.FicheEmployeur: true, acts.FicheUtilisateur: true, acts.FichePapier: true, acts.FicheVersement: true, acts.FicheCle: true}

func free(genre string) error {
	if reserved[genre] || genre == "" {
		return Codes.New("COF-402", genre)
	}
	return nil
}

// Put writes the next version of a fiche. It is refused (COF-401) unless
// f.Version is the version that is stored: read again and try again.
func (a *Fiches) Put(ctx context.Context, par Acteur, f Fiche) error {
	if err := free(f.Genre); err != nil {
		return err
	}
	return a.c.putFiche(ctx, par.Nom, f)
}

// Get reads the last version of a fiche; its Version is 0 and its Valeur nil
// when there is none.
func (a *Fiches) Get(ctx context.Context, genre, cle string) (Fiche, error) {
	if err := free(genre); err != nil {
		return Fiche{}, err
	}
	return a.c.book.Fiche(ctx, genre, cle)
}

// All gives the fiches of a kind that were not removed, newest change first;
// employeur empty for all.
func (a *Fiches) All(ctx context.Context, genre, employeur string) iter.Seq2[Fiche, error] {
	return func(yield func(Fiche, error) bool) {
		if err := free(genre); err != nil {
			yield(Fiche{}, err)
			return
		}
		for f, err := range a.c.book.Fiches(ctx, genre, employeur) {
			if !yield(f, err) || err != nil {
				return
			}
		}
	}
}
