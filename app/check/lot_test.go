package check

import (
	"slices"
	"strings"
	"testing"
)

func TestRulesOfASet(t *testing.T) {
	un := paie{agents: []agent{{"A1", 1000, nil}, {"A2", 1100, nil}}, repartition: "3300"}
	deux := paie{agents: []agent{{"A3", 1200, nil}}, sansRepartition: true}
	change := func(p paie, f func(*paie)) string { f(&p); return p.String() }
	for name, tc := range map[string]struct {
		first, second string
		want          []string
	}{
		"a sound set":             {un.String(), deux.String(), nil},
		"another employer":        {un.String(), change(deux, func(p *paie) { p.siret = "21967564200017" }), []string{AutreEmployeur}},
		"another month":           {un.String(), change(deux, func(p *paie) { p.mois = "06" }), []string{AutrePeriode}},
		"the month without its 0": {un.String(), change(deux, func(p *paie) { p.mois = "5" }), nil},
		"another train":           {un.String(), change(deux, func(p *paie) { p.train = "2" }), []string{AutreTrain, AutreNomenclature}},
		"other nomenclatures":     {un.String(), change(deux, func(p *paie) { p.libelle = "AUTRE" }), []string{AutreNomenclature}},
		"another budget":          {un.String(), strings.Replace(deux.String(), "<Employeur>", `<Budget><Libelle V="EAU"/><Code V="01"/></Budget><Employeur>`, 1), []string{AutreBudget}},
		"another IdVer":           {un.String(), strings.Replace(deux.String(), `IdVer V="1.1"`, `IdVer V="1.2"`, 1), []string{AutreIdVer}},
		"another name":            {un.String(), strings.Replace(deux.String(), `"COMMUNE"`, `"VILLE"`, 1), []string{AutreEntete}},
		"a bulletin twice": {change(un, func(p *paie) { p.repartition = "3100" }), change(deux, func(p *paie) { p.agents = []agent{{"A1", 1000, nil}} }),
			[]string{BulletinDouble}},
		"a matricule twice": {un.String(), change(deux, func(p *paie) { p.agents = []agent{{"A1", 1200, nil}} }), []string{MatriculeDouble}},
		"the whole répartition twice": {un.String(), change(deux, func(p *paie) { p.sansRepartition, p.repartition = false, "3300" }),
			[]string{RepartitionAutre, "XHL-207"}},
		"subtotals": {change(un, func(p *paie) { p.repartition = "" }), change(deux, func(p *paie) { p.sansRepartition = false }),
			[]string{SousTotaux, "XHL-207"}},
		"subtotals that do not add up": {change(un, func(p *paie) { p.repartition = "" }), change(deux, func(p *paie) { p.sansRepartition, p.repartition = false, "1" }),
			[]string{SousTotaux, "XHL-202", "XHL-207"}},
		"a total that is not that of the lines": {change(un, func(p *paie) { p.repartition = "2100" }), deux.String(), []string{"XHL-202"}},
		"the répartition in the second only":    {change(un, func(p *paie) { p.sansRepartition = true }), change(deux, func(p *paie) { p.sansRepartition = false }), []string{RepartitionAutre, "XHL-116", "XHL-207"}},
		"the répartition nowhere":               {change(un, func(p *paie) { p.sansRepartition = true }), deux.String(), []string{"XHL-116"}},
		"a second that is not valid as a part":  {un.String(), change(deux, func(p *paie) { p.mois = "13" }), []string{AutrePeriode, "XHL-141"}},
		"a second that was cut short":           {un.String(), deux.String()[:900], []string{"XHL-001"}},
		"a head alone before the first":         {paie{enteteSeule: true}.String(), change(un, func(p *paie) { p.repartition = "" }), nil},
		"the same bulletins in the other order": {un.String(), change(deux, func(p *paie) { p.agents = []agent{{"A4", 200, nil}, {"A3", 1000, nil}} }), nil},
		"a total of nothing":                    {change(un, func(p *paie) { p.repartition = "0" }), deux.String(), []string{"XHL-202"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := check(t, write(t, map[string]string{"paye-1.xhl": tc.first, "paye-2.xhl": tc.second}), Options{})
			got := slices.DeleteFunc(graves(r), func(code string) bool { return code == "XHL-214" || code == "XHL-215" })
			slices.Sort(tc.want)
			if !slices.Equal(got, tc.want) {
				t.Errorf("codes %v, want %v", got, tc.want)
			}
		})
	}
}
