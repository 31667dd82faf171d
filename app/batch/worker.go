package batch

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"paye/internal/durable"
	"paye/internal/jobs"
	"paye/internal/lang"
	"paye/internal/ledger"
)

// Worker does the jobs of the queue, with what a batch on one machine is done
// with.
type Worker struct {
	Lots    *Lots
	Env     *Env
	Machine *Machine
	Log     *slog.Logger
	// Ended is told of each attempt: its step, how it ended. May be nil.
	Ended func(s Step, o *Outcome)
}

// Handle does a job: its step, and those before it whose content has changed.
func (w *Worker) Handle(ctx context.Context, j *jobs.Job) error {
	var m message
	if err := json.Unmarshal(j.Task, &m); err != nil {
		return jobs.Refused{Code: BadJob}
	}
	a := &attempt{w: w, j: j, m: &m, ctx: ctx, lot: j.Lot}
	t := m.Task
	at := slices.Index(t.Steps, Step(j.Step))
	if at < 0 {
		return jobs.Refused{Code: BadJob}
	}
	a.rest = t.Steps[at+1:]
	t.Later, t.Steps = a.rest, t.Steps[:at+1]
	env := *w.Env
	env.Language = lang.Choose(m.Langue)
	a.began = env.Now().UnixMilli()
	o := w.Machine.in(env).Do(ctx, &t, a, nil)
	err := a.end(o)
	w.tell(j, o, err)
	return err
}

// tell writes a line of the log and counts. It has no word that a payroll may
// have put there.
func (w *Worker) tell(j *jobs.Job, o *Outcome, err error) {
	if w.Ended != nil {
		w.Ended(Step(j.Step), o)
	}
	attrs := []any{"job", j.ID, "attempt", j.Attempt, "step", j.Step, "employeur", j.Employeur, "mois", j.Mois, "etat", string(o.Etat),
		"ms", o.Millis, "bulletins", o.Bulletins, "octets", o.Octets}
	if o.Code != "" {
		attrs = append(attrs, "code", o.Code)
	}
	if err != nil {
		attrs = append(attrs, "err", jobs.Fault(err).Error())
	}
	var fault errPanic
	if errors.As(o.cause, &fault) {
		attrs = append(attrs, "stack", string(fault.stack))
		w.Log.Error("job", attrs...)
		return
	}
	w.Log.Info("job", attrs...)
}

// attempt is an attempt at a job: the memo of its steps.
type attempt struct {
	w     *Worker
	j     *jobs.Job
	m     *message
	ctx   context.Context
	lot   string
	rest  []Step // after this one
	began int64  // milliseconds

	closed bool // the job is completed
}

// errDone says that another attempt has done the step.
var errDone = errors.New("another worker has done this step")

// Find returns what was noted of a step. When the database is away nothing is:
// the step is done again, and noted when the database is back.
func (a *attempt) Find(dossier string, s Step) (Entry, bool) {
	if a.m.Again && s == Step(a.j.Step) {
		return Entry{}, false
	}
	e, ok, err := a.w.Lots.find(a.ctx, a.w.Lots.L.DB(), a.lot, dossier, s)
	return e, ok && err == nil
}

// Wanted refuses to let appear what another attempt has done, or nobody wants.
func (a *attempt) Wanted(dossier string, s Step, key string) error {
	e, ok, err := a.w.Lots.find(a.ctx, a.w.Lots.L.DB(), a.lot, dossier, s)
	switch {
	case err != nil:
		return err
	case ok && e.Key == key && !a.m.Again:
		return errDone
	}
	return a.j.Wanted(a.ctx)
}

// Add notes a step.
func (a *attempt) Add(e Entry) error {
	return a.AddWith(e, func(context.Context, ledger.Tx) error { return nil })
}

// AddWith notes a step in the transaction of record; with the step of the job
// the job ends there, and the next one begins.
func (a *attempt) AddWith(e Entry, record func(context.Context, ledger.Tx) error) error {
	// It hears no interruption: the files are there.
	ctx := context.WithoutCancel(a.ctx)
	err := a.w.Lots.L.Join(func(tx ledger.Tx) error {
		if err := record(ctx, tx); err != nil {
			return err
		}
		if err := a.w.Lots.note(ctx, tx, a.lot, e); err != nil {
			return err
		}
		if e.Step != Step(a.j.Step) {
			return nil
		}
		return a.complete(ctx, tx, &Outcome{Dossier: e.Dossier, Siret: e.Siret, Periode: e.Periode, Etat: Done, Step: e.Step,
			Bulletins: e.Bulletins, Volumes: e.Volumes, Octets: e.Octets, Avis: e.Avis, Millis: a.w.Env.Now().UnixMilli() - a.began})
	})
	a.closed = err == nil && e.Step == Step(a.j.Step)
	return err
}

