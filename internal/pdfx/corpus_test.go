package pdfx

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// corpus lists the test documents of the library, by many producers, in the
// module cache.
func corpus(t *testing.T) []string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/pdfcpu/pdfcpu").Output()
	if err != nil {
		t.Skip("the source of the library is not in the module cache")
	}
	var paths []string
	root := filepath.Join(strings.TrimSpace(string(dir)), "pkg", "testdata")
	filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(p) == ".pdf" {
			paths = append(paths, p)
		}
		return nil
	})
	if len(paths) == 0 {
		t.Skip("the library comes without its test documents")
	}
	return paths
}

var pagesOf = regexp.MustCompile(`(?m)^Pages: +(\d+)$`)

func TestPageCountsAgreeWithPoppler(t *testing.T) {
	if _, err := exec.LookPath("pdfinfo"); err != nil {
		t.Skip("poppler-utils is not installed")
	}
	judged := 0
	for _, p := range corpus(t) {
		st, err := os.Stat(p)
		if err != nil || st.Size() > 1<<20 {
			continue
		}
		out, err := exec.Command("pdfinfo", p).Output()
		m := pagesOf.FindSubmatch(out)
		if err != nil || m == nil {
			continue
		}
		want, _ := strconv.Atoi(string(m[1]))
		f, err := os.Open(p)
		if err != nil {
			t.Fatal(err)
		}
		info, err := Inspect(context.Background(), f, st.Size())
		f.Close()
		if err != nil || info.Pages != want {
			t.Errorf("%s: %d pages, %v; pdfinfo counts %d", filepath.Base(p), info.Pages, err, want)
		}
		judged++
	}
	t.Logf("%d documents judged", judged)
}
