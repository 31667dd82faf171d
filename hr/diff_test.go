package hr

import (
	"fmt"
	"strings"
	"testing"

	"paye/internal/lang"
)

func TestThreeWayRule(t *testing.T) {
	const keep = PayrollWins
	for _, c := range []struct {
		name            string
		was, given, now string // "-" is nothing said
		policy          Policy
		want            string
		kind            ChangeKind
	}{
		{name: "the source changed", was: "A", given: "B", now: "A", want: "B", kind: Modified},
		{name: "the source changed, payroll too", was: "A", given: "B", now: "C", want: "B", kind: Modified},
		{name: "payroll changed, the source wins", was: "A", given: "A", now: "C", want: "A", kind: Overwritten},
		{name: "payroll changed, payroll wins", was: "A", given: "A", now: "C", policy: Policy{Conflict: keep}, want: "C"},
		{name: "nothing changed", was: "A", given: "A", now: "A", want: "A"},
		{name: "written otherwise", was: "LEFÈVRE", given: "LEFÈVRE", now: "LEFEVRE", want: "LEFEVRE"},
		{name: "nothing said", was: "A", given: "-", now: "A", want: "A"},
		{name: "emptied", was: "A", given: "", now: "A", want: "", kind: Modified},
		{name: "emptied, kept", was: "A", given: "", now: "A", policy: Policy{Empty: Keep}, want: "A"},
		{name: "never given, payroll has one", was: "", given: "", now: "C", want: "C"},
		{name: "first time, payroll has none", was: "-", given: "B", now: "", want: "B", kind: Modified},
		{name: "first time, payroll has another", was: "-", given: "B", now: "C", want: "B", kind: Modified},
		{name: "first time, payroll wins", was: "-", given: "B", now: "C", policy: Policy{Conflict: keep}, want: "C"},
		{name: "first time, empty", was: "-", given: "", now: "C", want: "C"},
		{name: "first time, the same", was: "-", given: "Été", now: "ETE", want: "ETE"},
	} {
		a := &Agent{ID: 1, Etab: town, Values: given("nom", c.now)}
		if c.was != "-" {
			a.Applied.Set(ChampNom, c.was)
		}
		f := sheet("9")
		if c.given != "-" {
			f.Values.Set(ChampNom, c.given)
		}
		d := differ{mapping: &Mapping{Champs: map[Champ]Rule{ChampNom: {Policy: c.policy}}}, lost: make(map[Champ]int)}
		next, changes := d.update(a, &person{[]*Fiche{f}})
		if got := next.Values.Text(ChampNom); got != c.want {
			t.Errorf("%s: payroll has %q, want %q", c.name, got, c.want)
		}
		kind := ChangeKind("")
		if len(changes) > 0 {
			kind = changes[0].Kind
		}
		if kind != c.kind {
			t.Errorf("%s: told as %q, want %q", c.name, kind, c.kind)
		}
	}
}

