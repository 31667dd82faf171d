package sync

import (
	"context"

	"paye/hr"
)

// Recap gathers what changed in a month; the zero Mois is the current one.
func (j *Job) Recap(ctx context.Context, m hr.Mois) (*hr.Recap, error) {
	if m == (hr.Mois{}) {
		m = j.Today().Mois()
	}
	return j.store.Recap(ctx, m)
}

// LastRun is the last synchronisation that wrote; nil when there was none.
func (j *Job) LastRun(ctx context.Context) (*hr.Passed, error) { return j.store.LastRun(ctx) }
