package identifiants

import (
	"strings"
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

func TestIdUniqueSaysWhichPartOfTheRuleFails(t *testing.T) {
	for _, c := range []struct {
		name, id string
		want     *Faute
	}{
		{"letters and digits", "Arr2026", nil},
		{"fifty", strings.Repeat("7", 50), nil},
		{"NC is not nc", "NC", nil},
		{"empty", "", idUniqueVide},
		{"fifty-one", strings.Repeat("7", 51), idUniqueLong},
		{"dash", "arr-2026", idUniqueCaractere},
		{"accent", "arrêté", idUniqueCaractere},
		{"nc", "nc", idUniqueNC},
		{"zeros", "0000", idUniqueZeros},
	} {
		if got := CheckIdUnique(c.id); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestNomPJSaysWhichPartOfTheRuleFails(t *testing.T) {
	for _, c := range []struct {
		name, nom string
		want      *Faute
	}{
		{"plain", "arrêté 12.pdf", nil},
		{"a hundred", strings.Repeat("é", 96) + ".pdf", nil},
		{"no extension", "arrete", nomPJExtension},
		{"nothing before it", ".pdf", nomPJExtension},
		{"long extension", "a.xhtml", nomPJExtension},
		{"extension with an accent", "a.péf", nomPJExtension},
		{"long", strings.Repeat("a", 97) + ".pdf", nomPJLong},
		{"line break", "a\nb.pdf", nomPJLigne},
	} {
		if got := CheckNomPJ([]byte(c.nom)); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestFautePrintsInTheLanguageOfItsMessage(t *testing.T) {
	fr := message.NewPrinter(language.French).Sprintf("refusé : %v", idUniqueVide)
	en := message.NewPrinter(language.English).Sprintf("refused: %v", idUniqueVide)
	if fr != "refusé : il est vide" || en != "refused: it is empty" {
		t.Errorf("got %q and %q", fr, en)
	}
}

func TestSIRETOfLaPoste(t *testing.T) {
	for siret, want := range map[string]bool{"35600000000048": true, "35600000049837": true, "35600000049838": false, "99999999900018": false} {
		if got := CheckSIRET(siret) == nil; got != want {
			t.Errorf("CheckSIRET(%s) valid %t, want %t", siret, got, want)
		}
	}
}

func TestPeriodeReadsItsOwnText(t *testing.T) {
	for _, text := range []string{"2026-09", "1999-12"} {
		p, err := ParsePeriode(text)
		if err != nil || p.String() != text {
			t.Errorf("got %v, %v, want %s", p, err, text)
		}
	}
	for _, text := range []string{"", "2026", "2026-9", "2026-13", "26-09", "2026-09-01", "1899-12"} {
		if p, err := ParsePeriode(text); err == nil {
			t.Errorf("%q read as %v", text, p)
		}
	}
	if got := (Periode{Annee: 2026, Mois: 1}).Add(-1); got != (Periode{Annee: 2025, Mois: 12}) {
		t.Errorf("the month before 2026-01 is %v", got)
	}
}
