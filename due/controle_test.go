package due

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"paye/internal/anomalie"
	"paye/internal/lang"
)

func TestAGoodHireHasNoFinding(t *testing.T) {
	b := check(t, jeanne())
	if got := codes(b); got != "" || len(b.Declarations) != 1 {
		t.Fatalf("findings %q, %d declarations", got, len(b.Declarations))
	}
	d := b.Declarations[0]
	if d.Cle != "00074-C2026-001" || d.Sexe != '2' || d.DateFin.String() != "2027-08-31" || d.Essai != 30 || d.ServiceSante != "MT348" || d.Tardive {
		t.Errorf("%s %c %s %d %s %t", d.Cle, d.Sexe, d.DateFin, d.Essai, d.ServiceSante, d.Tardive)
	}
}

// TestChecksOfAHire changes one thing of a good hire: codes is what is found,
// and a code that is an error leaves no declaration.
func TestChecksOfAHire(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Embauche)
		codes  string
	}{
		{"V04 wrong key", func(e *Embauche) { e.CleNIR = "01" }, "DUE-V04"},
		{"V04 key never zero", func(e *Embauche) { e.NIR, e.CleNIR = "1850175056050", "00" }, "DUE-V04"},
		{"V05 short", func(e *Embauche) { e.NIR = "285081416802" }, "DUE-V05"},
		{"V05 Corsica, good", corsican("2A", "2A"), ""},
		{"V05 Corsica before 1976", corsican("20", "2B"), ""},
		{"V05 bad letter", func(e *Embauche) { e.NIR, e.CleNIR = "285082C168025", "10" }, "DUE-V05"},
		{"V06 declared absent", func(e *Embauche) { e.NIR, e.CleNIR, e.NIRAbsent = "", "", "oui" }, "DUE-V06"},
		{"V06 absent and not declared", func(e *Embauche) { e.NIR, e.CleNIR = "", "" }, "DUE-V06B"},
		{"V06 both", func(e *Embauche) { e.NIRAbsent = "oui" }, "DUE-V06C"},
		{"V06 key missing", func(e *Embauche) { e.CleNIR = "" }, "DUE-V15"},
		{"NIR of 15 characters with spaces", func(e *Embauche) { e.NIR, e.CleNIR = "2 85 08 14 168 025 "+e.CleNIR, "" }, ""},
		{"V07 sex", func(e *Embauche) { e.Sexe = "M" }, "DUE-V07"},
		{"V07 year", func(e *Embauche) { e.DateNaissance = "1986-08-12" }, "DUE-V07"},
		{"V07 month", func(e *Embauche) { e.DateNaissance = "12/09/1985" }, "DUE-V07"},
		{"V07 department", func(e *Embauche) { e.DepartementNaissance = "31" }, "DUE-V07"},
		{"V07 all three", func(e *Embauche) { e.Sexe, e.DateNaissance, e.DepartementNaissance = "M", "1986-08-12", "31" }, "DUE-V07 DUE-V07 DUE-V07"},
		{"V07 unknown month says nothing", numberOf("2853314168025"), ""},
		{"V08 provisional", numberOf("8850814168025"), "DUE-V08"},
		{"V08 provisional, key still checked", func(e *Embauche) { e.NIR, e.CleNIR = "8850814168025", "01" }, "DUE-V04"},
		{"V09 eight days ahead", func(e *Embauche) { e.DateDebut = "2026-12-01" }, ""},
		{"V09 nine days ahead", func(e *Embauche) { e.DateDebut = "2026-12-02" }, "DUE-V09"},
		{"V10 this morning, later", func(e *Embauche) { e.DateDebut, e.HeureDebut = "2026-11-23", "09:01" }, ""},
		{"V10 this morning, earlier", func(e *Embauche) { e.DateDebut, e.HeureDebut = "2026-11-23", "08:59" }, "DUE-V10"},
		{"V10 last week", func(e *Embauche) { e.DateDebut = "16/11/2026" }, "DUE-V10"},
		{"V11 CDD without end", func(e *Embauche) { e.DateFin = "" }, "DUE-V11"},
		{"V11 CTT without end", func(e *Embauche) { e.Nature, e.DateFin = "CTT", "" }, "DUE-V11"},
		{"V11 end before start", func(e *Embauche) { e.DateFin = "2026-11-30" }, "DUE-V11B"},
		{"V11 one day", func(e *Embauche) { e.DateFin = "2026-12-01" }, ""},
		{"V11 CDI with end", func(e *Embauche) { e.Nature = "CDI" }, "DUE-V11C"},
		{"V12 CDI without trial", func(e *Embauche) { e.Nature, e.DateFin, e.EssaiJours = "CDI", "", "" }, "DUE-V12A"},
		{"V12 CDD of six months without trial", func(e *Embauche) { e.DateFin, e.EssaiJours = "2027-05-31", "" }, ""},
		{"V12 CDD of six months and a day", func(e *Embauche) { e.DateFin, e.EssaiJours = "2027-06-01", "" }, "DUE-V12A"},
		{"V12 no day of trial", func(e *Embauche) { e.EssaiJours = "0" }, ""},
		{"V12 too long", func(e *Embauche) { e.EssaiJours = "1000" }, "DUE-V12"},
		{"V12 not a number", func(e *Embauche) { e.EssaiJours = "2 mois" }, "DUE-V12"},
		{"V13 own health service", func(e *Embauche) { e.Contrat.ServiceSante = "MT999" }, ""},
		{"V13 too long", func(e *Embauche) { e.Contrat.ServiceSante = "MT345678901" }, "DUE-V13B"},
		{"V13 not needed for CTT", func(e *Embauche) { e.Nature = "CTT" }, ""},
		{"V14 born today", func(e *Embauche) { e.DateNaissance = "2026-11-23" }, "DUE-V07 DUE-V14"},
		{"V14 thirteen", child("2013-12-02"), "DUE-V14A"},
		{"V14 fourteen on the day", child("2012-12-01"), ""},
		{"V14 no department", func(e *Embauche) { e.DepartementNaissance = "" }, "DUE-V14B"},
		{"V14 overseas", born("9740814168025", "974"), "DUE-V14C"},
		{"V14 zero is abroad", born("2850899168025", "00"), "DUE-V14C"},
		{"V14 abroad", abroad, ""},
		{"V15 no hour", func(e *Embauche) { e.HeureDebut = "" }, "DUE-V15"},
		{"V15 no such hour", func(e *Embauche) { e.HeureDebut = "25:00" }, "DUE-V15B"},
		{"V15 no such day", func(e *Embauche) { e.DateDebut = "2026-11-31" }, "DUE-V15B"},
		{"V15 no birth name", func(e *Embauche) { e.NomNaissance = "" }, "DUE-V15"},
		{"V15 no sex", func(e *Embauche) { e.Sexe = "" }, "DUE-V15"},
		{"V15 unknown sex", func(e *Embauche) { e.Sexe = "X" }, "DUE-V15B"},
		{"V15 unknown nature", func(e *Embauche) { e.Nature = "STAGE" }, "DUE-V15B"},
		{"V15 no town", func(e *Embauche) { e.VilleNaissance = "" }, "DUE-V15"},
		{"V15 no contract", func(e *Embauche) { e.Numero = "" }, "DUE-V15"},
		{"V15 nothing left of a name", func(e *Embauche) { e.Prenom = "***" }, "DUE-V15C"},
		{"V17 accents", func(e *Embauche) { e.Prenom = "JÉRÔME" }, "DUE-V17"},
		{"V17 cut", func(e *Embauche) { e.NomNaissance = "DE LA ROCHEFOUCAULD-MONTMORENCY DE L'ISLE" }, "DUE-V17"},
		{"V17 case only informs", func(e *Embauche) { e.NomNaissance = "Durand" }, ""},
		{"V18 another script", func(e *Embauche) { e.NomNaissance = "ИВАНОВ" }, "DUE-V18"},
		{"V18 one character", func(e *Embauche) { e.NomNaissance = "DUR漢AND" }, "DUE-V18"},
		{"tenured", func(e *Embauche) { e.Categorie = "Titulaire" }, ""},
	} {
		e := jeanne()
		c.change(&e)
		b := check(t, e)
		if got := codes(b); got != c.codes {
			t.Errorf("%s: got %q, want %q", c.name, got, c.codes)
		}
		if (b.Erreurs() > 0) != (len(b.Declarations) == 0) && c.name != "tenured" {
			t.Errorf("%s: %d errors and %d declarations", c.name, b.Erreurs(), len(b.Declarations))
		}
	}
}