func TestGuards(t *testing.T) {
	for _, c := range []struct {
		name string
		m    measures
		want string
	}{
		{"nothing read", measures{}, "RH-311"},
		{"400 of 3,000 vanish", measures{Read: 2600, Last: 3000}, "RH-312"},
		{"200 of 3,000 leave", measures{Read: 2800, Last: 3000}, ""},
		{"two of eight leave", measures{Read: 6, Last: 8}, ""},
		{"a field of all is lost", measures{Read: 3, Lost: map[Champ]int{ChampIBAN: 3}}, "RH-313"},
		{"a field of a quarter is lost", measures{Read: 100, Lost: map[Champ]int{ChampIBAN: 25}}, "RH-313"},
		{"a field of a tenth is lost", measures{Read: 100, Lost: map[Champ]int{ChampIBAN: 10}}, ""},
		{"conflicts", measures{Read: 100, Conflicts: 11}, "RH-314"},
		{"few conflicts", measures{Read: 100, Conflicts: 10}, ""},
		{"the wrong tenant", measures{Read: 100, First: true, Existing: 100, Matched: 19}, "RH-315"},
		{"the right tenant", measures{Read: 100, First: true, Existing: 100, Matched: 20}, ""},
		{"an empty payroll", measures{Read: 100, First: true}, ""},
		{"a later run", measures{Read: 100, Existing: 100, Matched: 1}, ""},
	} {
		var got []string
		for _, a := range forbidden(c.m) {
			got = append(got, a.Code)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
}

func TestValuesAreNormalised(t *testing.T) {
	n := Normaliser{Mapping: &Mapping{}, Today: Date{2026, 9, 14}}
	for _, c := range []struct {
		champ    Champ
		in, want string
		code     string
	}{
		{ChampNIR, "2 92 09 75 116 142 74", "292097511614274", ""}, {ChampNIR, "190022a004123 54", "190022A00412354", ""},
		{ChampNIR, "178119932601238", "178119932601238", ""}, {ChampNIR, "1760774865895 37", "", "RH-404"}, {ChampNIR, "1760774865895", "176077486589587", ""},
		{ChampNIR, "12345", "", "RH-404"}, {ChampNIR, "28506751161318X", "", "RH-404"},
		{ChampIBAN, "FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189", ""}, {ChampIBAN, "FR7630006000011234567890188", "", "RH-401"}, {ChampIBAN, "DE89370400440532013000", "DE89370400440532013000", ""},
		{ChampBIC, "agrifrpp", "AGRIFRPP", ""}, {ChampBIC, "AGRI", "", "RH-401"},
		{ChampDateNaissance, "1985-06-12T00:00:00", "1985-06-12", ""}, {ChampDateNaissance, "1900-01-01", "", "RH-401"}, {ChampDateNaissance, "2099-01-01", "", "RH-401"}, {ChampDateNaissance, "1985-02-30", "", "RH-401"},
		{ChampFinContrat, "9999-12-31T00:00:00", "", ""}, {ChampFinContrat, "30/09/2026", "2026-09-30", ""}, {ChampFinContrat, "2026-09-30T23:30:00+02:00", "2026-09-30", ""},
		{ChampTelPerso, "06.39.98.76.34", "+33639987634", ""}, {ChampTelPerso, "0033 6 39 98 76 34", "+33639987634", ""}, {ChampTelPerso, "+33 (0)6 39 98 76 34", "+33639987634", ""},
		{ChampTelPerso, "00 00 00 00 00", "", "RH-403"}, {ChampTelPerso, "12", "", "RH-401"}, {ChampTelPerso, "+262 692 12 34 56", "+262692123456", ""},
		{ChampMailPro, "Jean.DUPONT@Ville.Example", "jean.dupont@ville.example", ""}, {ChampMailPro, "no_email@ville.example", "", "RH-403"}, {ChampMailPro, "pas une adresse", "", "RH-401"},
		{ChampTitre, "Monsieur", "M", ""}, {ChampTitre, "Mme.", "MME", ""}, {ChampTitre, "Docteur", "", "RH-401"},
		{ChampNationalite, "fra", "FR", ""}, {ChampNationalite, "CI", "CI", ""}, {ChampNationalite, "Française", "", "RH-401"}, {ChampNationalite, "ZZ", "", "RH-401"},
		{ChampEtudiant, "true", "oui", ""}, {ChampEtudiant, "peut-être", "", "RH-401"}, {ChampEnfants, "2.0", "2", ""}, {ChampEnfants, "-1", "", "RH-401"}, {ChampEnfants, "100", "", "RH-401"},
		{ChampModePaiement, "Chèque", "cheque", ""}, {ChampModePaiement, "2", "", "RH-401"},
		{ChampMatricule, "003131", "003131", ""}, {ChampNom, clean("  N’GUESSAN\u00a0 "), "N’GUESSAN", ""}, {ChampNom, clean("LEFE\u0300VRE"), "LEFÈVRE", ""}, {ChampNom, "A\x00B", "", "RH-401"},
		{ChampAdresse, strings.Repeat("a", 501), "", "RH-401"},
	} {
		got, code := n.value(&fields[position[c.champ]], c.in)
		if got != c.want || code != c.code {
			t.Errorf("%s %q: %q %s, want %q %s", c.champ, c.in, got, code, c.want, c.code)
		}
	}
}

func TestEveryFieldOfTheGuideHasItsRow(t *testing.T) {
	seen := make(map[Champ]bool)
	for _, f := range fields {
		if seen[f.Champ] || f.Kind == 0 || f.Label.Verify() != nil {
			t.Errorf("%s: twice, or without kind or label", f.Champ)
		}
		seen[f.Champ] = true
	}
	if len(seen) != 30 {
		t.Errorf("%d fields, the guide has 30", len(seen))
	}
	for _, forbidden := range []string{"salaire", "quotite", "temps", "remuneration", "taux"} {
		for c := range seen {
			if strings.Contains(string(c), forbidden) {
				t.Errorf("%s travels", c)
			}
		}
	}
}

func TestTextsAreInBothLanguages(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
	for name, table := range map[string]map[string]lang.Text{"recap": recapTexts, "comments": comments} {
		for key, text := range table {
			if err := text.Verify(); err != nil {
				t.Errorf("%s %s: %v", name, key, err)
			}
		}
	}
}

func TestValuesDoNotPrint(t *testing.T) {
	v := given("nir", nirOf(1), "nom", "CANARI")
	f := sheet("9", "nom", "CANARI")
	a := &Agent{ID: 1, Values: v}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		for _, x := range []any{v, &v, f, *a, a, person{[]*Fiche{f}}} {
			if s := fmt.Sprintf(format, x); strings.Contains(s, "CANARI") || strings.Contains(s, nirOf(1)) {
				t.Errorf("%s of a %T prints a value", format, x)
			}
		}
	}
}
