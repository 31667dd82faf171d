package hire

import (
	"context"
	"fmt"
	"strings"

	"paye/app/build"
	"paye/compress"
	"paye/due"
	"paye/xhl"
)

// NewAgents gives the agents of a journal who have no bulletin in the one
// before: drafts, since a journal knows neither the hour nor the nature of a
// contract. An agent with several bulletins is given once.
func NewAgents(ctx context.Context, before, current string) due.Source {
	return func(yield func(due.Embauche, error) bool) {
		seen := make(map[string]bool)
		err := bulletins(ctx, before, func(b *xhl.Bulletin) bool {
			seen[b.Agent.Matricule] = true
			return true
		})
		if err != nil {
			yield(due.Embauche{}, err)
			return
		}
		err = bulletins(ctx, current, func(b *xhl.Bulletin) bool {
			a := &b.Agent
			if seen[a.Matricule] {
				return true
			}
			seen[a.Matricule] = true
			return yield(draft(a, current), nil)
		})
		if err != nil {
			yield(due.Embauche{}, err)
		}
	}
}

// draft is what a journal knows of a hire. The Nom of a journal is the used
// name; the birth name, like all that is empty here, comes from the complement.
func draft(a *xhl.Agent, journal string) due.Embauche {
	e := due.Embauche{Fichier: journal}
	e.Matricule = a.Matricule
	e.NomUsage = a.Nom.Reveal()
	e.Prenom = a.Prenom.V.Reveal()
	if nir := strings.TrimSpace(a.NIR.Reveal()); len(nir) == 15 {
		e.NIR, e.CleNIR = nir[:13], nir[13:]
	} else {
		e.NIR = nir
	}
	switch strings.ToUpper(strings.TrimSuffix(a.Civilite.V.Reveal(), ".")) {
	case "M", "MR", "MONSIEUR":
		e.Sexe = "M"
	case "MME", "MLLE", "MADAME":
		e.Sexe = "F"
	}
	e.Categorie = strings.ToLower(a.Statut)
	return e
}

// bulletins gives the bulletins of a journal to f until it returns false.
func bulletins(ctx context.Context, path string, f func(*xhl.Bulletin) bool) error {
	path, err := build.JournalAt(path)
	if err != nil {
		return err
	}
	in, err := build.OpenJournal(path, compress.Limits{})
	if err != nil {
		return err
	}
	defer in.Close()
	r, err := xhl.NewReader(in, xhl.Options{Fichier: path})
	if err != nil {
		return fmt.Errorf("read the agents of %s: %w", path, err)
	}
	for b, err := range xhl.NotEmpty(path, r.Bulletins()) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("read the agents of %s: %w", path, err)
		}
		if !f(b) {
			return nil
		}
	}
	return nil
}