// numberOf gives the hire a NIR with its key.
func numberOf(nir string) func(*Embauche) {
	return func(e *Embauche) { e.NIR, e.CleNIR = nir, nirKey(nir) }
}

func corsican(nir, departement string) func(*Embauche) {
	return func(e *Embauche) {
		numberOf("28508" + nir + "168025")(e)
		e.DepartementNaissance = departement
	}
}

// born has the department changed, and a NIR that agrees with it.
func born(nir, departement string) func(*Embauche) {
	return func(e *Embauche) {
		if strings.HasPrefix(departement, "97") {
			nir = "2850897168025"
		}
		numberOf(nir)(e)
		e.DepartementNaissance = departement
	}
}

func child(birth string) func(*Embauche) {
	return func(e *Embauche) {
		numberOf("2" + birth[2:4] + birth[5:7] + "14168025")(e)
		e.DateNaissance = birth
	}
}

func abroad(e *Embauche) {
	numberOf("2850899168025")(e)
	e.PaysNaissance, e.VilleNaissance, e.DepartementNaissance = "VIETNAM", "HANOI", ""
}

func TestBornAbroadDeclaresTheCountryAndDepartment99(t *testing.T) {
	b := check(t, hire(abroad))
	if d := b.Declarations[0]; d.VilleNaissance != "VIETNAM" || d.DepartementNaissance != "99" {
		t.Errorf("got %s %s", d.VilleNaissance, d.DepartementNaissance)
	}
}

