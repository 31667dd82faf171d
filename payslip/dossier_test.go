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

	"paye/internal/durable"
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

// dossier makes one whose delivery goes to dir.
func dossier(t *testing.T) (d *payslip.Dossier, dir string) {
	t.Helper()
	r, err := payslip.New(payslip.Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	out, err := durable.Begin(dir, durable.DeliveryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(out.Abort)
	return &payslip.Dossier{Renderer: r, Out: out, Workers: 4}, dir
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
	d, dir := dossier(t)
	var told []string
	var sizes []int64
	d.Ecrit = func(f payslip.Fichier) error {
		told, sizes = append(told, f.Nom), append(sizes, f.Octets)
		return nil
	}
	if err := errors.Join(d.Write(t.Context(), e, bulletins), d.Out.Publish()); err != nil {
		t.Fatal(err)
	}
	d.Out.Abort()
	for i, name := range told {
		st, err := os.Stat(filepath.Join(dir, name))
		if err != nil || st.Size() != sizes[i] || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, want %d bytes and 0600", name, err, sizes[i])
		}
	}
	var want []string
	var noms payslip.Noms
	for b := range bulletins {
		want = append(want, noms.Next(e, b))
		alone, err := d.Renderer.Append(nil, e, b)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, want[len(want)-1]))
		if err != nil || !bytes.Equal(got, alone) {
			t.Errorf("%s is not the bulletin: %v", want[len(want)-1], err)
		}
	}
	if !slices.Equal(told, want) {
		t.Errorf("told of %q, want %q", told, want)
	}
	slices.Sort(want)
	if got := names(t, dir); !slices.Equal(got, want) {
		t.Errorf("the folder has %q, want %q", got, want)
	}
	if d.Fait.Load() != 40 {
		t.Errorf("%d counted, want 40", d.Fait.Load())
	}
}

func TestFaultOfTheJournalIsTold(t *testing.T) {
	fault := errors.New("cut short")
	e, bulletins := book(t, 10, fault)
	d, dir := dossier(t)
	if err := d.Write(t.Context(), e, bulletins); !errors.Is(err, fault) {
		t.Errorf("got %v, want %v", err, fault)
	}
	d.Out.Abort()
	if got := names(t, dir); len(got) > 0 {
		t.Errorf("the folder has %q", got)
	}
}

func TestFaultOfTheFolderIsTold(t *testing.T) {
	e, bulletins := book(t, 100, nil)
	d, _ := dossier(t)
	d.Out.Abort()
	if err := d.Write(t.Context(), e, bulletins); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want %v", err, os.ErrNotExist)
	}
}

func TestInterruptionLeavesNothing(t *testing.T) {
	e, bulletins := book(t, 300, nil)
	d, dir := dossier(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	d.Ecrit = func(payslip.Fichier) error {
		cancel()
		return nil
	}
	if err := d.Write(ctx, e, bulletins); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	d.Out.Abort()
	if got := names(t, dir); len(got) > 0 {
		t.Errorf("the folder has %q", got)
	}
}
