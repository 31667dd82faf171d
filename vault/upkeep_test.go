package vault

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"paye/vault/internal/catalogue"
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
