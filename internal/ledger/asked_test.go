package ledger_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	. "paye/internal/ledger"
)

func TestQuestionsThatComeTogetherAreAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []int
		var away error
		a := NewAsked(time.Millisecond, func(_ context.Context, list []int) (int, error) {
			asked = append(asked, len(list))
			return len(list), away
		})
		for _, away = range []error{nil, errors.New("away")} {
			asked = nil
			for range 5 {
				go func() {
					if n, err := a.Ask(t.Context(), 1); n != 5 || !errors.Is(err, away) {
						t.Errorf("got %d, %v, want 5, %v", n, err, away)
					}
				}()
			}
			time.Sleep(time.Second)
			synctest.Wait()
			if n, err := a.Ask(t.Context(), 1); n != 1 || !errors.Is(err, away) || len(asked) != 2 {
				t.Errorf("got %d, %v; asked for %v", n, err, asked)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := a.Ask(ctx, 1); !errors.Is(err, context.Canceled) {
			t.Errorf("interrupted: %v", err)
		}
		time.Sleep(time.Second) // it is asked all the same
	})
}
