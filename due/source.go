package due

import (
	"context"
	"iter"
	"slices"

	"paye/internal/anomalie"
)

// Source gives hires one at a time: the lines of a CSV, the new agents of a
// journal, the sheets of an HR synchronisation. An *anomalie.Anomalie in the
// place of the error says that one hire could not be read, and the source
// goes on; any other error ends it.
type Source = iter.Seq2[Embauche, error]

// Selection says which hires are asked for: those of a period or those of a
// section, never both; or the hires of a list; the zero Selection is all.
type Selection struct {
	Debut, Fin Date   // start of the contract, both included
	Section    string // organisational unit
	Contrats   []string
}

// Check returns an anomaly when the selection does not hold together.
func (s Selection) Check() error {
	period := !s.Debut.IsZero() || !s.Fin.IsZero()
	switch {
	case period && s.Section != "", period && len(s.Contrats) > 0, s.Section != "" && len(s.Contrats) > 0:
		return Codes.New("DUE-110")
	case period && (s.Debut.IsZero() || s.Fin.IsZero() || s.Fin.Compare(s.Debut) < 0):
		return Codes.New("DUE-111")
	}
	return nil
}

// Contains reports whether e is asked for. A start date that cannot be read
// is in every period, so that it is reported and not left out.
func (s Selection) Contains(e *Embauche) bool {
	switch {
	case s.Section != "":
		return e.Section == s.Section
	case len(s.Contrats) > 0:
		return slices.Contains(s.Contrats, e.Numero)
	case !s.Debut.IsZero():
		d, ok := ParseDate(e.DateDebut)
		return !ok || d.Compare(s.Debut) >= 0 && d.Compare(s.Fin) <= 0
	}
	return true
}

// Complete gives the hires of base with their empty fields filled from the
// line of the same matricule in complement. A journal knows the names and the
// NIR of a new agent but neither the hour nor the nature of the contract: this
// is how the payroll office adds them. Complement is read first, whole.
func Complete(ctx context.Context, base, complement Source) Source {
	return func(yield func(Embauche, error) bool) {
		known := make(map[string]Embauche)
		for e, err := range complement {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				if !yield(Embauche{}, err) || anomalie.As(err) == nil {
					return
				}
				continue
			}
			if _, twice := known[e.Matricule]; twice {
				a := Codes.New("DUE-112").At(e.Fichier, -1, e.Ligne)
				a.Matricule = e.Matricule
				if !yield(Embauche{}, a) {
					return
				}
				continue
			}
			known[e.Matricule] = e
		}
		for e, err := range base {
			if err == nil {
				if more, ok := known[e.Matricule]; ok {
					fill(&e, &more)
				}
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func fill(e, more *Embauche) {
	for _, c := range colonnes {
		if v := c.de(e); *v == "" {
			*v = *c.de(more)
		}
	}
}