// complete ends the job, and begins the next one or tells how the employer
// ended.
func (a *attempt) complete(ctx context.Context, tx ledger.Tx, o *Outcome) error {
	if err := a.j.Complete(tx); err != nil {
		return err
	}
	next := *a.m
	next.Fait = next.Fait || o.Etat == Done
	next.Avis += o.Avis
	next.Millis += o.Millis
	if len(a.rest) == 0 {
		last := *o
		if last.Avis, last.Millis = next.Avis, next.Millis; next.Fait {
			last.Etat = Done
		}
		return a.w.Lots.settle(ctx, tx, a.lot, o.Dossier, a.j.ID, string(last.Etat), &last)
	}
	args := a.j.Args
	args.Step = string(a.rest[0])
	var err error
	if args.Task, err = json.Marshal(&next); err != nil {
		return err
	}
	made, err := a.j.InsertIn(ctx, tx, args, queueOf(&next.Task, a.rest[0]))
	if err != nil {
		return err
	}
	return a.w.Lots.settle(ctx, tx, a.lot, o.Dossier, made.ID, waiting, nil)
}

// end tells the queue what became of an attempt.
func (a *attempt) end(o *Outcome) error {
	switch {
	case a.closed:
		return nil
	case errors.Is(o.cause, errDone), errors.Is(o.cause, jobs.ErrLost):
		return jobs.ErrLost
	case o.Etat == Already:
		return a.update(func(ctx context.Context, tx ledger.Tx) error { return a.complete(ctx, tx, o) })
	case o.Etat == Interrupted && jobs.Cancelled(a.ctx):
		o.Etat = Cancelled
		o.Code, o.Message, o.Geste = Withdrawn, Codes.New(Withdrawn).Message(a.language()), Codes.New(Withdrawn).Aide(a.language())
		return errors.Join(a.settle(string(Cancelled), o), context.Cause(a.ctx))
	case o.Etat == Interrupted && context.Cause(a.ctx) != jobs.ErrTime:
		return a.ctx.Err()
	case o.Etat == Interrupted:
		o.Etat, o.Exit, o.Machine = Failed, 1, true
		o.Code, o.Message, o.Geste = TooLong, Codes.New(TooLong).Message(a.language()), Codes.New(TooLong).Aide(a.language())
	case !o.Machine:
		if err := a.settle(string(o.Etat), o); err != nil {
			return err
		}
		return jobs.Refused{Code: o.Code}
	case full(o.cause):
		return jobs.Unfit{Err: o.cause, Probe: a.probe}
	}
	etat := waiting
	if a.j.Last {
		etat = string(Failed)
	}
	if err := a.settle(etat, o); err != nil {
		return err
	}
	if o.cause == nil || o.Code == TooLong {
		return jobs.ErrTime
	}
	return o.cause
}

func (a *attempt) language() lang.Language { return lang.Choose(a.m.Langue) }

func (a *attempt) settle(etat string, o *Outcome) error {
	return a.update(func(ctx context.Context, tx ledger.Tx) error {
		return a.w.Lots.settle(ctx, tx, a.lot, o.Dossier, a.j.ID, etat, o)
	})
}

func (a *attempt) update(f func(context.Context, ledger.Tx) error) error {
	ctx := context.WithoutCancel(a.ctx)
	return a.w.Lots.L.Join(func(tx ledger.Tx) error { return f(ctx, tx) })
}

// full reports a fault that would befall any other job of this machine too.
func full(err error) bool {
	for _, e := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// probeBytes is what a machine must be able to write before it works again.
const probeBytes = 16 << 20

// probe writes into the folders that the job writes into.
func (a *attempt) probe() error {
	spool := a.w.Env.Spool
	if spool == "" {
		spool = os.TempDir()
	}
	for _, dir := range []string{spool, a.lot} {
		f, err := durable.Create(filepath.Join(dir, ".xhl-probe"))
		if err != nil {
			return err
		}
		_, err = f.Write(make([]byte, probeBytes))
		f.Abort()
		if err != nil {
			return err
		}
	}
	return nil
}
