package batch

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"paye/internal/fluxbook"
)

// TestAttemptsThatBeginTogetherAskOnce: what the book could not say, it is asked again.
func TestAttemptsThatBeginTogetherAskOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		month := func(n int) fluxbook.Month { return fluxbook.Month{Siret: "1", Annee: 2026, Mois: n} }
		asked := 0
		var away error
		q := &months{ask: func(_ context.Context, list []fluxbook.Month) (map[fluxbook.Month]bool, error) {
			asked++
			return map[fluxbook.Month]bool{month(2): true}, away
		}}
		for _, tc := range []struct {
			away   error
			unseen bool
		}{{nil, true}, {errors.New("away"), false}} {
			asked, away = 0, tc.away
			for n := range 5 {
				go func() {
					if got := q.unseen(t.Context(), month(n)); got != (tc.unseen && n != 2) {
						t.Errorf("month %d, %v: %v", n, tc.away, got)
					}
				}()
			}
			synctest.Wait()
			q.unseen(t.Context(), month(9))
			synctest.Wait()
			if asked != 1 {
				t.Errorf("the book was asked %d times", asked)
			}
		}
	})
}
