package vault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"paye/internal/anomalie"
)

// Other processes deposit, list, destroy and renew a key while a vault is
// verified again and again: none of it looks like damage, and the quiet verdict
// afterwards is the same.
func TestFsckTellsTheTruthBesideAnything(t *testing.T) {
	o, clock := options()
	root := newVault(t, o)
	keep := reopen(t, root, o) // as serve has it
	// A process does so many rounds: what is verified must not grow for as long
	// as it is verified.
	const agents, rounds = 12, 20
	deposit(t, keep, bulletins(0, agents)...)

	ctx, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	process := func(name string, work func(ctx context.Context, c *Coffre, n int) error) {
		wg.Go(func() {
			for n := 0; n < rounds && ctx.Err() == nil; n++ {
				c, err := Open(ctx, root, o)
				if err == nil {
					err = errors.Join(work(ctx, c, n), c.Close(context.WithoutCancel(ctx)))
				}
				if err != nil && ctx.Err() == nil {
					t.Errorf("%s: %v", name, err)
					return
				}
			}
		})
	}
	process("deposit", func(ctx context.Context, c *Coffre, n int) error {
		lot := bulletins(0, agents)
		for i := range lot {
			lot[i].Periode = Periode{Annee: 2030 + n/12, Mois: 1 + n%12}
			lot[i].Contenu = content(pdf(fmt.Sprintf("bulletin %d de %s", n, lot[i].Matricule)))
		}
		results, err := c.Deposit(ctx, Systeme("essai"), lot)
		if err != nil || n%2 == 0 {
			return err
		}
		for _, r := range results[:agents/2] {
			if _, err := c.Destroy(ctx, Systeme("essai"), r.Recu.ID, ToutesCopies, "erreur"); err != nil {
				return err
			}
		}
		return nil
	})
	process("list", func(ctx context.Context, c *Coffre, _ int) error {
		for _, err := range c.List(ctx, Systeme("essai"), Filtre{Employeur: siret, Limite: 3}) {
			if err != nil {
				return err
			}
		}
		return nil
	})
	process("rekey", func(ctx context.Context, c *Coffre, n int) error {
		_, err := c.Upkeep().Rekey(ctx, Systeme("essai"), Renouvellement{Cle: []string{CleEmployeur(siret), CleMaitre}[n%2]})
		return err
	})
	process("serve", func(ctx context.Context, _ *Coffre, n int) error {
		_, err := keep.Count(ctx, Systeme("essai"), Filtre{Employeur: siret})
		return err
	})
	verify := func() *RapportFsck {
		r, err := Fsck(context.Background(), root, FsckOptions{Options: o})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for n := range 8 {
		for _, a := range verify().Anomalies {
			// That a renewal is under way is true while it is.
			if a.Gravite != anomalie.Info && a.Code != "COF-139" {
				t.Errorf("verification %d: %s %v", n, a.Code, a)
			}
		}
	}
	stop()
	wg.Wait()
	if err := keep.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	clock.add(time.Second)
	if r := verify(); !r.Sound() {
		t.Errorf("afterwards: %v", r.Anomalies)
	}
}

func TestDamageIsNamedBesideDepositsToo(t *testing.T) {
	o, _ := options()
	root := newVault(t, o)
	c := reopen(t, root, o)
	deposit(t, c, bulletins(0, 3)...)
	packs, err := filepath.Glob(filepath.Join(root, "blobs", "*.paq"))
	if err != nil || len(packs) == 0 {
		t.Fatal(packs, err)
	}
	flip(t, packs[0], 200)
	ctx, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			lot := bulletins(3, 5)
			for i := range lot {
				lot[i].Periode = Periode{Annee: 2030 + n/12, Mois: 1 + n%12}
			}
			c.Deposit(ctx, Systeme("essai"), lot)
		}
	})
	for range 3 {
		r, err := Fsck(context.Background(), root, FsckOptions{Options: o})
		if err != nil || r.Sound() || r.Fautes["COF-121"] != 1 {
			t.Errorf("a flipped byte beside deposits: %v, %v", r.Fautes, err)
		}
	}
	stop()
	wg.Wait()
}

// flip changes one byte of a file.
func flip(t *testing.T, path string, offset int64) {
	t.Helper()
	must(t, os.Chmod(path, 0o600))
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	defer f.Close()
	b := make([]byte, 1)
	_, err = f.ReadAt(b, offset)
	must(t, err)
	b[0] ^= 1
	_, err = f.WriteAt(b, offset)
	must(t, err)
}
