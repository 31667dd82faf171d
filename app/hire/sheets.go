package hire

import (
	"context"
	"strings"

	"paye/due"
	"paye/internal/anomalie"
)

// Sheet is a contract that an HR tool shows, and what became of its declaration.
type Sheet struct {
	due.Embauche
	Etat     due.Etat // empty where none is known
	Declared bool     // nothing is left to do
}

// Sheets gives the contracts of src that this employer declares: those of his
// établissement. How many of others were left out is counted; who answers for
// those declares them.
func (b *Bureau) Sheets(ctx context.Context, src due.Source) (list []Sheet, elsewhere int, err error) {
	known, err := b.Registre.List(ctx)
	if err != nil {
		return nil, 0, err
	}
	suivis := make(map[string]due.Suivi, len(known))
	for _, s := range known {
		suivis[s.Contrat] = s
	}
	for e, err := range src {
		switch {
		case err != nil:
			return nil, 0, err
		case !b.declares(&e):
			elsewhere++
		default:
			s := suivis[e.Numero]
			list = append(list, Sheet{e, s.Etat, s.Declared()})
		}
	}
	return list, elsewhere, nil
}

// declares reports whether a contract of an HR tool is of this établissement.
func (b *Bureau) declares(e *due.Embauche) bool {
	return strings.ReplaceAll(e.Section, " ", "") == b.Dossier.Employeur.SIRET
}

// Terms are what the sheet of an HR tool does not say of a contract, as they are
// typed: the check judges them.
type Terms struct {
	Heure  string `json:"heure"`
	Nature string `json:"nature"`
	Essai  string `json:"essai"`
}

// Chosen gives the contracts of src that have terms, by number, completed by them.
func (b *Bureau) Chosen(src due.Source, terms map[string]Terms) due.Source {
	return func(yield func(due.Embauche, error) bool) {
		for e, err := range src {
			t, wanted := terms[e.Numero]
			if err == nil && (!wanted || !b.declares(&e)) {
				continue
			}
			if err == nil {
				e.HeureDebut, e.Nature, e.EssaiJours = t.Heure, t.Nature, t.Essai
			}
			if !yield(e, err) || err != nil && anomalie.As(err) == nil {
				return
			}
		}
	}
}
