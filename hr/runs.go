package hr

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"paye/internal/ledger"
)

// Passed is a run that has written.
type Passed struct {
	ID      string
	At      time.Time
	Read    int // sheets
	Created int // agents
	Changed int // values
	Reason  string
}

// LastRun is the last run that wrote; nil when there was none. A run that
// changed nothing wrote nothing.
func (s *Store) LastRun(ctx context.Context) (*Passed, error) {
	var p Passed
	var at string
	err := s.l.DB().QueryRowContext(ctx, `select id, quand, lues, crees, modifies, motif from hr_run where employeur = $1 and source = $2 order by quand desc, id desc limit 1`, s.employeur, s.source).
		Scan(&p.ID, &at, &p.Read, &p.Created, &p.Changed, &p.Reason)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		p.At, err = ledger.ParseTime(at)
	}
	if err != nil {
		return nil, fmt.Errorf("read the last run: %w", err)
	}
	return &p, nil
}
