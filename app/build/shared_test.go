package build

import (
	"archive/zip"
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paye/internal/anomalie"
	"paye/synth"
)

// TestDocumentUnderTwoIdentifiersTravels: the index gives, without its
// identifier, a document that the journal names already.
func TestDocumentUnderTwoIdentifiersTravels(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: 5, Journal: true})
	index, err := os.ReadFile(filepath.Join(dir, "justificatifs.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(index)), "\n")
	cells := strings.Split(lines[1], ";")
	again := filepath.Join(dir, "encore.csv")
	if err := os.WriteFile(again, []byte(lines[0]+"\n"+cells[0]+";;"+cells[2]+";;;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, packaging := range []string{EnArchive, EnPieces} {
		dem := demande(filepath.Join(dir, "journal.xhl"), filepath.Join(t.TempDir(), "out"), 4_000_000)
		dem.PJ, dem.Index, dem.Packaging = filepath.Join(dir, "justificatifs"), again, packaging
		_, m, err := build(context.Background(), dem)
		if err != nil {
			t.Fatalf("%s: %v", packaging, err)
		}
		if len(m.Volumes) != 1 {
			t.Fatalf("%s: %d volumes", packaging, len(m.Volumes))
		}
	}
	dem := demande(filepath.Join(dir, "journal.xhl"), filepath.Join(t.TempDir(), "out"), 4_000_000)
	dem.PJ, dem.Index, dem.Format = filepath.Join(dir, "justificatifs"), again, FormatZip
	if _, _, err := build(context.Background(), dem); err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(filepath.Join(dem.Sortie, "volume-01.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	seen := make(map[string]bool)
	for _, f := range z.File {
		if seen[f.Name] {
			t.Errorf("%s is there twice", f.Name)
		}
		seen[f.Name] = true
	}
}

// TestNameOfTheJournalIsNumberedInTheIndex: another document has the name that
// the journal gives one of its own.
func TestNameOfTheJournalIsNumberedInTheIndex(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: 5, Journal: true})
	index, err := os.ReadFile(filepath.Join(dir, "justificatifs.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(index)), "\n")
	matricule, name := strings.Split(lines[1], ";")[0], strings.Split(lines[1], ";")[2]
	pieces := filepath.Join(dir, "justificatifs")
	other := filepath.Join(dir, "autre.csv")
	if err := errors.Join(os.Mkdir(filepath.Join(pieces, "autre"), 0o700), os.WriteFile(filepath.Join(pieces, "autre", "copie.txt"), []byte("une autre"), 0o600),
		os.WriteFile(other, []byte("matricule;id_unique;fichier;nom\n"+matricule+";;autre/copie.txt;"+name+"\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	var told []string
	dem := demande(filepath.Join(dir, "journal.xhl"), filepath.Join(t.TempDir(), "out"), 4_000_000)
	dem.PJ, dem.Index, dem.Format = pieces, other, FormatZip
	dem.Anomalie = func(a *anomalie.Anomalie) { told = append(told, a.Error()) }
	if _, _, err := build(context.Background(), dem); err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(filepath.Join(dem.Sortie, "volume-01.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	ext := filepath.Ext(name)
	want := map[string]bool{name: false, strings.TrimSuffix(name, ext) + "-2" + ext: false}
	for _, f := range z.File {
		if _, asked := want[path.Base(f.Name)]; asked {
			want[path.Base(f.Name)] = true
		}
	}
	for name, there := range want {
		if !there {
			t.Errorf("%s is not there", name)
		}
	}
	for i, said := range told {
		if slices.Contains(told[:i], said) {
			t.Errorf("told twice: %s", said)
		}
	}
}
