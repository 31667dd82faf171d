package vault

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"paye/internal/anomalie"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
)

func TestDamagedPageOfTheCatalogueIsFoundWhileItIsOpen(t *testing.T) {
	o, _ := options()
	root := newVault(t, o)
	c := reopen(t, root, o)
	deposit(t, c, bulletins(0, 200)...)
	if err := c.Upkeep().CheckCatalogue(ctx, Systeme("essai")); err != nil {
		t.Fatalf("a sound catalogue: %v", err)
	}
	wantCode(t, c.Upkeep().CheckCatalogue(ctx, Administrateur("essai")), "COF-306")
	if err := c.Close(ctx); err != nil {
		t.Fatal(err)
	}

	// Beyond the first pages, which an opening reads.
	f, err := os.OpenFile(filepath.Join(root, catalogue.Name), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	junk := make([]byte, 4096)
	for i := range junk {
		junk[i] = 0xA5
	}
	if _, err := f.WriteAt(junk, info.Size()/8192*4096); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, reopen(t, root, o).Upkeep().CheckCatalogue(ctx, Systeme("essai")), "COF-110")
}

func TestCheckpointThatTheWitnessDidNotTakeIsSentAgain(t *testing.T) {
	o, _ := options()
	root := newVault(t, o)
	away := errors.New("witness is away")
	var taken []string
	fault := away
	o.Temoin = func(_ context.Context, point []byte) error {
		if fault == nil {
			taken = append(taken, string(point))
		}
		return fault
	}
	c := reopen(t, root, o)
	deposit(t, c, bulletins(0, 1)...)
	if _, err := c.WritePoint(ctx); !errors.Is(err, away) {
		t.Fatalf("got %v, want that the witness is away", err)
	}
	fault = nil
	for range 2 {
		if _, err := c.WritePoint(ctx); err != nil {
			t.Fatal(err)
		}
	}
	point, err := c.Point(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(taken) != 1 || taken[0] != string(point) {
		t.Errorf("the witness has %q, want once %q", taken, point)
	}
}

func TestDamagedCatalogueIsSaidToBe(t *testing.T) {
	o, _ := options()
	root := newVault(t, o)
	c := reopen(t, root, o)
	recu := deposit(t, c, bulletins(0, 60)...)[0]
	must(t, c.Close(ctx))
	whole, err := os.ReadFile(filepath.Join(root, "catalogue.db"))
	must(t, err)
	const page = 4096
	said := 0
	for n := 1; n < len(whole)/page; n++ {
		damaged := bytes.Clone(whole)
		for i := range page {
			damaged[n*page+i] = byte(i * 7)
		}
		must(t, os.WriteFile(filepath.Join(root, "catalogue.db"), damaged, 0o600))
		for _, err := range useAll(root, o, recu.ID) {
			if a, ok := faults.As(err); !ok || a.Classe() != anomalie.Coffre {
				t.Errorf("page %d: %v", n, err)
			} else {
				said++
			}
		}
		for _, suffix := range []string{"-wal", "-shm"} {
			os.Remove(filepath.Join(root, "catalogue.db"+suffix))
		}
	}
	if said == 0 {
		t.Error("no damage was met")
	}
}

// useAll opens a vault, lists, reads, counts and deposits, and gives what went
// wrong.
func useAll(root string, o Options, id ID) (wrong []error) {
	add := func(err error) {
		if err != nil {
			wrong = append(wrong, err)
		}
	}
	c, err := Open(ctx, root, o)
	if err != nil {
		return []error{err}
	}
	defer c.release()
	for _, err := range c.List(ctx, Systeme("essai"), Filtre{Employeur: siret}) {
		add(err)
	}
	_, err = c.Count(ctx, Systeme("essai"), Filtre{Employeur: siret, Matricule: "A00003"})
	add(err)
	_, err = c.Read(ctx, Systeme("essai"), id, io.Discard)
	add(err)
	_, err = c.Check(ctx, Systeme("essai"), id)
	add(err)
	_, err = c.Versements(ctx, Systeme("essai"), siret)
	add(err)
	_, err = c.Deposit(ctx, Systeme("essai"), bulletins(70, 72))
	add(err)
	return wrong
}
