package send_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	. "paye/app/send"
	"paye/app/send/sendtest"
	"paye/internal/durable/durabletest"
	"paye/internal/fluxbook"
)

// TestEveryStepOfTheLifeOfAFluxMayBeBroken breaks the deposit, the reading of
// acknowledgments and the resending at each file and each transaction. The book
// must be sound afterwards, and the same work, done again by another process,
// must lead where an untroubled one does: no answer lost, nothing sent twice.
func TestEveryStepOfTheLifeOfAFluxMayBeBroken(t *testing.T) {
	why := map[string]sendtest.Refusal{"B": timeout, "C": timeout}
	deposit := func(ctx context.Context, w *world, box string) error {
		s := w.sender(NewFolder(box, ""))
		for _, pass := range []struct {
			again  fluxbook.Again
			states []fluxbook.Etat
		}{{fluxbook.Resume, []fluxbook.Etat{fluxbook.EnEnvoi, fluxbook.Incertain}}, {fluxbook.Once, []fluxbook.Etat{fluxbook.Produit}}} {
			list, err := w.book.In(ctx, pass.states...)
			if err != nil {
				return err
			}
			if err := s.Deposit(ctx, list, pass.again, func(*Departure) error { return nil }); err != nil {
				return err
			}
		}
		return nil
	}
	read := func(ctx context.Context, w *world, _ string) error {
		_, err := Acquit(ctx, &fluxbook.LateBook{Book: w.book}, []string{filepath.Join(w.dir, "acks")}, func(*Lecture) error { return nil })
		return err
	}
	again := func(ctx context.Context, w *world, _ string) error {
		r := Resend{Date: time.Date(2026, 5, 30, 0, 0, 0, 0, time.UTC)}
		return r.Resend(ctx, w.book, func(*Resent) error { return nil })
	}
	works := []func(context.Context, *world, string) error{deposit, read, again}
	wants := []string{"depose: A envoyee B envoyee C envoyee", "acquitte: A acceptee B refusee C refusee", "acquitte: A acceptee B reprise C reprise"}
	for i, name := range []string{"deposit", "acquit", "resend"} {
		t.Run(name, func(t *testing.T) {
			// start is a world on which only the works before i were done.
			start := func() (w *world, nomFic, box string) {
				w, box = newWorld(t), t.TempDir()
				nomFic = w.produce(5, "A", "B", "C")
				acks := filepath.Join(w.dir, "acks")
				if err := os.Mkdir(acks, 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(acks, "1.xml"), sendtest.Acquit(t, w.file(nomFic), "2026-05-29", why), 0o600); err != nil {
					t.Fatal(err)
				}
				for _, work := range works[:i] {
					if err := work(t.Context(), w, box); err != nil {
						t.Fatal(err)
					}
				}
				return w, nomFic, box
			}
			after := func(w *world, nomFic, box, when string) {
				w.sound()
				if got := w.states(nomFic); got != wants[i] {
					t.Errorf("%s: got %s, want %s", when, got, wants[i])
				}
				all, err := w.book.List(t.Context(), fluxbook.Filtre{})
				if want := 1 + i/2; err != nil || len(all) != want {
					t.Errorf("%s: %d fluxes, want %d, %v", when, len(all), want, err)
				}
				if left, err := os.ReadDir(box); err != nil || len(left) != 1 {
					t.Errorf("%s: %d files handed over, %v", when, len(left), err)
				}
			}
			w, nomFic, box := start()
			var err error
			steps := durabletest.Steps(func() { err = works[i](t.Context(), w, box) })
			if err != nil || len(steps) == 0 {
				t.Fatal(len(steps), err)
			}
			after(w, nomFic, box, "untroubled")
			for n := range steps {
				for _, how := range durabletest.All {
					w, nomFic, box := start()
					when := string(how) + " at " + string(steps[n])
					durabletest.Break(n, how, func(ctx context.Context) { works[i](ctx, w, box) })
					w.open()
					w.sound()
					if err := works[i](t.Context(), w, box); err != nil {
						t.Errorf("%s, again: %v", when, err)
					}
					after(w, nomFic, box, when)
				}
			}
			t.Logf("%d steps, broken %d times", len(steps), 3*len(steps))
		})
	}
}
