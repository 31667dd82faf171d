package ledger

import (
	"context"
	"errors"
	"sync"
)

// joint is the works that wait for a transaction.
type joint struct {
	mu      sync.Mutex
	busy    bool
	waiting []*part
}

// part is a work of a transaction.
type part struct {
	f     func(Tx) error
	done  chan struct{}
	err   error
	fault any // of a panic of f
}

func (p *part) run(tx Tx) (err error) {
	defer func() {
		if p.fault = recover(); p.fault != nil {
			err = errPart
		}
	}()
	return p.f(tx)
}

var errPart = errors.New("a part of the transaction panicked")

// Join is [Ledger.Update], in one transaction with those who ask for it while
// another one is being written: many short works cost as many syncs of the disk
// as there are transactions. Where one of them fails, each is done again by
// itself, so that f may be called twice; a transaction that cannot be begun or
// committed fails for all. It hears no interruption.
func (l *Ledger) Join(f func(Tx) error) error {
	p := &part{f: f, done: make(chan struct{})}
	j := &l.joint
	j.mu.Lock()
	j.waiting = append(j.waiting, p)
	if !j.busy {
		j.busy = true
		go l.serve()
	}
	j.mu.Unlock()
	<-p.done
	if p.fault != nil {
		panic(p.fault) // where it belongs
	}
	return p.err
}

// serve writes transactions until nobody waits.
func (l *Ledger) serve() {
	j := &l.joint
	for {
		j.mu.Lock()
		list := j.waiting
		j.waiting = nil
		j.busy = len(list) > 0
		j.mu.Unlock()
		if len(list) == 0 {
			return
		}
		l.write(list)
		for _, p := range list {
			close(p.done)
		}
	}
}

func (l *Ledger) write(list []*part) {
	failed := false // a part
	err := l.Update(context.Background(), func(tx Tx) error {
		for _, p := range list {
			if err := p.run(tx); err != nil {
				failed = true
				return err
			}
		}
		return nil
	})
	if !failed || len(list) == 1 {
		for _, p := range list {
			p.err = err
		}
		return
	}
	for _, p := range list {
		p.fault = nil
		p.err = l.Update(context.Background(), p.run)
	}
}
