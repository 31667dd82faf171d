package pdfx

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"paye/internal/refdata"
)

// caseFiles lists the shared cases of a pattern, one at least; the test is skipped
// without the reference data.
func caseFiles(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(refdata.Path(t, "cases"), pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no case is called %s: %v", pattern, err)
	}
	return paths
}

func TestWhatViewersOpenIsNotRefused(t *testing.T) {
	pages := map[string]int{"10-page-twice.pdf": 2}
	for _, p := range caseFiles(t, "04-*/*.pdf") {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		info, err := inspect(data)
		if want := max(pages[filepath.Base(p)], 1); err != nil || info.Pages != want {
			t.Errorf("%s: %d pages, %v; want %d", filepath.Base(p), info.Pages, err, want)
		}
	}
}

// TestTwinsOfTheCasesLoseNothing: what pdftotext reads and pdftoppm draws of a
// twin is what they read and draw of the original.
func TestTwinsOfTheCasesLoseNothing(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("poppler-utils is not installed")
	}
	judge := NewPoppler()
	for _, p := range caseFiles(t, "02-*/*.pdf") {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		twin, err := optimise(data)
		if err != nil {
			t.Fatalf("%s: %v", p, err)
		}
		if len(twin) == 0 {
			if filepath.Base(p) != "d-signature-direct-in-field.pdf" {
				t.Errorf("%s has no twin", filepath.Base(p))
			}
			continue
		}
		if err := judge.Same(t.Context(), data, twin, 1, nil); err != nil {
			t.Errorf("%s: %v", filepath.Base(p), err)
		}
		other := filepath.Join(t.TempDir(), "twin.pdf")
		if err := os.WriteFile(other, twin, 0o600); err != nil {
			t.Fatal(err)
		}
		if want, got := words(t, p), words(t, other); got != want {
			t.Errorf("%s: text %q, want %q", filepath.Base(p), got, want)
		}
	}
}

// words is the text of a document with its places.
func words(t *testing.T, path string) string {
	t.Helper()
	out, err := exec.Command("pdftotext", "-bbox", path, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext %s: %v", path, err)
	}
	return string(out)
}
