package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paye/internal/manifest"
	"paye/pespj"
	"paye/synth"
)

// paye makes a synthetic run in a folder.
func paye(t testing.TB, o synth.Options) string {
	t.Helper()
	run, err := synth.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "paye")
	if err := run.Write(context.Background(), dir, new(synth.Progress)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// demande asks for PES archives of the run in dir.
func demande(dir, out string, limit int64) *demand {
	return &demand{Watch: Watch{Version: "test"}, Request: Request{
		Entree: dir, Sortie: out, Limit: limit,
		Date: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC),
		Flux: pespj.Flux{TypFic: pespj.TypFicDefaut, EmetteurSigle: "XHL", EmetteurAdresse: "xhl test", IdPost: "006111", CodCol: "123", CodBud: "00"},
	}}
}

// build prepares and writes.
func build(ctx context.Context, dem *demand) (*Job, *manifest.Manifest, error) {
	d, err := Prepare(ctx, dem.Request, dem.Watch)
	if err != nil {
		return nil, nil, err
	}
	defer d.Close()
	m, err := d.Write(ctx)
	return d, m, err
}

// files returns the digest of every file below dir, by path; none when dir is
// not there.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	list := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		name, err := filepath.Rel(dir, path)
		list[name] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return list
}

func names(list map[string]string) string {
	var all []string
	for name := range list {
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

func TestCodesAreCompleteInBothLanguages(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
}
