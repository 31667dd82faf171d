package ledger

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Together joins works of one kind: those that wait while another transaction is
// being written, or for their turn to write, are done in one. Many short works
// then cost as many syncs of the disk, and as many questions to the database, as
// there are transactions.
type Together[T any] struct {
	l    *Ledger
	do   func(Tx, []T) error
	pace time.Duration

	mu      sync.Mutex
	busy    bool
	waiting []*part[T]
}

// NewTogether returns works of l that are done by do. Where do fails for several
// of them it is called again for each by itself, in a transaction of its own. Pace
// is how long the first of them waits for company.
func NewTogether[T any](l *Ledger, pace time.Duration, do func(Tx, []T) error) *Together[T] {
	return &Together[T]{l: l, pace: pace, do: do}
}

// part is a work of a transaction.
type part[T any] struct {
	work  T
	done  chan struct{}
	err   error
	fault any // of a panic
}

var errPart = errors.New("a part of the transaction panicked")

// Do does a work and returns when it is committed, or failed. It hears no
// interruption. A transaction that cannot be begun or committed fails for all of
// its works.
func (t *Together[T]) Do(work T) error {
	p := &part[T]{work: work, done: make(chan struct{})}
	t.mu.Lock()
	t.waiting = append(t.waiting, p)
	if !t.busy {
		t.busy = true
		go t.serve()
	}
	t.mu.Unlock()
	<-p.done
	if p.fault != nil {
		panic(p.fault) // where it belongs
	}
	return p.err
}

// take takes those who wait; when nobody does, who serves ends if it may.
func (t *Together[T]) take(end bool) []*part[T] {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := t.waiting
	t.waiting = nil
	t.busy = len(list) > 0 || !end
	return list
}

// serve writes transactions until nobody waits.
func (t *Together[T]) serve() {
	for {
		list := t.take(true)
		if len(list) == 0 {
			return
		}
		if t.pace > 0 {
			time.Sleep(t.pace)
		}
		for _, p := range t.write(list) {
			close(p.done)
		}
	}
}

// write writes a transaction with list and those who came until it had the lock,
// and returns them all.
func (t *Together[T]) write(list []*part[T]) []*part[T] {
	failed := false // in the works
	err := t.l.Update(context.Background(), func(tx Tx) error {
		list = append(list, t.take(false)...)
		err := t.run(tx, list)
		failed = err != nil
		return err
	})
	if !failed || len(list) == 1 {
		for _, p := range list {
			p.err = err
		}
		return list
	}
	for _, p := range list {
		p.fault = nil
		p.err = t.l.Update(context.Background(), func(tx Tx) error { return t.run(tx, []*part[T]{p}) })
	}
	return list
}

// run does works. The first of them keeps a panic, which is its own when it is
// alone.
func (t *Together[T]) run(tx Tx, list []*part[T]) (err error) {
	defer func() {
		if list[0].fault = recover(); list[0].fault != nil {
			err = errPart
		}
	}()
	works := make([]T, len(list))
	for i, p := range list {
		works[i] = p.work
	}
	return t.do(tx, works)
}

// Join is [Ledger.Update] in one transaction with those who ask for it meanwhile;
// see [Together]. f may be called twice.
func (l *Ledger) Join(f func(Tx) error) error { return l.joint.Do(f) }

// inTurn does works that are functions.
func inTurn(tx Tx, list []func(Tx) error) error {
	for _, f := range list {
		if err := f(tx); err != nil {
			return err
		}
	}
	return nil
}
