package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func sample(rows int) *Document {
	d := &Document{
		Langue: "fr", Titre: "Contrôle des embauches", SousTitre: "Commune d'Exemple", Date: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
		Faits: []Fait{{"Indicateur", "1 (test)"}, {"Erreurs", "2"}},
		Tables: []Table{
			{Titre: "À corriger", Colonnes: []Colonne{{"Matricule", 1}, {"Constat", 4}}, Vide: "rien"},
			{Titre: "À savoir", Colonnes: []Colonne{{"Matricule", 1}, {"Constat", 4}}, Vide: "rien à savoir"},
		},
		Notes: []string{"Aucune conformité n'est affirmée."},
	}
	for i := range rows {
		d.Tables[0].Lignes = append(d.Tables[0].Lignes, []string{fmt.Sprintf("A%03d", i), "la clé du NIR est fausse <b>, " + strings.Repeat("long ", 60)})
	}
	return d
}

func TestText(t *testing.T) {
	d := sample(0)
	d.Tables[0].Lignes = [][]string{{"A1", "é"}, {"A2000", "x"}}
	var buf bytes.Buffer
	if err := d.WriteText(&buf); err != nil {
		t.Fatal(err)
	}
	want := `Contrôle des embauches
Commune d'Exemple
  Indicateur  1 (test)
  Erreurs     2

À corriger
  Matricule  Constat
  A1         é
  A2000      x

À savoir
  rien à savoir

Aucune conformité n'est affirmée.
`
	if got := buf.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCSVDoesNotRunFormulas(t *testing.T) {
	d := sample(0)
	d.Tables[0].Lignes = [][]string{{"=1+1", "a;b"}, {"@x", "-3"}}
	var buf bytes.Buffer
	if err := d.WriteCSV(&buf); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffÀ corriger;Matricule;Constat\nÀ corriger;'=1+1;\"a;b\"\nÀ corriger;'@x;-3\nÀ savoir;Matricule;Constat\n"
	if got := buf.String(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestHTMLEscapesAndIsOneFile(t *testing.T) {
	var buf bytes.Buffer
	if err := sample(2).WriteHTML(&buf); err != nil {
		t.Fatal(err)
	}
	text := buf.String()
	if strings.Contains(text, "<b>,") || !strings.Contains(text, "&lt;b&gt;,") {
		t.Error("the value is not escaped")
	}
	for _, outside := range []string{"http:", "https:", "<script", "<link", "@import"} {
		if strings.Contains(text, outside) {
			t.Errorf("%s is in the page", outside)
		}
	}
	dec := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "<!DOCTYPE html>")))
	dec.Strict, dec.AutoClose, dec.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		if _, err := dec.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestPDFIsTheSameEveryTimeAndPrintsEverything(t *testing.T) {
	var first, second bytes.Buffer
	for _, buf := range []*bytes.Buffer{&first, &second} {
		if err := sample(60).WritePDF(buf); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two runs differ")
	}
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed")
	}
	path := filepath.Join(t.TempDir(), "r.pdf")
	if err := os.WriteFile(path, first.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := string(out)
	for _, want := range []string{"Contrôle des embauches", "A000", "A059", "la clé du NIR est fausse <b>", "rien à savoir", "Aucune conformité"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not printed", want)
		}
	}
	if n := strings.Count(text, "Matricule"); n < 4 {
		t.Errorf("the headings are printed %d times over %d pages", n, strings.Count(text, "\f"))
	}
}
