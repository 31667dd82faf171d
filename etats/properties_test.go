package etats_test

import (
	"context"
	"strings"
	"testing"

	"paye/internal/anomalie/anomalietest"

	"github.com/google/go-cmp/cmp"

	"paye/etats"
	"paye/etats/etatstest"
	"paye/synth"
	"paye/xhl"
)

// rows are the variations of a scenario as text, one a line.
func rows(t *testing.T, s etatstest.Scenario) string {
	t.Helper()
	r, err := s.Play(context.Background(), 2, false)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range r.Comparaison.Variations {
		v := &r.Comparaison.Variations[i]
		b.WriteString(strings.Join([]string{v.Matricule, string(v.Type), v.Champ, v.Code, v.Avant.String(), v.Apres.String(), v.Delta.Reveal(), v.Couverture.String(), v.IdUnique}, ";") + "\n")
	}
	return b.String()
}

func TestRowsDoNotDependOnTheOrderOrTheVolumes(t *testing.T) {
	base := etatstest.Scenarios(400)[2]
	want := rows(t, base)
	permuted, cut := base, base
	permuted.Permuted = true
	cut.Parts = 5
	for name, s := range map[string]etatstest.Scenario{"permuted": permuted, "volumes": cut} {
		if diff := cmp.Diff(want, rows(t, s)); diff != "" {
			t.Errorf("%s (-base +other):\n%s", name, diff)
		}
	}
}

// month is a month of the given bulletins.
func month(t *testing.T, lex *etats.Lexique, mois string, list ...xhl.Bulletin) *etats.Mois {
	t.Helper()
	e := &xhl.Entete{IdVer: "1.4", Annee: "2026", Mois: mois, Employeur: xhl.Employeur{Siret: "21966647600011", APE: "8411Z"}}
	m := lex.NewMois(e)
	r := m.NewReleve(e)
	lot := r.Begin(len(list))
	for i := range list {
		if err := r.Add(lot, &list[i], nil); err != nil {
			t.Fatal(err)
		}
	}
	r.End(lot)
	m.Append(lot)
	return m
}

func bulletin(matricule string, lines ...xhl.LigneP) xhl.Bulletin {
	b := xhl.Bulletin{Agent: xhl.Agent{Matricule: matricule, Statut: "TITULAIRE"}, QuotiteTrav: "100"}
	b.Remuneration.Lignes = lines
	return b
}

func TestOneBulletinIsComparedAndNoneIsRefused(t *testing.T) {
	lex := etats.NewLexique()
	prime := xhl.LigneP{Nature: xhl.Indemnite, Code: "P", Libelle: "PRIME", Mt: "10.00"}
	c, err := etats.Compare(context.Background(), month(t, lex, "5", bulletin("1")), month(t, lex, "6", bulletin("1", prime)), etats.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Variations) == 0 || c.Variations[0].Type == "" {
		t.Errorf("one bulletin gives %d rows", len(c.Variations))
	}
	_, err = etats.Compare(context.Background(), month(t, lex, "5"), month(t, lex, "6", bulletin("1")), etats.Options{})
	wantCode(t, err, etats.SansBulletin)
	_, err = etats.Compare(context.Background(), month(t, lex, "6", bulletin("1")), month(t, lex, "5", bulletin("1")), etats.Options{})
	wantCode(t, err, etats.MoisInverses)
	_, err = etats.Compare(context.Background(), month(t, lex, "6", bulletin("1")), month(t, lex, "6", bulletin("1")), etats.Options{})
	wantCode(t, err, etats.MemeMois)
}

var wantCode = anomalietest.WantCode

func TestAmountsBeyondALineAreKept(t *testing.T) {
	lex := etats.NewLexique()
	big := xhl.LigneP{Nature: xhl.Indemnite, Code: "P", Libelle: "PRIME", Mt: "99999999999.99"}
	bigger := big
	bigger.Mt = "99999999999.98"
	c, err := etats.Compare(context.Background(), month(t, lex, "5", bulletin("1", big)), month(t, lex, "6", bulletin("1", bigger)), etats.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Variations {
		if v := &c.Variations[i]; v.Code == "P" {
			if v.Delta != -1 {
				t.Errorf("the difference is %s, want -0.01", v.Delta.Reveal())
			}
			return
		}
	}
	t.Error("the change of one centime is not told")
}

func TestTheHoursOfALineAreWhereTheFileHasThem(t *testing.T) {
	line := func(base, taux, unites, mt string) xhl.LigneP {
		return xhl.LigneP{Nature: xhl.RemDivers, Code: "601N", Libelle: "HEURES SUPPLEM. TX1", Base: xhl.Decimal(base), Taux: xhl.Decimal(taux), NbUnite: xhl.Decimal(unites), Mt: xhl.Decimal(mt)}
	}
	for name, c := range map[string]struct {
		line  xhl.LigneP
		hours int64
		known bool
	}{
		"in NbUnite":          {line("0", "13.5", "8", "108.00"), 8000, true},
		"in Base":             {line("8.50", "13.5", "0", "114.75"), 8500, true},
		"a base and a rate":   {line("2000.00", "5", "0", "100.00"), 0, false},
		"neither":             {line("", "", "", "100.00"), 0, false},
		"rounded by the file": {line("7.25", "13.333", "0", "96.67"), 7250, true},
	} {
		lex := etats.NewLexique()
		m := month(t, lex, "5", bulletin("1", c.line))
		list := etats.Heures(m, etats.Classify(nil, nil, m), &etats.Filtre{})
		if len(list) != 1 || list[0].Heures != c.hours || list[0].Connues != c.known {
			t.Errorf("%s: %+v, want %d thousandths, known %v", name, list, c.hours, c.known)
		}
	}
}

func FuzzTables(f *testing.F) {
	f.Add("version;liste;rubrique;situation;portee;piece;condition;marque;genres\n2007;21;2101;premiere_paye;individuelle;acte;;O+;engagement\n")
	f.Add("code;nature;classe\n1000;TraitBrut;traitement\n")
	f.Add("matricule,id_unique,fichier\n1,A,x.pdf\n")
	f.Fuzz(func(t *testing.T, s string) {
		etats.ReadRubriques(strings.NewReader(s), "t.csv", nil)
		etats.ReadPieces(strings.NewReader(s), "t.csv", nil)
		etats.ReadJustificatifs(strings.NewReader(s), "t.csv", nil)
		etats.ReadCauses(strings.NewReader(s), "t.csv", nil)
		synth.ReadPlan(strings.NewReader(s))
	})
}
