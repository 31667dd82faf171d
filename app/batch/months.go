package batch

import (
	"context"
	"sync"
	"time"

	"paye/internal/fluxbook"
)

// months asks the book which months it has, once for the attempts that begin
// together: a worker is given several jobs at a time.
type months struct {
	ask func(context.Context, []fluxbook.Month) (map[fluxbook.Month]bool, error)

	mu   sync.Mutex
	next *question // that can still be joined
}

type question struct {
	list  []fluxbook.Month
	done  chan struct{}
	known map[fluxbook.Month]bool
	err   error
}

// gather is how long the first one waits for the others.
const gather = 2 * time.Millisecond

// patience is for how long the book is asked for all at once; then each asks alone.
const patience = 10 * time.Second

// unseen reports whether the book has no flux of a month for sure.
func (q *months) unseen(ctx context.Context, m fluxbook.Month) bool {
	q.mu.Lock()
	if q.next == nil {
		q.next = &question{done: make(chan struct{})}
		go q.answer(q.next)
	}
	mine := q.next
	mine.list = append(mine.list, m)
	q.mu.Unlock()
	select {
	case <-mine.done:
		return mine.err == nil && !mine.known[m]
	case <-ctx.Done():
		return false
	}
}

func (q *months) answer(now *question) {
	time.Sleep(gather)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	q.mu.Lock()
	q.next = nil
	q.mu.Unlock()
	now.known, now.err = q.ask(ctx, now.list)
	close(now.done)
}
