package synth

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"path/filepath"
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
// it, and run.jsonl. Each file is whole or absent, and run.jsonl comes last: a
// folder that has it is complete. Files of other names that stand there are
// left alone. An interrupted Write leaves no partial file and can be done
// again.
func (r *Run) Write(ctx context.Context, dir string, s *Progress) error {
	if err := durable.MkdirAll(dir); err != nil {
		return err
	}
	if len(r.pieces) > 0 {
		pieces := filepath.Join(dir, DossierPieces)
		if err := durable.MkdirAll(pieces); err != nil {
			return err
		}
		if err := r.WritePieces(ctx, pieces, s); err != nil {
			return err
		}
	}
	err := writeFile(filepath.Join(dir, FichierIndex), func(w io.Writer) error { return r.WriteJustificatifs(w, s) })
	if err != nil {
		return err
	}
	if r.opts.Journal {
		err := writeFile(filepath.Join(dir, FichierJournal), func(w io.Writer) error { return r.WriteXHL(ctx, w, s) })
		if err != nil {
			return err
		}
	}
	return writeFile(filepath.Join(dir, FichierRun), func(w io.Writer) error { return r.WriteJSONL(ctx, w, s) })
}

// writeFile makes a file with what write puts into it.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := durable.Create(path)
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

// WritePieces writes the justificatifs as files of the folder dir, which must
// exist, several at once. Each is whole or absent, and synced.
func (r *Run) WritePieces(ctx context.Context, dir string, s *Progress) error {
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
				if err := durable.WriteFile(filepath.Join(dir, r.pieces[n].Fichier), pdf); err != nil {
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
