package vault

import (
	"context"
	"slices"
	"sync"
	"time"

	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/journal"
)

// A look at a document is in the journal before its answer is given, with one
// exception: what an agent sees of what is his own without opening it, the list
// of his documents, what is known of one, its verification. Nobody waits for
// those events; they go with the next commit, or by themselves after lookDelay.
// A process that dies loses at most that: never a look of somebody else, never
// the opening of a document.
const (
	lookDelay = time.Second
	maxLooks  = 1024 // that wait; who comes after them waits for his own
)

// looks are the events that nobody waits for.
type looks struct {
	sync.Mutex
	waiting []*journal.Draft
	timer   *time.Timer
	delay   time.Duration
	closed  bool

	writing sync.Mutex // held while they are written by themselves
}

// look puts an event into the journal: before it returns, or soon after when an
// agent looks at what is his own.
func (c *Coffre) look(ctx context.Context, par Acteur, genre Genre, d *book.Filed, corps acts.Acte) error {
	if par.Role != RoleAgent || c.frozen.Load() != nil {
		return c.log(ctx, genre, d, corps)
	}
	if err := c.stopped(); err != nil {
		return err
	}
	if c.looks.add(draftOf(genre, d, corps), c.writeLooks) {
		return nil
	}
	return c.log(ctx, genre, d, corps)
}

// add reports whether there was room.
func (l *looks) add(d *journal.Draft, write func()) bool {
	l.Lock()
	defer l.Unlock()
	if l.closed || len(l.waiting) >= maxLooks {
		return false
	}
	l.waiting = append(l.waiting, d)
	if l.timer == nil {
		l.timer = time.AfterFunc(l.delay, write)
	} else if len(l.waiting) == 1 {
		l.timer.Reset(l.delay)
	}
	return true
}

// take gives at most n of those that wait, oldest first, to who writes them.
func (l *looks) take(n int) []*journal.Draft {
	l.Lock()
	defer l.Unlock()
	n = max(0, min(n, len(l.waiting)))
	taken := slices.Clone(l.waiting[:n])
	l.waiting = slices.Delete(l.waiting, 0, n)
	return taken
}

// giveBack takes what was not written.
func (l *looks) giveBack(list []*journal.Draft) {
	l.Lock()
	defer l.Unlock()
	l.waiting = append(list, l.waiting...)
}

func (l *looks) any() bool {
	l.Lock()
	defer l.Unlock()
	return len(l.waiting) > 0
}

// writeLooks writes those that no commit has taken along.
func (c *Coffre) writeLooks() {
	if err := c.flushLooks(context.Background()); err != nil {
		c.opts.Log.Error("looks of agents at what is theirs are not in the journal yet", "err", err)
	}
}

// flushLooks returns when every look so far is in the journal, which takes none
// while the vault does not continue its witness.
func (c *Coffre) flushLooks(ctx context.Context) (err error) {
	c.looks.writing.Lock()
	defer c.looks.writing.Unlock()
	for err == nil && c.looks.any() && c.frozen.Load() == nil {
		err = c.commit(ctx, &operation{prepare: func(*transaction) ([]*journal.Draft, error) { return nil, nil }})
	}
	return err
}

// endLooks writes what waits, and from then on looks wait for themselves.
func (c *Coffre) endLooks(ctx context.Context) error {
	c.looks.Lock()
	c.looks.closed = true
	if c.looks.timer != nil {
		c.looks.timer.Stop()
	}
	c.looks.Unlock()
	return c.flushLooks(ctx)
}

// draftOf is an event, about a document unless d is nil.
func draftOf(genre Genre, d *book.Filed, corps any) *journal.Draft {
	dr := &journal.Draft{Genre: genre, Corps: corps}
	if d != nil {
		dr.Sujet, dr.Cle = d.ID, d.Key
	}
	return dr
}

// writeWithLooks writes a commit together with the looks that wait. They wait on
// when it cannot be written; a store that stopped takes nothing more.
func (t *transaction) writeWithLooks() error {
	taken := t.c.looks.take(maxGroupDraft - len(t.drafts))
	t.drafts = append(t.drafts, taken...)
	if t.behind && len(t.drafts) > 0 {
		t.drafts = append(t.drafts, &journal.Draft{Genre: EvHorloge, Corps: acts.Acte{Par: "xhl"}})
	}
	err := t.write()
	if err != nil {
		t.c.looks.giveBack(taken)
	}
	return err
}
