package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/synth"
	"paye/xhl"
)

// journal writes the journal of a few agents, whose first three get the
// matricules 061601, 2026 and 12.
func journal(t *testing.T) (path string, agents []xhl.Agent) {
	t.Helper()
	made, err := synth.Generate(synth.Options{Bulletins: 8, Seed: 3, Pieces: 3})
	if err != nil {
		t.Fatal(err)
	}
	var doc bytes.Buffer
	if err := made.WriteXHL(context.Background(), &doc, new(synth.Progress)); err != nil {
		t.Fatal(err)
	}
	text := doc.String()
	read := func() (list []xhl.Agent) {
		r, err := xhl.NewReader(strings.NewReader(text), xhl.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for b, err := range r.Bulletins() {
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, b.Agent)
		}
		return list
	}
	for i, a := range read()[:3] {
		text = strings.ReplaceAll(text, `<Matricule V="`+a.Matricule+`"`, `<Matricule V="`+[]string{"061601", "2026", "12"}[i]+`"`)
	}
	path = filepath.Join(t.TempDir(), "journal.xhl")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, read()
}

// pdf is a document that shows lines of text.
func pdf(lines ...string) string {
	content := "BT /F1 12 Tf 50 700 Td"
	for _, l := range lines {
		content += " (" + l + ") Tj 0 -20 Td"
	}
	content += " ET"
	return "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n" +
		"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>\nendobj\n" +
		fmt.Sprintf("4 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", len(content), content) +
		"5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>\nendobj\ntrailer\n<</Root 1 0 R>>\n"
}

func TestFilesArePlaced(t *testing.T) {
	path, agents := journal(t)
	other := agents[5].Matricule
	dir := t.TempDir()
	ref := ""
	r, err := xhl.NewReader(mustOpen(t, path), xhl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range r.Bulletins() {
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range b.PJRef {
			ref = p.NomPJ.Or("")
		}
	}
	files := map[string]string{
		strings.ToUpper(ref):              pdf("arrete"),
		"scan 061601.pdf":                 pdf("rien"),
		"scan0001.pdf":                    pdf("Matricule : "+other, "rien de plus"),
		"IMG_2026.pdf":                    pdf("quelconque"),
		"arrete 2026-05 matricule 12.pdf": pdf("un arrete de mai"),
		"doc3.pdf":                        pdf("agents " + other + " et 061601"),
		"61601 avenant.pdf":               pdf("avenant"),
		"copie " + other + ".pdf":         pdf("rien"),
		"copie.pdf":                       pdf("rien"),
		agents[6].Nom.Reveal() + " " + agents[6].Prenom.Or("").Reveal() + " CMO.pdf": pdf("conge"),
		"inconnu.pdf": pdf("personne"),
		"vide.pdf":    "",
		"casse.pdf":   "%PDF-1.4 cut",
		"liste.ods":   "PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
		".DS_Store":   "x",
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := Propose(context.Background(), path, dir)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]bool)
	for _, l := range p.Lines {
		got[fmt.Sprintf("%s → %s, %s", l.Fichier, l.Matricule, l.Confidence)] = true
	}
	want := map[string]bool{
		"scan 061601.pdf → 061601, sure":                     false, // the copy that comes first serves
		"arrete 2026-05 matricule 12.pdf → 2026, a verifier": false,
		"scan0001.pdf → " + other + ", sure":                 true,
		"IMG_2026.pdf → 2026, a verifier":                    true,
		"arrete 2026-05 matricule 12.pdf → 12, sure":         true,
		"doc3.pdf → 061601, a verifier":                      true,
		"doc3.pdf → " + other + ", a verifier":               true,
		"61601 avenant.pdf → 061601, probable":               true,
		"copie " + other + ".pdf → " + other + ", sure":      true,
		"copie " + other + ".pdf → 061601, sure":             true, // the same document as scan 061601.pdf
		"inconnu.pdf → " + agents[4].Matricule + ", sure":    false,
		agents[6].Nom.Reveal() + " " + agents[6].Prenom.Or("").Reveal() + " CMO.pdf → " + agents[6].Matricule + ", probable": true,
	}
	for line, there := range want {
		if got[line] != there {
			t.Errorf("%s: %v, want %v", line, got[line], there)
		}
	}
	if t.Failed() {
		for _, line := range slices.Sorted(maps.Keys(got)) {
			t.Log(line)
		}
	}
	if !slices.Equal(p.Known, []string{strings.ToUpper(ref)}) {
		t.Errorf("known %v, want %s", p.Known, ref)
	}
	var strays []string
	for _, s := range p.Strays {
		strays = append(strays, s.Fichier)
	}
	if got := strings.Join(strays, ", "); got != "casse.pdf, copie.pdf, inconnu.pdf, liste.ods, vide.pdf" {
		t.Errorf("strays %s", got)
	}
	if found := p.Anomalies(); len(found) != 6 || found[5].Code != ToCheck || !strings.Contains(found[2].Message(lang.English), "neither its name nor its text") {
		t.Errorf("told %v", found)
	}
}

func mustOpen(t *testing.T, path string) *os.File {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestProposalIsTheSameInBothForms(t *testing.T) {
	p := &Proposal{Lines: []Line{{Matricule: "061601", Fichier: "=1+1.pdf", Confidence: Sure, Why: named.With()}}}
	var text, book bytes.Buffer
	if err := errors.Join(WriteCSV(&text, p, lang.English), WriteXLSX(&book, p, lang.English)); err != nil {
		t.Fatal(err)
	}
	if want := "\ufeffmatricule;id_unique;fichier;nom;description;support;confiance;raison\n'061601;;'=1+1.pdf;;;;sure;the matricule is in the name of the file\n"; text.String() != want {
		t.Errorf("got %q", text.String())
	}
	if !bytes.HasPrefix(book.Bytes(), []byte("PK")) {
		t.Error("no workbook")
	}
}

func TestFolderThatIsNotThereIsTold(t *testing.T) {
	path, _ := journal(t)
	_, err := Propose(context.Background(), path, filepath.Join(t.TempDir(), "non"))
	if a := anomalie.As(err); a == nil || a.Code != NoFolder {
		t.Errorf("got %v", err)
	}
}

func TestTextsAreInBothLanguages(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
	for _, text := range Texts {
		if err := text.Verify(); err != nil {
			t.Error(err)
		}
	}
}
