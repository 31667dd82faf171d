package cores

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
)

func TestEachDoesAllOnce(t *testing.T) {
	for _, workers := range []int{0, 1, 2, 7} {
		for _, n := range []int{0, 1, 5, 100} {
			done := make([]atomic.Int32, n)
			var most, now atomic.Int32
			err := Each(t.Context(), workers, n, func(_ context.Context, i int) error {
				if k := now.Add(1); k > most.Load() {
					most.Store(k)
				}
				done[i].Add(1)
				now.Add(-1)
				return nil
			})
			if err != nil {
				t.Errorf("%d of %d: %v", workers, n, err)
			}
			for i := range done {
				if k := done[i].Load(); k != 1 {
					t.Errorf("%d of %d: part %d was done %d times", workers, n, i, k)
				}
			}
			if workers > 0 && int(most.Load()) > workers {
				t.Errorf("%d of %d: %d at once", workers, n, most.Load())
			}
		}
	}
}

func TestEachEndsWithTheFirstThatFails(t *testing.T) {
	broken := errors.New("broken")
	for _, workers := range []int{1, 3} {
		var after atomic.Int32
		err := Each(t.Context(), workers, 1000, func(ctx context.Context, i int) error {
			if i == 10 {
				return broken
			}
			if i > 10 {
				<-ctx.Done() // which the failure brings
				after.Add(1)
			}
			return ctx.Err()
		})
		if !errors.Is(err, broken) || int(after.Load()) >= workers {
			t.Errorf("%d workers: %v, and %d parts came after", workers, err, after.Load())
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, workers := range []int{1, 3} {
		if err := Each(ctx, workers, 5, func(context.Context, int) error { t.Error("done"); return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("%d workers: %v", workers, err)
		}
	}
}
