package etatstest

import (
	"fmt"
	"strconv"

	"paye/etats"
	"paye/synth"
)

// Score is what was found against what was planted.
type Score struct {
	Planted, Found, Matched int
	CoverageRight           int
	MissingRight            bool // the rows whose piece is missing are exactly those planted so
	GeneralRight            bool // one row a general cause, with the agents that it reached
	Lost, Extra, Wrong      []string
}

// Recall is the share of what was planted that was found, in per mille.
func (s *Score) Recall() int { return permille(s.Matched, s.Planted) }

// Precision is the share of what was found that was planted, in per mille.
func (s *Score) Precision() int { return permille(s.Matched, s.Found) }

// Coverage is the share of what was matched whose coverage is right.
func (s *Score) Coverage() int { return permille(s.CoverageRight, s.Matched) }

func permille(n, of int) int {
	if of == 0 {
		return 1000
	}
	return n * 1000 / of
}

// Add adds another score.
func (s *Score) Add(o *Score) {
	s.Planted += o.Planted
	s.Found += o.Found
	s.Matched += o.Matched
	s.CoverageRight += o.CoverageRight
	s.MissingRight = s.MissingRight && o.MissingRight
	s.GeneralRight = s.GeneralRight && o.GeneralRight
}

type key struct{ matricule, typ, what string }

// score matches rows by matricule, type and code or field. Consequences are not
// rows; remarks of the file are.
func score(c *etats.Comparaison, planted []synth.Attendu) Score {
	s := Score{Planted: len(planted), Found: len(c.Variations), MissingRight: true, GeneralRight: true}
	left := make(map[key][]*etats.Variation)
	for i := range c.Variations {
		v := &c.Variations[i]
		what := v.Code
		if what == "" {
			what = v.Champ
		}
		k := key{v.Matricule, string(v.Type), what}
		left[k] = append(left[k], v)
	}
	generales := 0
	for i := range planted {
		a := &planted[i]
		what := a.Code
		if what == "" {
			what = a.Champ
		}
		k := key{a.Matricule, a.Type, what}
		if len(left[k]) == 0 {
			s.Lost = append(s.Lost, fmt.Sprint(k, a.Mot))
			s.MissingRight = s.MissingRight && a.Couverture != "manquante"
			continue
		}
		v := left[k][0]
		left[k] = left[k][1:]
		s.Matched++
		if v.Couverture.String() == a.Couverture {
			s.CoverageRight++
		} else {
			s.Wrong = append(s.Wrong, fmt.Sprint(k, a.Mot, ": ", v.Couverture, ", planted ", a.Couverture))
			s.MissingRight = s.MissingRight && a.Couverture != "manquante" && v.Couverture != etats.Manquante
		}
		if a.Type == string(etats.TypeGenerale) {
			generales++
			s.general(c, a)
		}
	}
	if generales != len(c.Generales) {
		s.GeneralRight = false
		s.Wrong = append(s.Wrong, fmt.Sprintf("%d general causes, %d planted", len(c.Generales), generales))
	}
	for k, list := range left {
		for _, v := range list {
			s.Extra = append(s.Extra, fmt.Sprint(k, v.Libelle, " ", v.Avant, " → ", v.Apres))
			s.MissingRight = s.MissingRight && v.Couverture != etats.Manquante
		}
	}
	return s
}

// general holds the agents of a general cause against those planted.
func (s *Score) general(c *etats.Comparaison, a *synth.Attendu) {
	want, err := strconv.Atoi(a.Mot)
	if err != nil {
		return
	}
	for i := range c.Generales {
		if g := &c.Generales[i]; g.Champ == a.Champ && g.Agents != want {
			s.GeneralRight = false
			s.Wrong = append(s.Wrong, fmt.Sprintf("%s moved %d agents, planted %d", g.Champ, g.Agents, want))
		}
	}
}
