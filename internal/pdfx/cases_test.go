package pdfx

import (
	"os"
	"path/filepath"
	"testing"
)

// caseFiles lists the shared cases of a pattern; the test is skipped without
// them.
func caseFiles(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "cases", pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Skip("the shared cases are not there")
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
