package vault

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// outside is a witness that a vault cannot put back.
type outside struct{ note []byte }

func (w *outside) options(o Options) Options {
	o.Temoin = func(_ context.Context, point []byte) error { w.note = bytes.Clone(point); return nil }
	o.Temoins = func(context.Context) ([][]byte, error) {
		if w.note == nil {
			return nil, nil
		}
		return [][]byte{w.note}, nil
	}
	return o
}

// rolledBack is a vault that was put back whole to an older state than its
// witness.
func rolledBack(t *testing.T) (root string, w *outside, o Options) {
	t.Helper()
	o, _ = options()
	root, w = newVault(t, o), &outside{}
	o = w.options(o)
	c, err := Open(ctx, root, o)
	must(t, err)
	deposit(t, c, bulletins(0, 2)...)
	must(t, c.Close(ctx))
	old := filepath.Join(t.TempDir(), "old")
	must(t, os.CopyFS(old, os.DirFS(root)))
	c, err = Open(ctx, root, o)
	must(t, err)
	deposit(t, c, bulletins(2, 4)...)
	must(t, c.Close(ctx))
	return old, w, o
}

func TestVaultThatDoesNotContinueItsWitnessSignsNothing(t *testing.T) {
	root, w, o := rolledBack(t)
	kept := bytes.Clone(w.note)
	c, err := Open(ctx, root, o)
	must(t, err)
	wantCode(t, c.Err(), "COF-142")
	size, err := c.book.Size(ctx)
	must(t, err)
	_, err = c.Deposit(ctx, Systeme("essai"), bulletins(5, 6))
	wantCode(t, err, "COF-142")
	_, err = c.Destroy(ctx, Systeme("essai"), anyOf(t, c), ToutesCopies, "erreur")
	wantCode(t, err, "COF-142")
	_, err = c.OpenVersement(ctx, Systeme("essai"), Versement{Employeur: siret, Periode: september, Source: "x"})
	wantCode(t, err, "COF-142")
	_, err = c.WritePoint(ctx)
	wantCode(t, err, "COF-142")
	// It can be read.
	if len(read(t, c, Systeme("essai"), anyOf(t, c))) == 0 {
		t.Error("nothing is read")
	}
	must(t, c.Close(ctx))
	if !bytes.Equal(w.note, kept) {
		t.Error("the witness was written over")
	}
	again, err := Open(ctx, root, o)
	must(t, err)
	defer again.Close(ctx)
	if n, err := again.book.Size(ctx); err != nil || n != size {
		t.Errorf("%d events were written, %v", n-size, err)
	}
}

// anyOf is a document of a vault.
func anyOf(t *testing.T, c *Coffre) ID {
	t.Helper()
	for m, err := range c.List(ctx, Systeme("essai"), Filtre{Employeur: siret, Limite: 1}) {
		must(t, err)
		return m.ID
	}
	t.Fatal("no document")
	return ID{}
}

func TestForkIsFoundThoughItIsLongerThanTheWitness(t *testing.T) {
	root, w, o := rolledBack(t)
	plain := o
	plain.Temoin, plain.Temoins = nil, nil
	c, err := Open(ctx, root, plain) // without the witness it goes another way
	must(t, err)
	deposit(t, c, bulletins(10, 30)...)
	must(t, c.Close(ctx))
	kept := bytes.Clone(w.note)
	c, err = Open(ctx, root, o)
	must(t, err)
	wantCode(t, c.Err(), "COF-142")
	must(t, c.Close(ctx))
	if !bytes.Equal(w.note, kept) {
		t.Error("the witness was written over")
	}
}

func TestWitnessThatIsContinuedIsBroughtUpToDate(t *testing.T) {
	o, clock := options()
	root, w := newVault(t, o), &outside{}
	o = w.options(o)
	for n := range 3 {
		c, err := Open(ctx, root, o)
		must(t, err)
		deposit(t, c, bulletins(n, n+1)...)
		clock.add(26 * time.Hour)
		must(t, c.Close(ctx))
		r, err := Fsck(ctx, root, FsckOptions{Options: o, Temoins: [][]byte{w.note}})
		if err != nil || !r.Sound() {
			t.Errorf("after session %d: %v, %v", n, r.Anomalies, err)
		}
	}
	w.note = []byte("no checkpoint at all\n")
	c, err := Open(ctx, root, o)
	must(t, err)
	wantCode(t, c.Err(), "COF-115")
	must(t, c.Close(ctx))
}
