package archtest

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// maxLines is how long a file of the program may be: what a person reads in
// one go.
const maxLines = 400

// long lists the files that are longer, and how long they may be: it only
// shrinks.
var long = map[string]int{}

func TestFilesAreShort(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := make(map[string]bool)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && path != root && strings.HasPrefix(name, "."), d.IsDir() && name == "testdata":
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		lines, most := bytes.Count(b, []byte("\n")), maxLines
		if n, ok := long[rel]; ok {
			seen[rel] = true
			if most = n; lines <= maxLines {
				t.Errorf("%s has %d lines: take it off the list", rel, lines)
			}
		}
		if lines > most {
			t.Errorf("%s has %d lines, at most %d: cut it by what it is about", rel, lines, most)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for rel := range long {
		if !seen[rel] {
			t.Errorf("%s is gone: take it off the list", rel)
		}
	}
}
