package portal_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"paye/app/portal"
	"paye/app/portal/portaltest"
	"paye/internal/durable"
	"paye/vault"
	"paye/vault/vaulttest"
)

// A death is a process that ends at one change of the disk: that one fails with
// all that follow. What it left is opened again, the rounds of time carry on,
// and who was not answered asks again.
type death struct {
	prepare func(t *testing.T, b *portaltest.Bench)
	do      func(t *testing.T, b *portaltest.Bench) error
	// check looks at the machine after the rounds and the second asking.
	check func(t *testing.T, b *portaltest.Bench)
}

var errDead = errors.New("the process is dead")

func (d *death) walk(t *testing.T) {
	b := portaltest.New(t, nil)
	d.prepare(t, b)
	b.Shut()
	now := b.Clock.Now()
	open := func() *portaltest.Bench {
		dir := filepath.Join(t.TempDir(), "machine")
		if err := os.CopyFS(dir, os.DirFS(b.Dir)); err != nil {
			t.Fatal(err)
		}
		return portaltest.Open(t, dir, vaulttest.NewClock(now), nil)
	}
	// breaking runs do with every step from n on failing, and counts the steps.
	breaking := func(b *portaltest.Bench, n int) (steps int, err error) {
		var mu sync.Mutex
		restore := durable.Intercept(func(durable.Step) error {
			mu.Lock()
			defer mu.Unlock()
			if steps++; n >= 0 && steps > n {
				return errDead
			}
			return nil
		})
		err = d.do(t, b)
		restore()
		return steps, err
	}
	whole := open()
	steps, err := breaking(whole, -1)
	if err != nil || steps < 4 {
		t.Fatalf("untroubled: %d steps, %v", steps, err)
	}
	d.check(t, whole)
	whole.Shut()
	every := 1
	if testing.Short() {
		every = 5
	}
	for n := 0; n < steps; n += every {
		b := open()
		_, err := breaking(b, n)
		b.Shut()
		b = portaltest.Open(t, b.Dir, vaulttest.NewClock(now.Add(time.Second)), nil)
		if round := b.Round(t.Context()); round != nil {
			t.Errorf("step %d of %d: the round after: %v", n, steps, round)
		}
		if err != nil { // he was not answered, and asks again: a refusal says that it was done
			if err := d.do(t, b); err != nil && !refusedNow(err) {
				t.Errorf("step %d of %d: asked again: %v", n, steps, err)
			}
		}
		if err := b.Round(t.Context()); err != nil {
			t.Errorf("step %d of %d: the second round: %v", n, steps, err)
		}
		d.check(t, b)
		if t.Failed() {
			t.Fatalf("after step %d of %d", n, steps)
		}
		b.Shut()
	}
	t.Logf("%d steps", steps)
}

func refusedNow(err error) bool {
	return portal.Codes.New(portal.NotNow).Error() == err.Error() || portal.Codes.New(portal.Refused).Error() == err.Error()
}

func TestMergeSurvivesADeathAtEachStep(t *testing.T) {
	var into, from string
	d := death{
		prepare: func(t *testing.T, b *portaltest.Bench) {
			b.Deposit(t, "2026-10", "A1", "A2")
			letters := b.Letters(t)
			a, other := b.Opened(t, letters["A1"], "a@example.org"), b.Opened(t, letters["A2"], "b@example.org")
			into, from = a.ID, other.ID
			asked(t, b, a, other, letters["A2"].Number)
			b.Clock.Add(72 * time.Hour)
		},
		do: func(t *testing.T, b *portaltest.Bench) error { return b.Round(t.Context()) },
		check: func(t *testing.T, b *portaltest.Bench) {
			if n := count(t, b, into); n != 2 {
				t.Errorf("%d documents, want 2", n)
			}
			if got := b.Stored(t, from); got.State != portal.Merged || got.Alias != into {
				t.Errorf("the alias is %s", got.State)
			}
			if m, err := b.Membership(t.Context(), siret, "A2"); err != nil || m.Account != into {
				t.Errorf("the membership: %v, %v", m, err)
			}
		},
	}
	d.walk(t)
}