func TestChecksOfAnEmployer(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Employeur)
		codes  string
	}{
		{"good", func(*Employeur) {}, ""},
		{"SIRET with spaces", func(e *Employeur) { e.SIRET = "732 829 320 00074" }, ""},
		{"V01 wrong key", func(e *Employeur) { e.SIRET = "73282932000079" }, "DUE-V01"},
		{"V01 missing", func(e *Employeur) { e.SIRET = "" }, "DUE-V15"},
		{"V02 La Poste", func(e *Employeur) { e.SIRET = "35600000009075" }, ""},
		{"V03 APE with a dot", func(e *Employeur) { e.APE = "84.11z" }, ""},
		{"V03 APE", func(e *Employeur) { e.APE = "8411" }, "DUE-V03"},
		{"V03 URSSAF", func(e *Employeur) { e.CodeURSSAF = "73" }, "DUE-V03"},
		{"V03 postcode", func(e *Employeur) { e.CodePostal = "3100" }, "DUE-V03"},
		{"V03 telephone with spaces", func(e *Employeur) { e.Telephone = "05 00 00 00 00" }, ""},
		{"V03 international telephone", func(e *Employeur) { e.Telephone = "+33500000000" }, ""},
		{"V03 telephone", func(e *Employeur) { e.Telephone = "050000000000" }, "DUE-V03"},
		{"V13 no health service anywhere", func(e *Employeur) { e.ServiceSante = "" }, "DUE-V13"},
		{"V15 no address", func(e *Employeur) { e.Adresse1 = "" }, "DUE-V15"},
		{"V17 name of three lines", func(e *Employeur) { e.RaisonSociale = strings.Repeat("SYNDICAT ", 9) + "X" }, "DUE-V17"},
		{"farm", func(e *Employeur) { e.Regime = "agricole" }, "DUE-144"},
	} {
		c2 := &Controleur{Employeur: town(), Indicateur: Essai, Maintenant: monday}
		c.change(&c2.Employeur)
		if got := codes(checkWith(t, c2, jeanne())); got != c.codes {
			t.Errorf("%s: got %q, want %q", c.name, got, c.codes)
		}
	}
}

func TestTooEarlyIsAnErrorOnlyInReal(t *testing.T) {
	early := hire(func(e *Embauche) { e.DateDebut = "2026-12-02" })
	for ind, want := range map[Indicateur]int{Essai: 0, Reel: 1} {
		b := checkWith(t, &Controleur{Employeur: town(), Indicateur: ind, Maintenant: monday}, early)
		if b.Erreurs() != want || b.Tot != 1 {
			t.Errorf("%v: %d errors, want %d; %d too early", ind, b.Erreurs(), want, b.Tot)
		}
		if msg := b.Constats[0].Message(lang.French); !strings.Contains(msg, "2026-11-24") {
			t.Errorf("%v: the message does not say from when: %s", ind, msg)
		}
	}
}

func TestTheDayIsThatOfParis(t *testing.T) {
	// 23:30 UTC on the 22nd is already the 23rd in Paris, eight days before.
	c := &Controleur{Employeur: town(), Indicateur: Reel, Maintenant: time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)}
	if b := checkWith(t, c, jeanne()); codes(b) != "" {
		t.Errorf("got %q", codes(b))
	}
}

func TestSameHireTwiceIsAnErrorWhateverTheContract(t *testing.T) {
	b := check(t, jeanne(), hire(func(e *Embauche) { e.Numero = "C2026-002" }))
	if got := codes(b); got != "DUE-V16" || len(b.Declarations) != 1 {
		t.Errorf("got %q, %d declarations", got, len(b.Declarations))
	}
	b = check(t, jeanne(), hire(func(e *Embauche) { e.Numero, e.HeureDebut = "C2026-002", "14:00" }))
	if got := codes(b); got != "" {
		t.Errorf("another hour: got %q", got)
	}
	noNIR := func(e *Embauche) { e.NIR, e.CleNIR, e.NIRAbsent = "", "", "oui" }
	b = check(t, hire(noNIR), hire(func(e *Embauche) { noNIR(e); e.Numero = "C2026-002" }))
	if got := codes(b); got != "DUE-V06 DUE-V06 DUE-V16" {
		t.Errorf("without NIR: got %q", got)
	}
}

