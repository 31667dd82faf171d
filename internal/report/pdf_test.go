package report

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paye/internal/pdfw/pdfwtest"
)

// printed is the text of a document, as pdftotext has it.
func printed(t *testing.T, pdf []byte) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed")
	}
	path := filepath.Join(t.TempDir(), "r.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-layout", path, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

func TestReportsPrintEveryNameAndAreReadAloud(t *testing.T) {
	d := &Document{Langue: "fr", Titre: "Embauches", SousTitre: "Mai 2026", Bandeau: "Document de travail", Faits: []Fait{{"Employeur", "Ђурђевац"}},
		Tables: []Table{{Titre: "Agents", Colonnes: []Colonne{{"Nom", 2}, {"Remarque", 1}}}, {Titre: "Autres", Colonnes: []Colonne{{"Nom", 1}}, Vide: "Aucun"}},
		Notes:  []string{"Première ligne\nseconde ligne", strings.Repeat("long ", 2000) + "fin"}, Date: time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)}
	for range 80 {
		d.Tables[0].Lignes = append(d.Tables[0].Lignes, []string{"Nguyễn Thị Hạnh", "à voir"})
	}
	var out bytes.Buffer
	if err := d.WritePDF(&out); err != nil {
		t.Fatal(err)
	}
	for _, fault := range pdfwtest.StructureFaults(out.Bytes()) {
		t.Error(fault)
	}
	text := printed(t, out.Bytes())
	for _, want := range []string{"Ђурђевац", "seconde ligne", "fin\n", "Aucun", "Document de travail"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not printed", want)
		}
	}
	if n := strings.Count(text, "Nguyễn Thị Hạnh"); n != 80 {
		t.Errorf("%d names, want 80", n)
	}
	pages := strings.Count(text, "\f")
	if last := fmt.Sprintf("%d/%[1]d", pages); pages < 3 || !strings.Contains(strings.ReplaceAll(text, " ", ""), last) {
		t.Errorf("%d pages, the last without its number", pages)
	}
	if n := strings.Count(text, "long"); n != 2000 {
		t.Errorf("%d words of a long note, want 2000", n)
	}
}

func TestLettersPrintEveryNameAndAreReadAloud(t *testing.T) {
	l := Letter{From: []string{"Commune de Castelbrume", "SIRET 219 675 642 00017"}, To: []string{"Ґалаґан Nguyễn", "Matricule A1"}, Date: "Le 04/05/2026", Title: "Vos bulletins",
		Text: []string{"Vos bulletins de paye sont déposés."}, Box: []Fait{{"Identifiant", "1234 5678 9012"}, {"Mot de passe", "abcd"}}, After: []string{"Ouvrez l’adresse."},
		QR: "https://paye.example/", Footer: "Une seule adresse."}
	var first, second bytes.Buffer
	for _, w := range []*bytes.Buffer{&first, &second} {
		if err := WriteLetters(w, "Courriers", time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC), []Letter{l}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two runs differ")
	}
	for _, fault := range pdfwtest.StructureFaults(first.Bytes()) {
		t.Error(fault)
	}
	text := printed(t, first.Bytes())
	for _, want := range []string{"Ґалаґан Nguyễn", "1234 5678 9012", "Ouvrez l’adresse.", "Une seule adresse."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not printed", want)
		}
	}
	if Lacks("Ґалаґан Nguyễn") || !Lacks("漢字") {
		t.Error("what is missing is not told")
	}
}