func TestUndoOfAMergeSurvivesADeathAtEachStep(t *testing.T) {
	var into, from string
	d := death{
		prepare: func(t *testing.T, b *portaltest.Bench) {
			b.Deposit(t, "2026-10", "A1", "A2")
			letters := b.Letters(t)
			a, other := b.Opened(t, letters["A1"], "a@example.org"), b.Opened(t, letters["A2"], "b@example.org")
			into, from = a.ID, other.ID
			asked(t, b, a, other, letters["A2"].Number)
			b.Clock.Add(72 * time.Hour)
			if err := b.Round(t.Context()); err != nil {
				t.Fatal(err)
			}
		},
		do: func(t *testing.T, b *portaltest.Bench) error { return b.StopMerge(t.Context(), into, from) },
		check: func(t *testing.T, b *portaltest.Bench) {
			if count(t, b, into) != 1 || count(t, b, from) != 1 {
				t.Errorf("%d and %d documents, want one each", count(t, b, into), count(t, b, from))
			}
			if m, err := b.Membership(t.Context(), siret, "A2"); err != nil || m.Account != from {
				t.Errorf("the membership: %v, %v", m, err)
			}
		},
	}
	d.walk(t)
}

func TestRefusalSurvivesADeathAtEachStep(t *testing.T) {
	d := death{
		prepare: func(t *testing.T, b *portaltest.Bench) {
			b.Deposit(t, "2026-10", "A1")
			b.Opened(t, b.Letters(t)["A1"], "a@example.org")
		},
		do: func(t *testing.T, b *portaltest.Bench) error {
			if err := b.DraftRefusal(t.Context(), siret, "A1"); err != nil {
				return err
			}
			_, err := b.ConfirmRefusal(t.Context(), siret, "A1")
			return err
		},
		check: func(t *testing.T, b *portaltest.Bench) {
			m, err := b.Membership(t.Context(), siret, "A1")
			if err != nil || m.Mode != portal.Confirmed || m.Number == "" {
				t.Fatalf("the membership: %+v, %v", m, err)
			}
			list, err := b.V.Papier(t.Context(), vault.Systeme("essai"), siret)
			if err != nil || len(list) != 1 || !list[0].Depuis.Equal(m.Confirmed) {
				t.Errorf("paper list %v, %v; the refusal is of %s", list, err, m.Confirmed)
			}
			again, err := b.ConfirmRefusal(t.Context(), siret, "A1")
			if err != nil || again.Number != m.Number || !again.Confirmed.Equal(m.Confirmed) {
				t.Errorf("another certain date: %+v, %v", again, err)
			}
		},
	}
	d.walk(t)
}

func TestClosureSurvivesADeathAtEachStep(t *testing.T) {
	var id string
	d := death{
		prepare: func(t *testing.T, b *portaltest.Bench) {
			b.Deposit(t, "2026-10", "A1")
			b.Deposit(t, "2026-11", "A1")
			id = b.Opened(t, b.Letters(t)["A1"], "a@example.org").ID
		},
		do: func(t *testing.T, b *portaltest.Bench) error {
			_, err := b.CloseByOwner(t.Context(), id)
			return err
		},
		check: func(t *testing.T, b *portaltest.Bench) {
			if a, err := b.Account(t.Context(), id); err != nil || a != nil {
				t.Errorf("the account is there: %v", err)
			}
			m, err := b.Membership(t.Context(), siret, "A1")
			if err != nil || m.Account != "" || m.Mode != portal.Confirmed {
				t.Errorf("the membership: %+v, %v", m, err)
			}
			if list, err := b.V.Papier(t.Context(), vault.Systeme("essai"), siret); err != nil || len(list) != 1 {
				t.Errorf("paper list %v, %v", list, err)
			}
			for d, err := range b.V.List(t.Context(), vault.Systeme("essai"), vault.Filtre{Employeur: siret}) {
				if err != nil || d.Copies != vault.CopieDouble {
					t.Errorf("copies %v, %v", d.Copies, err)
				}
			}
		},
	}
	d.walk(t)
}
