package batch

import (
	"context"
	"encoding/json"
	"slices"

	"paye/internal/jobs"
	"paye/internal/ledger"
)

// ending is what an attempt writes when a step is done, in one transaction: its
// delivery into the book, the step, and what becomes of the job when the step is
// its own.
type ending struct {
	a    *attempt
	e    *Entry   // nil: the step was noted before
	book Recorder // of the delivery, nil when there is none
	note []byte
	o    *Outcome // of the job that ends, nil while it does not
}

// endAll writes the endings of many attempts, a statement a kind of rows.
func (w *Worker) endAll(tx ledger.Tx, list []*ending) error {
	ctx := context.Background() // it hears no interruption: the files are there
	if err := recordAll(ctx, tx, list); err != nil {
		return err
	}
	var notes []noted
	var ended []*ending
	var done []*jobs.Job
	for _, x := range list {
		if x.e != nil {
			notes = append(notes, noted{x.a.lot, x.e})
		}
		if x.o != nil {
			ended, done = append(ended, x), append(done, x.a.j)
		}
	}
	if err := w.Lots.noteAll(ctx, tx, notes); err != nil || len(ended) == 0 {
		return err
	}
	if err := w.Lots.Queue.Complete(ctx, tx, done); err != nil {
		return err
	}
	stands := make([]standing, len(ended))
	for i, x := range ended {
		var err error
		if stands[i], err = x.next(ctx, tx); err != nil {
			return err
		}
	}
	return w.Lots.settleAll(ctx, tx, stands)
}

func recordAll(ctx context.Context, tx ledger.Tx, list []*ending) error {
	var book Recorder
	var notes [][]byte
	for _, x := range list {
		if x.book != nil {
			book, notes = x.book, append(notes, x.note)
		}
	}
	if book == nil {
		return nil
	}
	return book.RecordAll(ctx, tx, notes)
}

// next begins the next job of the employer, or tells how it ended.
func (x *ending) next(ctx context.Context, tx ledger.Tx) (standing, error) {
	a, o := x.a, x.o
	next := *a.m
	next.Fait = next.Fait || o.Etat == Done
	next.Avis += o.Avis
	next.Millis += o.Millis
	if len(a.rest) == 0 {
		last := *o
		if last.Avis, last.Millis = next.Avis, next.Millis; next.Fait {
			last.Etat = Done
		}
		return standing{a.lot, o.Dossier, a.j.ID, string(last.Etat), &last}, nil
	}
	if x.e != nil {
		next.Notes = append(slices.Clip(next.Notes), *x.e)
	}
	args := a.j.Args
	args.Step = string(a.rest[0])
	var err error
	if args.Task, err = json.Marshal(&next); err != nil {
		return standing{}, err
	}
	made, err := a.j.InsertIn(ctx, tx, args, queueOf(&next.Task, a.rest[0]))
	return standing{a.lot, o.Dossier, made.ID, waiting, nil}, err
}
