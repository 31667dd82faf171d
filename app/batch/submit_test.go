package batch

import (
	"errors"
	"path/filepath"
	"testing"

	"paye/internal/durable"
)

// published is a book that hears of deliveries.
type published struct {
	Recorder
	notes []string
}

func (p *published) Published(note []byte) error {
	p.notes = append(p.notes, string(note))
	return nil
}

// TestDeliveryOfAKilledWorkerIsEnded: it was recorded, and the journal of the
// delivery is still there.
func TestDeliveryOfAKilledWorkerIsEnded(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "e1")
	dead := errors.New("killed")
	d, err := durable.Begin(dir, durable.DeliveryOptions{Published: func([]byte) error { return dead }})
	if err != nil {
		t.Fatal(err)
	}
	d.Note([]byte("note"))
	if err := d.WriteFile("volume-01.xml", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := d.Publish(); !errors.Is(err, dead) {
		t.Fatalf("got %v", err)
	}
	book := new(published)
	task, env := &Task{Sortie: dir}, &Env{Recorder: func(*Task) Recorder { return book }}
	if task.tidy(env); !durable.Interrupted(dir) {
		t.Fatal("the delivery of one that holds the folder is ended")
	}
	d.Abort()
	if task.tidy(env); durable.Interrupted(dir) || len(book.notes) != 1 || book.notes[0] != "note" {
		t.Errorf("interrupted: %v, the book was told %q", durable.Interrupted(dir), book.notes)
	}
	if task.tidy(env); len(book.notes) != 1 {
		t.Error("a delivery that is ended is told again")
	}
}
