package jobs

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"paye/internal/ledger"
	"paye/internal/pgtest"
)

// TestJobsThatEndTogether: what was given up fails, what another worker has or had
// is left alone.
func TestJobsThatEndTogether(t *testing.T) {
	url := pgtest.Database(t)
	l, err := ledger.Open(t.Context(), url, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	q, err := Open(t.Context(), l, url)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, tc := range []struct {
		states []string
		want   error
	}{
		{[]string{"running", "running"}, nil},
		{[]string{"running", "available", "completed"}, nil},
		{[]string{"running", "cancelled"}, ErrLost},
		{[]string{"discarded"}, ErrLost},
		{[]string{"running", "removed"}, ErrLost},
	} {
		t.Run(fmt.Sprint(tc.states), func(t *testing.T) {
			var list []*Job
			err := l.Update(t.Context(), func(tx ledger.Tx) error {
				for range tc.states {
					n++
					made, err := q.InsertIn(t.Context(), tx, []Args{{Employeur: fmt.Sprint(n)}}, []string{"q"})
					if err != nil {
						return err
					}
					list = append(list, &Job{ID: made[0].ID, q: q})
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			for i, state := range tc.states {
				change := `update river_job set state = $2::text::river_job_state, finalized_at = case when $2::text in ('completed', 'cancelled', 'discarded') then now() end where id = $1`
				if state == "removed" {
					change = `delete from river_job where id = $1 and $2::text <> ''`
				}
				if _, err := l.Pool().Exec(change, list[i].ID, state); err != nil {
					t.Fatal(err)
				}
			}
			err = l.Update(t.Context(), func(tx ledger.Tx) error { return q.Complete(t.Context(), tx, list) })
			if !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
			for i, state := range tc.states {
				if state == "running" && tc.want == nil {
					state = "completed"
				}
				var got string
				if err := l.Pool().QueryRow(`select coalesce((select state::text from river_job where id = $1), 'removed')`, list[i].ID).Scan(&got); err != nil || got != state {
					t.Errorf("job %d is %s, want %s (%v)", i, got, state, err)
				}
				if lost := list[i].Wanted(t.Context()); errors.Is(lost, ErrLost) != (state == "cancelled" || state == "discarded" || state == "removed") {
					t.Errorf("job %d that is %s: %v", i, state, lost)
				}
			}
		})
	}
}
