package batch

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"paye/internal/durable"
	"paye/internal/fluxbook"
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

	once sync.Once
	ends *ledger.Together[*ending]
	book *fluxbook.Book
}

// open makes what attempts share.
func (w *Worker) open() {
	w.once.Do(func() {
		w.ends = ledger.NewTogether(w.Lots.L, pace, w.endAll)
		w.book = fluxbook.New(w.Lots.L, "")
	})
}

// pace is for how long endings are gathered: jobs of a small town end every few
// milliseconds, and the others are worked on meanwhile.
const pace = 40 * time.Millisecond

// Handle does a job: its step, and those before it whose content has changed.
func (w *Worker) Handle(ctx context.Context, j *jobs.Job) error {
	w.open()
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
	if m.Neuf && j.Attempt == 1 && slices.Contains(t.Steps, StepBuild) {
		a.look(ctx)
	}
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

	closed bool            // the job is completed
	unseen *fluxbook.Month // of which the book had no flux when the attempt began
}

// look asks the book for the month of the job.
func (a *attempt) look(ctx context.Context) {
	siret, _, _ := strings.Cut(a.j.Employeur, " ")
	when, err := time.Parse("2006-01", a.j.Mois)
	if err != nil {
		return
	}
	if m := (fluxbook.Month{Siret: siret, Annee: when.Year(), Mois: int(when.Month())}); a.w.book.Unseen(ctx, m) {
		a.unseen = &m
	}
}

// Unseen reports whether the book has no flux of a month: it had none a moment ago.
func (a *attempt) Unseen(m fluxbook.Month) bool {
	return a.unseen != nil && *a.unseen == m && a.young()
}

// errDone says that another attempt has done the step.
var errDone = errors.New("another worker has done this step")

// Find returns what was noted of a step. A first attempt at what is new knows it
// from the job. When the database is away nothing is: the step is done again, and
// noted when the database is back.
func (a *attempt) Find(dossier string, s Step) (Entry, bool) {
	if a.m.Again && s == Step(a.j.Step) {
		return Entry{}, false
	}
	if a.m.Neuf && a.j.Attempt == 1 {
		for _, e := range slices.Backward(a.m.Notes) { // the last one counts
			if e.Step == s {
				return e, true
			}
		}
		return Entry{}, false
	}
	e, ok, err := a.w.Lots.find(a.ctx, a.w.Lots.L.DB(), a.lot, dossier, s)
	return e, ok && err == nil
}

// young reports whether a first attempt has only just begun: its job may be given to
// another worker after some seconds at the earliest.
func (a *attempt) young() bool {
	since := a.w.Env.Now().UnixMilli() - a.began
	return a.j.Attempt == 1 && since >= 0 && since < 1000
}

// Wanted refuses to let appear what another attempt has done, or nobody wants. A
// young one need not ask: the transaction of its end
// does, and who cancels a job tells its worker.
func (a *attempt) Wanted(dossier string, s Step, key string) error {
	if a.young() {
		return nil
	}
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
func (a *attempt) Add(e Entry) error { return a.AddWith(e, nil, nil) }

// AddWith notes a step in the transaction that records its delivery; with the step
// of the job the job ends there, and the next one begins.
func (a *attempt) AddWith(e Entry, book Recorder, note []byte) error {
	x := &ending{a: a, e: &e, book: book, note: note}
	if e.Step == Step(a.j.Step) {
		x.o = &Outcome{Dossier: e.Dossier, Siret: e.Siret, Periode: e.Periode, Etat: Done, Step: e.Step,
			Bulletins: e.Bulletins, Volumes: e.Volumes, Octets: e.Octets, Avis: e.Avis, Millis: a.w.Env.Now().UnixMilli() - a.began}
	}
	err := a.w.ends.Do(x)
	switch {
	case err != nil:
	case x.o != nil:
		a.closed = true
	default:
		a.m.Notes = append(a.m.Notes, e)
	}
	return err
}

// end tells the queue what became of an attempt.
func (a *attempt) end(o *Outcome) error {
	switch {
	case a.closed:
		return nil
	case errors.Is(o.cause, errDone), errors.Is(o.cause, jobs.ErrLost):
		return jobs.ErrLost
	case o.Etat == Already:
		return a.w.ends.Do(&ending{a: a, o: o})
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
	return a.w.Lots.L.Join(func(tx ledger.Tx) error {
		return a.w.Lots.settleAll(context.WithoutCancel(a.ctx), tx, []standing{{a.lot, o.Dossier, a.j.ID, etat, o}})
	})
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
