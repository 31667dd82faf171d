package build

import (
	"archive/zip"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
