package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"paye/internal/serveur"
	"paye/vault"
	"paye/vault/s3store"
)

// round is what a server does by itself at its start and every day.
type round struct {
	nom   string // as /sante shows it; empty for what is in the log only
	do    func(context.Context) error
	due   time.Time
	mu    sync.Mutex
	fault error // of the last time
}

const (
	day = 24 * time.Hour
	// laterToday is when a round that failed is tried again.
	laterToday = time.Hour
)

// rounds are done one after the other: the checkpoint, last, covers what the
// others wrote into the journal.
type rounds []*round

func dailyRounds(v *vault.Coffre, par vault.Acteur, bucket *s3store.Blobs, log *slog.Logger) rounds {
	list := rounds{
		{do: func(ctx context.Context) error {
			n, err := v.Sweep(ctx, par)
			if n > 0 {
				log.Info("vault was swept", "blobs", n)
			}
			return err
		}},
		{nom: "catalogue", do: func(ctx context.Context) error { return v.CheckCatalogue(ctx, par) }},
	}
	if bucket != nil {
		list = append(list, &round{nom: "verrou", do: bucket.Guaranteed})
	}
	return append(list, &round{nom: "point", do: func(ctx context.Context) error { _, err := v.WritePoint(ctx); return err }})
}

// run does the rounds that are due until the context ends.
func (rs rounds) run(ctx context.Context, log *slog.Logger) {
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

func (r *round) once(ctx context.Context, log *slog.Logger) {
	err := r.do(ctx)
	if ctx.Err() != nil {
		return // it was stopped: nothing is known
	}
	r.due = time.Now().Add(day)
	if err != nil {
		r.due = time.Now().Add(laterToday)
		log.Error("daily round failed", "round", r.nom, "err", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = err
}

// sondes show in /sante how the last of each round went.
func (rs rounds) sondes() (list []serveur.Sonde) {
	for _, r := range rs {
		if r.nom == "" {
			continue
		}
		list = append(list, serveur.Sonde{Nom: r.nom, Etat: func(context.Context) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			return r.fault
		}})
	}
	return list
}

// standing is what /sante asks of a vault.
type standing interface {
	Err() error
	Point(context.Context) ([]byte, error)
}

// alive says whether a vault still takes deposits: one that stopped after a
// write that failed can be read, and has to be opened again.
func alive(v standing) serveur.Sonde {
	return serveur.Sonde{Nom: "coffre", Etat: func(ctx context.Context) error {
		if err := v.Err(); err != nil {
			return err
		}
		_, err := v.Point(ctx)
		return err
	}}
}
