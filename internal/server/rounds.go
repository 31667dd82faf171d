package server

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Round is what a server does by itself at its start and every day.
type Round struct {
	Nom string // as /sante shows it; empty for what is in the log only
	Do  func(context.Context) error

	due   time.Time
	mu    sync.Mutex
	fault error // of the last time
}

const (
	day = 24 * time.Hour
	// laterToday is when a round that failed is tried again.
	laterToday = time.Hour
)

// Rounds are done one after the other, in their order.
type Rounds []*Round

// Run does the rounds that are due until the context ends.
func (rs Rounds) Run(ctx context.Context, log *slog.Logger) {
	for {
		next := time.Now().Add(day)
		for _, r := range rs {
			if !time.Now().Before(r.due) {
				r.once(ctx, log)
			}
			if r.due.Before(next) {
				next = r.due
			}
		}
		wait := time.NewTimer(time.Until(next))
		select {
		case <-ctx.Done():
			wait.Stop()
			return
		case <-wait.C:
		}
	}
}

func (r *Round) once(ctx context.Context, log *slog.Logger) {
	err := r.Do(ctx)
	if ctx.Err() != nil {
		return // it was stopped: nothing is known
	}
	r.due = time.Now().Add(day)
	if err != nil {
		r.due = time.Now().Add(laterToday)
		log.Error("daily round failed", "round", r.Nom, "err", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = err
}

// Probes tell how the last of each round went, of those that have a name.
func (rs Rounds) Probes() (list []Probe) {
	for _, r := range rs {
		if r.Nom == "" {
			continue
		}
		list = append(list, Probe{Nom: r.Nom, Etat: func(context.Context) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			return r.fault
		}})
	}
	return list
}
