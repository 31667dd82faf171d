package ledger_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"paye/internal/durable"
	. "paye/internal/ledger"
	"paye/internal/ledger/ledgertest"
)

// TestJoinedWorksAreEachWholeOrNot: works that fail or panic are not kept, those
// of the same transaction are, each once; a commit that fails keeps none of its.
func TestJoinedWorksAreEachWholeOrNot(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, at string) {
		l := open(t, at, schema("a", oneTable))
		var mu sync.Mutex
		commits := 0
		restore := durable.Intercept(func(s durable.Step) error {
			if s.Op != durable.OpCommit {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			if commits++; commits == 2 {
				return errCommit
			}
			return nil
		})
		defer restore()
		const works = 100
		kept := make([]bool, works)
		var all sync.WaitGroup
		for i := range works {
			all.Go(func() {
				defer func() {
					if fault := recover(); (fault != nil) != (i%10 == 5) {
						t.Errorf("work %d: panic %v", i, fault)
					}
				}()
				err := l.Join(func(tx Tx) error {
					_, err := l.Prepare(tx).ExecContext(t.Context(), `insert into a_flux (name) values ($1)`, fmt.Sprint(i))
					switch {
					case err != nil:
						return err
					case i%10 == 3:
						return errWork
					case i%10 == 5:
						panic("of this work")
					}
					return nil
				})
				kept[i] = err == nil
				if want := i%10 == 3; errors.Is(err, errWork) != want || err != nil && !want && !errors.Is(err, errCommit) {
					t.Errorf("work %d: %v", i, err)
				}
			})
		}
		all.Wait()
		for i := range works {
			want := 0
			if kept[i] {
				want = 1
			}
			if n := count(t, l.DB(), `select count(*) from a_flux where name = $1`, fmt.Sprint(i)); n != want {
				t.Errorf("work %d is there %d times, want %d", i, n, want)
			}
		}
	})
}

var (
	errCommit = errors.New("no commit")
	errWork   = errors.New("no work")
)
