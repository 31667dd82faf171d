package ledger

import (
	"context"
	"sync"
	"time"
)

// Asked joins questions of one kind: those that come while the first of them waits
// for company are asked at once, and have one answer. A question costs both ends
// more than what it looks up.
type Asked[Q, A any] struct {
	pace time.Duration
	ask  func(context.Context, []Q) (A, error)

	mu   sync.Mutex
	next *question[Q, A] // that can still be joined
}

// NewAsked returns questions that ask answers. Pace is how long the first waits.
func NewAsked[Q, A any](pace time.Duration, ask func(context.Context, []Q) (A, error)) *Asked[Q, A] {
	return &Asked[Q, A]{pace: pace, ask: ask}
}

type question[Q, A any] struct {
	list   []Q
	done   chan struct{}
	answer A
	err    error
}

// patience is for how long all that was asked at once may take.
const patience = 10 * time.Second

// Ask returns the answer to q and those that are asked with it.
func (a *Asked[Q, A]) Ask(ctx context.Context, q Q) (answer A, err error) {
	a.mu.Lock()
	if a.next == nil {
		a.next = &question[Q, A]{done: make(chan struct{})}
		go a.serve(a.next)
	}
	mine := a.next
	mine.list = append(mine.list, q)
	a.mu.Unlock()
	select {
	case <-mine.done:
		return mine.answer, mine.err
	case <-ctx.Done():
		return answer, ctx.Err()
	}
}

func (a *Asked[Q, A]) serve(now *question[Q, A]) {
	time.Sleep(a.pace)
	a.mu.Lock()
	a.next = nil
	a.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	now.answer, now.err = a.ask(ctx, now.list)
	close(now.done)
}
