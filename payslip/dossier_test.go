package payslip_test

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"paye/payslip"
	"paye/synth"
	"paye/xhl"
)

// book gives the bulletins of a run as a Reader does: in one value that is
// used again; the error comes after the last.
func book(t *testing.T, n int, fault error) (*xhl.Entete, iter.Seq2[*xhl.Bulletin, error]) {
	t.Helper()
	run, err := synth.Generate(synth.Options{Bulletins: n, Seed: 3, Pieces: -1})
	if err != nil {
		t.Fatal(err)
	}
	return run.Entete(), func(yield func(*xhl.Bulletin, error) bool) {
		var b xhl.Bulletin
		for i := range n {
			run.Bulletin(i, &b)
			if !yield(&b, nil) {
				return
			}
		}
		if fault != nil {
			yield(nil, fault)
		}
	}
}

func dossier(t *testing.T) *payslip.Dossier {
	t.Helper()
	r, err := payslip.New(payslip.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &payslip.Dossier{Renderer: r, Dir: t.TempDir(), Workers: 4}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func TestFolderHasTheFileOfEachBulletin(t *testing.T) {
	e, bulletins := book(t, 40, nil)
	d := dossier(t)
	var told []string
	d.Ecrit = func(f payslip.Fichier) error {
		told = append(told, f.Nom)
		st, err := os.Stat(filepath.Join(d.Dir, f.Nom))
		if err != nil || st.Size() != f.Octets || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, want %d bytes and 0600", f.Nom, err, f.Octets)
		}
		return nil
	}
	if err := d.Write(t.Context(), e, bulletins); err != nil {
		t.Fatal(err)
	}
	var want []string
	var noms payslip.Noms
	for b := range bulletins {
		want = append(want, noms.Next(e, b))
		alone, err := d.Renderer.Append(nil, e, b)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(d.Dir, want[len(want)-1]))
		if err != nil || !bytes.Equal(got, alone) {
			t.Errorf("%s is not the bulletin: %v", want[len(want)-1], err)
		}
	}
	if !slices.Equal(told, want) {
		t.Errorf("told of %q, want %q", told, want)
	}
	slices.Sort(want)
	if got := names(t, d.Dir); !slices.Equal(got, want) {
		t.Errorf("the folder has %q, want %q", got, want)
	}
	if d.Fait.Load() != 40 {
		t.Errorf("%d counted, want 40", d.Fait.Load())
	}
}

func TestFaultOfTheJournalKeepsWhatPrecedesIt(t *testing.T) {
	fault := errors.New("cut short")
	e, bulletins := book(t, 10, fault)
	d := dossier(t)
	if err := d.Write(t.Context(), e, bulletins); !errors.Is(err, fault) {
		t.Errorf("got %v, want %v", err, fault)
	}
	if got := len(names(t, d.Dir)); got != 10 {
		t.Errorf("%d files, want 10", got)
	}
}

func TestFaultOfTheFolderIsTold(t *testing.T) {
	e, bulletins := book(t, 100, nil)
	d := dossier(t)
	d.Dir = filepath.Join(d.Dir, "absent")
	if err := d.Write(t.Context(), e, bulletins); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want %v", err, os.ErrNotExist)
	}
}

func TestInterruptionLeavesWholeFilesOnly(t *testing.T) {
	e, bulletins := book(t, 300, nil)
	d := dossier(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	d.Ecrit = func(payslip.Fichier) error {
		cancel()
		return nil
	}
	if err := d.Write(ctx, e, bulletins); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	list := names(t, d.Dir)
	if len(list) == 0 || len(list) == 300 {
		t.Errorf("%d files", len(list))
	}
	for _, name := range list {
		data, err := os.ReadFile(filepath.Join(d.Dir, name))
		if err != nil || !bytes.HasSuffix(data, []byte("%%EOF\n")) {
			t.Errorf("%s is not whole: %v", name, err)
		}
	}
}
