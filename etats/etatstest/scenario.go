package etatstest

import (
	"fmt"

	"paye/synth"
)

// Scenario is a pair of months.
type Scenario struct {
	Name      string
	Bulletins int
	Plan      func(n int) synth.Plan // nil: the second month changes nothing
	Disguise  bool                   // of another editor: masked NIR, no accounts, short labels, NBI in the traitement, hours in Base
	Parts     int                    // volumes of the second month; 1 when 0
	Trains    bool                   // the second month comes in two trains, as the first does
	Permuted  bool                   // the bulletins of each établissement come in reverse
	Profil    synth.Profil
}

func planned(lines ...synth.LignePlan) func(int) synth.Plan {
	return func(n int) synth.Plan { return synth.DefaultPlan(n).With(lines...) }
}

var (
	point  = synth.LignePlan{Edition: synth.EditionPoint, Valeur: "1,015", Nombre: 4}
	points = synth.LignePlan{Edition: synth.EditionPoints, Valeur: "5"}
	bandes = synth.LignePlan{Edition: synth.EditionBandes}
	taux   = synth.LignePlan{Edition: synth.EditionTaux, Valeur: "40,650"}
)

// Scenarios are those of a book of n bulletins, the large one excepted.
func Scenarios(n int) []Scenario {
	return []Scenario{
		{Name: "S0 null", Bulletins: n},
		{Name: "S1 plan", Bulletins: n, Plan: planned()},
		{Name: "S2 point", Bulletins: n, Plan: planned(point)},
		{Name: "S3 points", Bulletins: n, Plan: planned(points)},
		{Name: "S4 point and bands", Bulletins: n, Plan: planned(point, bandes)},
		{Name: "S5 rate", Bulletins: n, Plan: planned(taux)},
		{Name: "S6 disguised", Bulletins: n, Plan: planned(point), Disguise: true},
		{Name: "S7 volumes", Bulletins: n, Plan: planned(point), Parts: 3},
		{Name: "S7 trains", Bulletins: n, Plan: planned(point), Parts: 2, Trains: true},
		{Name: "S9 small", Bulletins: 20, Plan: planned()},
	}
}

// options are those of the first month of a scenario.
func (s *Scenario) options(seed uint64) synth.Options {
	return synth.Options{Bulletins: s.Bulletins, Seed: seed, Profil: s.Profil}
}

// Runs makes both months.
func (s *Scenario) Runs(seed uint64) (before, after *synth.Run, err error) {
	if before, err = synth.Generate(s.options(seed)); err != nil {
		return nil, nil, fmt.Errorf("make the first month: %w", err)
	}
	var plan synth.Plan
	if s.Plan != nil {
		plan = s.Plan(s.Bulletins)
		for i := range plan {
			if s.Disguise && plan[i].Edition == "rematricule" {
				plan[i].Nombre = 0 // nothing tells it when the NIR are masked
			}
		}
	}
	if after, err = synth.After(s.options(seed), plan); err != nil {
		return nil, nil, fmt.Errorf("make the second month: %w", err)
	}
	return before, after, nil
}
