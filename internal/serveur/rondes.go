package serveur

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Ronde is what a server does by itself at its start and every day.
type Ronde struct {
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

// Rondes are done one after the other, in their order.
type Rondes []*Ronde

// Run does the rounds that are due until the context ends.
func (rs Rondes) Run(ctx context.Context, log *slog.Logger) {
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

func (r *Ronde) once(ctx context.Context, log *slog.Logger) {
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

// Sondes tell how the last of each round went, of those that have a name.
func (rs Rondes) Sondes() (list []Sonde) {
	for _, r := range rs {
		if r.Nom == "" {
			continue
		}
		list = append(list, Sonde{Nom: r.Nom, Etat: func(context.Context) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			return r.fault
		}})
	}
	return list
}
