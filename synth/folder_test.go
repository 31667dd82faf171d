package synth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// feuille prints a document as plain text, quickly.
func feuille(dst []byte, d *document) []byte {
	return fmt.Appendf(dst, "%s %s %v %s %x\n", d.numero, d.objet, d.agents, d.date.Format("2006-01-02"), d.seed)
}

func TestAFolderHoldsARunAndItsPieces(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "below")
	r := generate(t, Options{Bulletins: 120, Pieces: 20, Journal: true})
	r.presse = feuille
	var s Progress
	if err := r.Write(context.Background(), dir, &s); err != nil {
		t.Fatal(err)
	}
	var octets int64
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		octets += int64(len(b))
		return b
	}
	if !bytes.Equal(read(FichierRun), runJSONL(t, r)) || !bytes.Equal(read(FichierJournal), journal(t, r)) {
		t.Error("the files are not what WriteJSONL and WriteXHL write")
	}
	read(FichierIndex)
	for n, p := range r.Pieces() {
		d := r.document(n)
		if got, want := read(filepath.Join(DossierPieces, p.Fichier)), feuille(nil, &d); !bytes.Equal(got, want) {
			t.Errorf("%s holds %q, want %q", p.Fichier, got, want)
		}
		if len(d.agents) != len(p.Agents) {
			t.Errorf("%s names %d agents of %d", p.Fichier, len(d.agents), len(p.Agents))
		}
		if !d.date.Before(d.debut) || !d.fin.IsZero() && !d.fin.After(d.debut) {
			t.Errorf("%s is signed on %s, from %s to %s", p.Fichier, d.date, d.debut, d.fin)
		}
	}
	if files, _ := os.ReadDir(filepath.Join(dir, DossierPieces)); len(files) != 20 {
		t.Errorf("%d files for 20 pieces", len(files))
	}
	if s.Pieces.Load() != 20 || s.Bulletins.Load() != 240 || s.Octets.Load() != octets {
		t.Errorf("%d pieces, %d bulletins, %d bytes counted; want 20, 240, %d", s.Pieces.Load(), s.Bulletins.Load(), s.Octets.Load(), octets)
	}
}

func TestAnInterruptedRunLeavesNothingAndCanBeDoneAgain(t *testing.T) {
	dir := t.TempDir()
	r := generate(t, Options{Bulletins: 300, Pieces: 40})
	ctx, cancel := context.WithCancel(context.Background())
	one := *r
	one.opts.Workers = 1
	stopped := func(dst []byte, d *document) []byte {
		cancel()
		return feuille(dst, d)
	}
	r.presse, one.presse = feuille, stopped
	if err := one.Write(ctx, dir, new(Progress)); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: %v", err)
	}
	if files, _ := os.ReadDir(dir); len(files) > 0 {
		t.Errorf("%s was left behind", files[0].Name())
	}
	if err := r.Write(context.Background(), dir, new(Progress)); err != nil {
		t.Errorf("done again: %v", err)
	}
}

func TestAFolderThatCannotBeWrittenIsAnError(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := generate(t, Options{Bulletins: 3}).Write(context.Background(), dir, new(Progress)); err == nil {
		t.Error("a run was written into a file")
	}
}
