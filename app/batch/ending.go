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
	stands, err := w.goOn(ctx, tx, ended)
	if err != nil {
		return err
	}
	return w.Lots.settleAll(ctx, tx, stands)
}

// goOn begins the next jobs of employers, and says where all of them stand.
func (w *Worker) goOn(ctx context.Context, tx ledger.Tx, list []*ending) ([]standing, error) {
	var stands []standing
	var next []jobs.Args
	var queues []string
	for _, x := range list {
		s, args, err := x.next()
		if err != nil {
			return nil, err
		}
		if args != nil {
			next, queues = append(next, *args), append(queues, queueOf(&x.a.m.Task, Step(args.Step)))
		}
		stands = append(stands, s)
	}
	made, err := w.Lots.Queue.InsertIn(ctx, tx, next, queues)
	if err != nil {
		return nil, err
	}
	for i := range stands {
		if stands[i].o == nil { // it waits, for the next of them
			stands[i].job, made = made[0].ID, made[1:]
		}
	}
	return stands, nil
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

// next is where the employer stands, and the job that follows, which gives that its
// number; nil after the last one.
func (x *ending) next() (standing, *jobs.Args, error) {
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
		return standing{a.lot, o.Dossier, a.j.ID, string(last.Etat), &last}, nil, nil
	}
	if x.e != nil {
		next.Notes = append(slices.Clip(next.Notes), *x.e)
	}
	args := a.j.Args
	args.Step = string(a.rest[0])
	var err error
	args.Task, err = json.Marshal(&next)
	return standing{lot: a.lot, dossier: o.Dossier, etat: waiting}, &args, err
}
