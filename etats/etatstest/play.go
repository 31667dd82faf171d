package etatstest

import (
	"bytes"
	"context"
	"fmt"

	"paye/etats"
	"paye/synth"
	"paye/xhl"
)

// Result is a comparison and its score.
type Result struct {
	Comparaison *etats.Comparaison
	Score       Score
}

// Play makes the months of a scenario and compares them; with given, the true
// class of every rubrique is.
func (s *Scenario) Play(ctx context.Context, seed uint64, given bool) (*Result, error) {
	before, after, err := s.Runs(seed)
	if err != nil {
		return nil, err
	}
	lex := etats.NewLexique()
	avant, err := s.month(lex, before)
	if err != nil {
		return nil, err
	}
	apres, err := s.month(lex, after)
	if err != nil {
		return nil, err
	}
	var o etats.Options
	if given {
		o.Rubriques = Truth(before, after)
	}
	var index bytes.Buffer
	if err := after.WriteJustificatifs(&index, new(synth.Progress)); err != nil {
		return nil, err
	}
	if o.Justificatifs, err = etats.ReadJustificatifs(&index, synth.FichierIndex, nil); err != nil {
		return nil, err
	}
	c, err := etats.Compare(ctx, avant, apres, o)
	if err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	return &Result{c, score(c, after.Attendus())}, nil
}

// month reads a run as a journal, or as the volumes and trains of one.
func (s *Scenario) month(lex *etats.Lexique, r *synth.Run) (*etats.Mois, error) {
	head := *r.Entete()
	parts := max(s.Parts, 1)
	if s.Trains {
		head.Train = xhl.Some("PAYE-1")
	}
	m := lex.NewMois(&head)
	nomenclatures := r.Nomenclatures()
	if s.Disguise {
		nomenclatures = disguised(nomenclatures)
	}
	m.Nomenclatures(nomenclatures)
	var b xhl.Bulletin
	for part := range parts {
		if s.Trains && part > 0 {
			head.Train = xhl.Some("PAYE-2")
		}
		m.Join(&head)
		releve := m.NewReleve(&head)
		lot := releve.Begin(r.Len())
		for _, g := range r.Groupes() {
			for n := range g.Fin - g.Debut {
				i := g.Debut + n
				if s.Permuted {
					i = g.Fin - 1 - n
				}
				if i*parts/r.Len() != part {
					continue
				}
				r.Bulletin(i, &b)
				if s.Disguise {
					disguise(&b)
				}
				b.Lieu.Rang = i
				if err := releve.Add(lot, &b, g.Etablissement); err != nil {
					return nil, err
				}
			}
		}
		releve.End(lot)
		m.Append(lot)
	}
	return m, nil
}
