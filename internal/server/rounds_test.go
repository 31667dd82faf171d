package server_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"paye/internal/server"
)

func TestRoundsAreDoneAtTheStartAndDailyAndAgainWithinTheHourOfAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		full := errors.New("disk is full")
		var catalogue, point []time.Duration
		var failing atomic.Bool
		rs := server.Rounds{
			{Nom: "catalogue", Do: func(context.Context) error { catalogue = append(catalogue, time.Since(start)); return nil }},
			{Nom: "point", Do: func(context.Context) error {
				point = append(point, time.Since(start))
				if failing.Load() {
					return full
				}
				return nil
			}},
		}
		shown := func(hours time.Duration, want error) {
			t.Helper()
			time.Sleep(time.Until(start.Add(hours*time.Hour + time.Minute)))
			synctest.Wait()
			for i, want := range []error{nil, want} {
				if got := rs.Probes()[i].Etat(t.Context()); got != want {
					t.Errorf("after %d hours %s is %v, want %v", hours, rs[i].Nom, got, want)
				}
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { rs.Run(ctx, slog.New(slog.DiscardHandler)); close(done) }()
		shown(0, nil)
		failing.Store(true)
		shown(24, full)
		shown(25, full)
		failing.Store(false)
		shown(26, nil)
		shown(51, nil)
		stop()
		<-done
		h := time.Hour
		if want := []time.Duration{0, 24 * h, 48 * h}; !slices.Equal(catalogue, want) {
			t.Errorf("catalogue at %v, want %v", catalogue, want)
		}
		if want := []time.Duration{0, 24 * h, 25 * h, 26 * h, 50 * h}; !slices.Equal(point, want) {
			t.Errorf("checkpoint at %v, want %v", point, want)
		}
	})
}

func TestRoundsWithoutANameAreNotShown(t *testing.T) {
	rs := server.Rounds{{}, {Nom: "point"}}
	var names []string
	for _, s := range rs.Probes() {
		names = append(names, s.Nom)
	}
	if want := []string{"point"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}
