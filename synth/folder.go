package synth

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"path"
	"sync"
	"sync/atomic"

	"paye/internal/durable"
)

// The files of a run.
const (
	FichierRun     = "run.jsonl"
	FichierIndex   = "justificatifs.csv"
	FichierJournal = "journal.xhl"
	DossierPieces  = "justificatifs"
)

// Write writes the run in the folder dir, made when it is missing:
// justificatifs/, justificatifs.csv, journal.xhl when Options.Journal asks for
// it, run.jsonl, and what is asked for beside. They appear together, or not at
// all. Files of other names that stand there are left alone.
func (r *Run) Write(ctx context.Context, dir string, s *Progress, beside ...Beside) error {
	out, err := durable.Begin(dir, durable.DeliveryOptions{Last: FichierRun})
	if err != nil {
		return err
	}
	defer out.Abort()
	if err := r.writePieces(ctx, out, s); err != nil {
		return err
	}
	if err := writeFile(out, FichierIndex, func(w io.Writer) error { return r.WriteJustificatifs(w, s) }); err != nil {
		return err
	}
	if r.opts.Journal {
		if err := writeFile(out, FichierJournal, func(w io.Writer) error { return r.WriteXHL(ctx, w, s) }); err != nil {
			return err
		}
	}
	if err := writeFile(out, FichierRun, func(w io.Writer) error { return r.WriteJSONL(ctx, w, s) }); err != nil {
		return err
	}
	for _, b := range beside {
		if err := writeFile(out, b.Nom, b.Write); err != nil {
			return err
		}
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return out.Publish()
}

// Beside is a file that Write adds to those of the run.
type Beside struct {
	Nom   string
	Write func(io.Writer) error
}

// writeFile makes a file with what write puts into it.
func writeFile(out *durable.Delivery, name string, write func(io.Writer) error) error {
	f, err := out.Create(name)
	if err != nil {
		return err
	}
	defer f.Abort()
	w := bufio.NewWriterSize(f, 1<<20)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Commit()
}

// writePieces writes the justificatifs, several at once.
func (r *Run) writePieces(ctx context.Context, out *durable.Delivery, s *Progress) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if len(r.pieces) == 0 {
		return context.Cause(ctx)
	}
	press := r.presse
	if press == nil {
		press = newPresse(r.opts.Seed)
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	// A worker that syncs waits: some more than cores keep these busy.
	for range min(4*r.opts.Workers, len(r.pieces)) {
		wait.Go(func() {
			var pdf []byte
			for ctx.Err() == nil {
				n := int(next.Add(1)) - 1
				if n >= len(r.pieces) {
					return
				}
				d := r.document(n)
				pdf = press(pdf[:0], &d)
				if err := out.WriteFile(path.Join(DossierPieces, r.pieces[n].Fichier), pdf); err != nil {
					cancel(fmt.Errorf("write justificatifs: %w", err))
					return
				}
				s.Pieces.Add(1)
				s.Octets.Add(int64(len(pdf)))
			}
		})
	}
	wait.Wait()
	return context.Cause(ctx)
}
