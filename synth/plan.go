package synth

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// LignePlan is a line of plan.csv: how many times a second month has an
// édition, and for how many of them the piece is attached.
type LignePlan struct {
	Edition string
	Nombre  int
	Jointes int
	Valeur  string // of a general édition: the factor of the point, the points, the rate
}

// Plan is what a second month changes.
type Plan []LignePlan

// planDefaut is the default plan for a thousand bulletins.
var planDefaut = Plan{
	{Edition: "entrant_contrat", Nombre: 6, Jointes: 4}, {Edition: "entrant_nomination", Nombre: 4, Jointes: 3},
	{Edition: "rematricule", Nombre: 1}, {Edition: "second_contrat", Nombre: 1, Jointes: 1}, {Edition: "etablissement", Nombre: 1},
	{Edition: "sortant", Nombre: 10, Jointes: 8},
	{Edition: "echelon", Nombre: 25, Jointes: 20}, {Edition: "grade", Nombre: 3, Jointes: 2}, {Edition: "indice", Nombre: 2, Jointes: 2},
	{Edition: "nbi_donnee", Nombre: 2, Jointes: 1}, {Edition: "nbi_retiree", Nombre: 2, Jointes: 1},
	{Edition: "quotite_80", Nombre: 2, Jointes: 2}, {Edition: "quotite_50", Nombre: 1, Jointes: 1}, {Edition: "quotite_100", Nombre: 2, Jointes: 1},
	{Edition: "quotite_fausse", Nombre: 1, Jointes: 1},
	{Edition: "enfant", Nombre: 4, Jointes: 3}, {Edition: "enfant_sans_sft", Nombre: 1}, {Edition: "sft_sans_enfant", Nombre: 1},
	{Edition: "ifse", Nombre: 10, Jointes: 6}, {Edition: "ifse_collective", Nombre: 30, Jointes: 30}, {Edition: "cia", Nombre: 40, Jointes: 34},
	{Edition: "heures", Nombre: 30}, {Edition: "heures_plafond", Nombre: 2, Jointes: 1}, {Edition: "heures_total", Nombre: 1},
	{Edition: "heures_base", Nombre: 3}, {Edition: "heures_taux", Nombre: 1}, {Edition: "heures_compl", Nombre: 5},
	{Edition: "astreinte", Nombre: 4, Jointes: 3}, {Edition: "vacation", Nombre: 10, Jointes: 6}, {Edition: "elu", Nombre: 2, Jointes: 1},
	{Edition: "demi_traitement", Nombre: 4, Jointes: 3}, {Edition: "conge_parental", Nombre: 2, Jointes: 1},
	{Edition: "rappel_periode", Nombre: 15, Jointes: 10}, {Edition: "rappel", Nombre: 3, Jointes: 2}, {Edition: "trop_percu", Nombre: 2, Jointes: 2}, {Edition: "acompte", Nombre: 3},
	{Edition: "saisie", Nombre: 8}, {Edition: "mutuelle", Nombre: 8}, {Edition: "pas", Nombre: 8}, {Edition: "rib", Nombre: 8}, {Edition: "adresse", Nombre: 8},
	{Edition: "transport", Nombre: 3, Jointes: 2}, {Edition: "avantage", Nombre: 2, Jointes: 1}, {Edition: "chomage", Nombre: 2, Jointes: 1},
	{Edition: "conges_payes", Nombre: 3, Jointes: 1}, {Edition: "capital_deces", Nombre: 1, Jointes: 1},
	{Edition: "net_negatif", Nombre: 1}, {Edition: "doublon", Nombre: 1}, {Edition: "code_deux_fois", Nombre: 1}, {Edition: "totaux", Nombre: 1},
	{Edition: "relibellee", Nombre: 1}, {Edition: "renumerotee", Nombre: 1},
}

// DefaultPlan is the plan of a book of n bulletins: that of a thousand, in
// proportion.
func DefaultPlan(n int) Plan {
	scale := func(k int) int { return (k*n + 500) / 1000 }
	p := make(Plan, len(planDefaut))
	for i, l := range planDefaut {
		p[i] = l
		p[i].Nombre, p[i].Jointes = scale(l.Nombre), min(scale(l.Jointes), scale(l.Nombre))
	}
	return p
}

// With adds lines to a plan.
func (p Plan) With(lines ...LignePlan) Plan { return append(append(Plan(nil), p...), lines...) }

// Le général: éditions of every agent, by their names.
const (
	EditionPoint  = "point"  // Valeur: factor, "1,015"; Nombre agents do not follow
	EditionPoints = "points" // Valeur: points added to every index
	EditionBandes = "bandes" // points by band of index
	EditionTaux   = "taux"   // Valeur: rate of the CNRACL of the employer, "37,65"
)

// ReadPlan reads a plan.csv: edition;nombre;jointes;valeur.
func ReadPlan(r io.Reader) (Plan, error) {
	cr := csv.NewReader(r)
	cr.Comma, cr.FieldsPerRecord = ';', -1
	rows, err := cr.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%w: read plan: %w", ErrOptions, err)
	}
	var p Plan
	for i, row := range rows {
		if i == 0 && len(row) > 0 && strings.EqualFold(strings.TrimPrefix(row[0], "\ufeff"), "edition") {
			continue
		}
		for len(row) < 4 {
			row = append(row, "")
		}
		l := LignePlan{Edition: strings.TrimSpace(row[0]), Valeur: strings.TrimSpace(row[3])}
		if l.Nombre, err = entier(row[1]); err == nil {
			l.Jointes, err = entier(row[2])
		}
		if _, known := editions[l.Edition]; err == nil && !known && !deTous(l.Edition) {
			err = fmt.Errorf("edition %q is unknown", l.Edition)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: plan, line %d: %w", ErrOptions, i+1, err)
		}
		p = append(p, l)
	}
	return p, nil
}

func deTous(edition string) bool {
	switch edition {
	case EditionPoint, EditionPoints, EditionBandes, EditionTaux:
		return true
	}
	return false
}

func entier(s string) (int, error) {
	if s = strings.TrimSpace(s); s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err == nil && (n < 0 || n > MaxBulletins) {
		err = fmt.Errorf("%d is out of bounds", n)
	}
	return n, err
}

// decimal reads "1,015" as a number of 10^-places.
func decimal(s string, places int) (int64, error) {
	whole, frac, _ := strings.Cut(strings.Replace(s, ".", ",", 1), ",")
	if len(frac) > places {
		return 0, fmt.Errorf("%q has more than %d decimals", s, places)
	}
	return strconv.ParseInt(whole+frac+strings.Repeat("0", places-len(frac)), 10, 64)
}
