package vault

import (
	"context"
	"errors"
	"fmt"

	"paye/vault/internal/journal"
)

// Every change of the vault is an operation: under the write lock it looks at
// the catalogue and says which events it wants, or that it wants none.
// Operations that wait at the same time are committed together.
//
// The order of a commit:
//
//  1. the caller made its blobs durable
//  2. one frame is appended to the journal and synced: from here it is done
//  3. erasures are carried out, then the catalogue's transaction is committed
//  4. the callers get their answers
//
// A process that dies before 2 changed nothing; one that dies after is rolled
// forward from the journal by the next commit, in whatever process.
type operation struct {
	prepare func(*transaction) ([]*journal.Draft, error)

	indexes []int64 // of the events, set by the commit
	err     error   // of this operation only
	done    chan struct{}
}

const (
	maxGroup      = 64 // operations in a commit
	maxGroupDraft = journal.MaxRecords / 2
)

// commit runs one operation, together with those that other goroutines have
// waiting. The first to come leads: it commits for all until nobody waits.
func (c *Coffre) commit(ctx context.Context, op *operation) error {
	if a := c.frozen.Load(); a != nil {
		return a
	}
	op.done = make(chan struct{})
	q := &c.queue
	q.Lock()
	q.waiting = append(q.waiting, op)
	if q.leading {
		q.Unlock()
		// The leader answers always; it is not left half-way by a caller that
		// goes away, who could not tell whether the thing was done.
		<-op.done
		return op.err
	}
	q.leading = true
	for len(q.waiting) > 0 {
		group := q.waiting[:min(len(q.waiting), maxGroup)]
		q.waiting = q.waiting[len(group):]
		q.Unlock()
		again := c.commitGroup(context.WithoutCancel(ctx), group)
		q.Lock()
		q.waiting = append(again, q.waiting...)
	}
	q.leading = false
	q.Unlock()
	return op.err
}

// commitGroup answers the operations of a group, but for those that must be
// prepared again because another of the group came first.
func (c *Coffre) commitGroup(ctx context.Context, group []*operation) (again []*operation) {
	err := c.tryGroup(ctx, group)
	for _, op := range group {
		if err != nil {
			op.err, op.indexes = err, nil
		}
		if errors.Is(op.err, errAgain) {
			op.err = nil
			again = append(again, op)
			continue
		}
		close(op.done)
	}
	return again
}

// errAgain is what prepare answers when its answer depends on an operation of
// the same group, which the catalogue does not show yet.
var errAgain = errors.New("prepare again after this commit")

func (c *Coffre) tryGroup(ctx context.Context, group []*operation) error {
	t, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer t.rollback()
	for _, op := range group {
		first := len(t.drafts)
		drafts, err := op.prepare(t)
		if err == nil && first+len(drafts) > maxGroupDraft {
			if err = errAgain; first == 0 {
				err = fmt.Errorf("batch of %d events is too large", len(drafts))
			}
		}
		if err != nil {
			op.err = err
			continue
		}
		t.drafts = append(t.drafts, drafts...)
		for i := range drafts {
			op.indexes = append(op.indexes, t.size+int64(first+i))
		}
	}
	if err := t.writeWithLooks(); err != nil {
		return err
	}
	if err := t.commit(); err != nil {
		return err
	}
	return c.dailyPoint(ctx, t)
}
