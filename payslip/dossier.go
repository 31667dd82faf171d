package payslip

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"

	"paye/internal/durable"
	"paye/xhl"
)

// Dossier writes the bulletins of a journal as files of a delivery, whose
// Publish lets all of them appear.
type Dossier struct {
	Renderer *Renderer
	Out      *durable.Delivery
	Workers  int // that render and write at once; at least 1
	// Garde chooses the bulletins to write; all of them when nil.
	Garde func(*xhl.Bulletin) bool
	// Ecrit is told of each file once it is on the disk, in the order of the journal.
	Ecrit func(Fichier) error
	// Fait counts the files, for an interface to look at while it goes on.
	Fait atomic.Int64
}

// Fichier is a file that was written.
type Fichier struct {
	Nom       string // in the folder
	Matricule string
	Octets    int64
	Lacks     bool // the font has not all letters of the agent's name
}

// depeche is a bulletin on its way to its file.
type dispatch struct {
	bulletin *xhl.Bulletin
	fichier  Fichier
	err      error
	ready    chan struct{}
}

// Write writes the files of the bulletins. Memory does not grow with the journal
// but for the names that were given.
func (d *Dossier) Write(ctx context.Context, e *xhl.Entete, bulletins iter.Seq2[*xhl.Bulletin, error]) error {
	ctx, cancel := context.WithCancel(ctx)
	workers := max(1, d.Workers)
	awaited := make(chan *dispatch, workers)
	queue := make(chan *dispatch, 4*workers)
	var reading error
	var wait sync.WaitGroup
	defer wait.Wait()
	defer cancel()
	wait.Go(func() {
		defer close(queue)
		defer close(awaited)
		reading = d.send(ctx, e, bulletins, awaited, queue)
	})
	for range workers {
		wait.Go(func() {
			var buf []byte
			for dep := range awaited {
				buf, dep.err = d.write(ctx, buf[:0], e, dep)
				close(dep.ready)
			}
		})
	}
	for dep := range queue {
		<-dep.ready
		if dep.err != nil {
			return dep.err
		}
		if d.Ecrit != nil {
			if err := d.Ecrit(dep.fichier); err != nil {
				return err
			}
		}
	}
	if reading != nil {
		return reading
	}
	return context.Cause(ctx)
}

// send names the bulletins and hands them to the workers, and to the queue in
// which they are told of.
func (d *Dossier) send(ctx context.Context, e *xhl.Entete, bulletins iter.Seq2[*xhl.Bulletin, error], awaited, queue chan<- *dispatch) error {
	var noms Noms
	for b, err := range bulletins {
		if err != nil {
			return err
		}
		name := noms.Next(e, b)
		if d.Garde != nil && !d.Garde(b) {
			continue
		}
		lasting := *b
		lasting.Lieu.Raw = nil // which nothing here reads
		dep := &dispatch{bulletin: lasting.Clone(), fichier: Fichier{Nom: name, Matricule: b.Agent.Matricule, Lacks: d.Renderer.Lacks(b)}, ready: make(chan struct{})}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case queue <- dep:
			awaited <- dep
		}
	}
	return nil
}

func (d *Dossier) write(ctx context.Context, buf []byte, e *xhl.Entete, dep *dispatch) ([]byte, error) {
	if err := context.Cause(ctx); err != nil {
		return buf, err
	}
	buf, err := d.Renderer.Append(buf, e, dep.bulletin)
	dep.bulletin = nil
	if err != nil {
		return buf, err
	}
	if err := d.Out.WriteFile(dep.fichier.Nom, buf); err != nil {
		return buf, fmt.Errorf("write the bulletin %s: %w", dep.fichier.Nom, err)
	}
	dep.fichier.Octets = int64(len(buf))
	d.Fait.Add(1)
	return buf, nil
}
