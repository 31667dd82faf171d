package vaulttest

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// GoldenTime is when the golden vault was made.
var GoldenTime = time.Date(2026, 11, 28, 19, 50, 0, 0, time.UTC)

// Golden unpacks the golden vault, an archive in testdata of package vault, and
// returns the folder: coffre/ as the first program that had the format left it,
// recus/ with receipts that it gave, temoin.note with a checkpoint kept
// outside. It has two sessions of which one was validated, a paper list, a
// destroyed document, and an employer's key that was replaced.
func Golden(t testing.TB, archive string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	z, err := zip.OpenReader(archive)
	must(t, err)
	defer z.Close()
	for _, f := range z.File {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		must(t, os.MkdirAll(filepath.Dir(path), 0o700))
		r, err := f.Open()
		must(t, err)
		b, err := io.ReadAll(r)
		must(t, err)
		must(t, r.Close())
		must(t, os.WriteFile(path, b, 0o600))
	}
	return dir
}