func TestKeysOfContractsThatFoldAlikeDiffer(t *testing.T) {
	list := numbered(3)
	list[0].Numero, list[1].Numero, list[2].Numero = "c/1", "C-1", strings.Repeat("LONG", 10)
	b := check(t, list...)
	var got []string
	for _, d := range b.Declarations {
		got = append(got, d.Cle)
	}
	if want := "00074-C-1 00074-C-1-2 00074-LONGLONGLONGLO"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestOneErrorClosesTheWholeSelection(t *testing.T) {
	list := numbered(3)
	list[1].CleNIR = "99"
	b := check(t, list...)
	wantCode(t, b.Declarable(), "DUE-140")
	r, _ := registre(t)
	if _, err := r.Write(t.Context(), b, Ecriture{Format: FormatTexte}); err == nil {
		t.Error("a file was written")
	}
}

func TestSelection(t *testing.T) {
	list := numbered(4)
	list[0].DateDebut, list[1].DateDebut, list[2].DateDebut, list[3].DateDebut = "2026-11-24", "2026-11-25", "2026-11-26", "26/13/2026"
	list[2].Section = "VOIRIE"
	for _, c := range []struct {
		name string
		sel  Selection
		want int
	}{
		{"all", Selection{}, 4},
		{"period, both ends in, unreadable date reported", Selection{Debut: Date{2026, 11, 24}, Fin: Date{2026, 11, 25}}, 3},
		{"section", Selection{Section: "VOIRIE"}, 1},
		{"list", Selection{Contrats: []string{"C2026-001", "C2026-003"}}, 2},
	} {
		b, err := (&Controleur{Employeur: town(), Indicateur: Essai, Maintenant: monday}).Check(t.Context(), source(list...), c.sel)
		if err != nil || b.Fiches != c.want {
			t.Errorf("%s: %d sheets, %v, want %d", c.name, b.Fiches, err, c.want)
		}
	}
	wantCode(t, Selection{Debut: Date{2026, 11, 24}, Section: "X"}.Check(), "DUE-110")
	wantCode(t, Selection{Debut: Date{2026, 11, 24}}.Check(), "DUE-111")
	wantCode(t, Selection{Debut: Date{2026, 11, 24}, Fin: Date{2026, 11, 23}}.Check(), "DUE-111")
}

func TestComplementFillsWhatAJournalDoesNotKnow(t *testing.T) {
	fromJournal := Embauche{Salarie: Salarie{Matricule: "A001", NomNaissance: "DURAND", Prenom: "JEANNE", NIR: jeanne().NIR, CleNIR: jeanne().CleNIR}}
	if b := check(t, fromJournal); b.Erreurs() < 5 {
		t.Errorf("a draft has %d errors", b.Erreurs())
	}
	typed := jeanne()
	typed.NomNaissance = "ANOTHER"
	var got []Embauche
	for e, err := range Complete(t.Context(), source(fromJournal), source(typed)) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e)
	}
	b := check(t, got...)
	if codes(b) != "" || b.Declarations[0].NomNaissance != "DURAND" {
		t.Errorf("got %q", codes(b))
	}
}

func TestFindingsHoldNothingPersonalOutsideOfTheReportFields(t *testing.T) {
	e := hire(func(e *Embauche) {
		e.NomNaissance, e.Prenom, e.CleNIR, e.VilleNaissance = "Zxcvbn-é", "Qwertz-é", "11", "Asdfgh-é"
		e.DateNaissance = "1981-02-03"
	})
	b := check(t, e)
	all := fmt.Sprint(e) + fmt.Sprintf("%+v %#v", e, e.Salarie)
	for _, c := range b.Constats {
		all += c.Error() + c.Message(lang.French)
	}
	good := check(t, jeanne()).Declarations[0]
	all += fmt.Sprintf("%v %+v %s", good, good, good.NIR)
	for _, canary := range []string{"Zxcvbn", "Qwertz", "Asdfgh", "14168025", "1981-02", "JEANNE"} {
		if strings.Contains(all, canary) {
			t.Errorf("%q is in %s", canary, all)
		}
	}
	if len(b.Constats) == 0 || b.Constats[0].Gravite < anomalie.Info {
		t.Error("no finding to look at")
	}
}

func TestCodesAreComplete(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
	for n := 1; n <= 18; n++ {
		code := fmt.Sprintf("DUE-V%02d", n)
		if a := Codes.New(code); a.Code != code {
			t.Errorf("no %s", code)
		}
	}
}
