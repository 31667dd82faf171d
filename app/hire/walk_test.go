package hire

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"paye/due"
	"paye/internal/durable/durabletest"
)

// TestEveryStepOfADeclarationMayBeBroken breaks the sending of a declaration at
// each file and each transaction. What is in the outbox is then one message or
// none; the declaration is sent again, or resumed as the register says, and one
// message has left in the end: none lost, none twice.
func TestEveryStepOfADeclarationMayBeBroken(t *testing.T) {
	start := func() *Bureau {
		b := office(t, "")
		open(t, b)
		return b
	}
	send := func(ctx context.Context, b *Bureau) error {
		bilan, err := b.Check(ctx, Controle{Embauches: filepath.Join(b.base, "embauches.csv"), Indicateur: due.Reel})
		if err != nil {
			return err
		}
		_, err = b.Send(ctx, bilan, Reel, reel)
		return err
	}
	messages := func(b *Bureau) []string {
		list, err := filepath.Glob(filepath.Join(b.base, "travail", "outbox", "*.eml"))
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	// batches are those of the register whose fate is not known, and how many left.
	batches := func(b *Bureau) (unsure []string, left int) {
		list, err := b.Registre.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			if d.Lot == "" {
				continue
			}
			e, err := b.Registre.Envoi(t.Context(), d.Lot)
			if err != nil {
				t.Fatal(err)
			}
			switch e.Etat {
			case due.LotEmis:
				left++
			case due.LotEnEnvoi, due.LotIncertain:
				unsure = append(unsure, d.Lot)
			}
		}
		return unsure, left
	}

	b := start()
	var err error
	steps := durabletest.Steps(func() { err = send(t.Context(), b) })
	if err != nil || len(messages(b)) != 1 {
		t.Fatal(err, messages(b))
	}
	for n := range steps {
		for _, how := range durabletest.All {
			when := string(how) + " at " + string(steps[n])
			b := start()
			durabletest.Break(n, how, func(ctx context.Context) { send(ctx, b) })
			b = reopen(t, b.base, "alice")
			unsure, left := batches(b)
			if found := len(messages(b)); found > 1 || left > found || len(unsure)+left > 1 {
				t.Errorf("step %d, %s: %d messages, %d batches left, %d unsure", n, when, found, left, len(unsure))
			}
			for _, lot := range unsure {
				if _, err := b.Resume(t.Context(), lot); err != nil {
					t.Errorf("step %d, %s: resume: %v", n, when, err)
				}
			}
			if len(unsure) == 0 && left == 0 {
				if err := send(t.Context(), b); err != nil {
					t.Errorf("step %d, %s: again: %v", n, when, err)
				}
			}
			list := messages(b)
			if unsure, left := batches(b); len(list) != 1 || left != 1 || len(unsure) != 0 {
				t.Errorf("step %d, %s: in the end %d messages, %d batches left, %d unsure", n, when, len(list), left, len(unsure))
				continue
			}
			if text, err := os.ReadFile(list[0]); err != nil || len(text) == 0 {
				t.Errorf("step %d, %s: %v", n, when, err)
			}
		}
	}
	t.Logf("%d steps, broken %d times", len(steps), 3*len(steps))
}
