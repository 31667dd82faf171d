package synth

import (
	"bytes"
	"context"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/exemple again")

// exemple is the run of testdata/exemple, which its README names the command
// of.
var exemple = Options{Bulletins: 40, Seed: 1, Pieces: 12, Journal: true}

func TestTheExampleIsWhatItsCommandMakes(t *testing.T) {
	want := filepath.Join("..", "testdata", "exemple")
	got := t.TempDir()
	if *update {
		got = want
		if err := os.RemoveAll(filepath.Join(want, DossierPieces)); err != nil {
			t.Fatal(err)
		}
	}
	if err := generate(t, exemple).Write(context.Background(), got, new(Progress)); err != nil {
		t.Fatal(err)
	}
	made, committed := files(t, got), files(t, want)
	weight := 0
	for name, b := range committed {
		weight += len(b)
		if name == "README.md" {
			continue
		}
		if !bytes.Equal(made[name], b) {
			t.Errorf("%s: %d bytes are made, %d others are committed; -update writes it again", name, len(made[name]), len(b))
		}
	}
	for name := range made {
		if committed[name] == nil {
			t.Errorf("%s is made and not committed", name)
		}
	}
	if weight > 1_500_000 {
		t.Errorf("the example weighs %d bytes, 1.5 MB at most is wanted", weight)
	}
}

// files reads every file below dir.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	list := make(map[string][]byte)
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		list[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
