package gestion

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"paye/app/consult"
	"paye/internal/lang"
	"paye/internal/progress"
	"paye/web/task"
)

// consultations are the books that are open. They live in memory: a restart
// asks for the files again.
type consultations struct {
	now func() time.Time

	mu    sync.Mutex
	books map[string]*openBook // by dossier
}

type openBook struct {
	*consult.Book
	pieces consult.Pieces
	inputs []string // files of its journals
	index  string   // justificatifs.csv that was dropped; empty without one
	used   time.Time
}

// maxBooks is how many books are open at once; the one that was not looked into
// for longest makes room.
const maxBooks = 8

func newConsultations(now func() time.Time) *consultations {
	return &consultations{now: now, books: map[string]*openBook{}}
}

func (c *consultations) put(id string, b *openBook) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.books) >= maxBooks {
		oldest := ""
		for id, b := range c.books {
			if oldest == "" || b.used.Before(c.books[oldest].used) {
				oldest = id
			}
		}
		c.shut(oldest)
	}
	b.used = c.now()
	c.books[id] = b
}

func (c *consultations) get(id string) *openBook {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := c.books[id]
	if b != nil {
		b.used = c.now()
	}
	return b
}

func (c *consultations) close(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shut(id)
}

func (c *consultations) shut(id string) {
	if b := c.books[id]; b != nil {
		b.Close()
		delete(c.books, id)
	}
}

// taskOpen is the kind of the task that indexes a journal.
const taskOpen = "ouverture"

var opening = lang.Text{FR: "Lecture et index", EN: "Reading and indexing"}

// runOpen opens what was dropped.
func (c *Console) runOpen(ctx context.Context, r *task.Run) (any, error) {
	d, err := c.dossierOf(ctx, r.Subject)
	if err != nil {
		return nil, Codes.New(Erased)
	}
	counters := new(progress.Progress)
	watch(r, counters, map[progress.Phase]lang.Text{consult.Reading: opening})
	spool, err := os.MkdirTemp(c.work(d), "contenu-*")
	if err != nil {
		return nil, fmt.Errorf("make room for what is looked into: %w", err)
	}
	content, err := consult.Unpack(ctx, c.dropped(d), spool)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(spool))
	}
	book, err := consult.Open(ctx, content.Journals, spool, counters)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(spool))
	}
	b := &openBook{Book: book, pieces: content.Pieces, index: content.Index}
	for _, j := range content.Journals {
		b.inputs = append(b.inputs, j.Path)
	}
	c.open.put(d.ID, b)
	return map[string]int{"bulletins": len(book.Entries)}, nil
}

// eraseConsultations takes away what was dropped to be looked into: it is for
// the time of a session.
func (c *Console) eraseConsultations(ctx context.Context) error {
	list, err := c.allDossiers(ctx, kindConsultation)
	for _, d := range list {
		err = errors.Join(err, c.erase(ctx, d))
	}
	return err
}
