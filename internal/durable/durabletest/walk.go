// Package durabletest breaks what changes the disk, or commits a transaction,
// at each of its steps: what a full disk, a kill or Ctrl-C does at the moment
// that suits least.
package durabletest

import (
	"context"
	"errors"
	"sync"

	"paye/internal/durable"
)

// How is what happens at a step.
type How string

const (
	Fails      How = "error"  // the step fails, those that follow do not
	Ends       How = "end"    // it fails with all that follow: a kill, or the disk goes away
	Interrupts How = "signal" // it is made, and the work interrupted there
)

// All are the three of them.
var All = []How{Fails, Ends, Interrupts}

// ErrBroken is what a step fails with.
var ErrBroken = errors.New("broken by the walk")

// Steps are those that f makes, in their order.
func Steps(f func()) (list []durable.Op) {
	var mu sync.Mutex
	restore := durable.Intercept(func(s durable.Step) error {
		mu.Lock()
		defer mu.Unlock()
		list = append(list, s.Op)
		return nil
	})
	defer restore()
	f()
	return list
}

// Break runs f with its step n, counted from 0, broken.
func Break(n int, how How, f func(ctx context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var mu sync.Mutex
	seen := 0
	restore := durable.Intercept(func(durable.Step) error {
		mu.Lock()
		defer mu.Unlock()
		seen++
		switch {
		case seen <= n, how == Fails && seen > n+1:
			return nil
		case how == Interrupts:
			cancel()
			return nil
		}
		return ErrBroken
	})
	defer restore()
	f(ctx)
}
