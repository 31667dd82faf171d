package batch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"paye/app/build"
	"paye/app/check"
	"paye/app/send"
	"paye/internal/anomalie"
	"paye/internal/cores"
	"paye/internal/fluxbook"
	"paye/internal/lang"
	"paye/internal/ledger"
	"paye/payslip"
	"paye/vault"
)

// Env is what the steps are done with: all that is open, and nothing that is of
// one employer. The zero Env checks and builds.
type Env struct {
	Version  string
	Spool    string // folder of temporary files; that of the system when empty
	Workers  int    // processors for one employer; all when 0
	Language lang.Language
	Now      func() time.Time
	Exit     func(error) int // exit code of the command that stops on an error

	Recorder func(*Task) Recorder // of the book of fluxes; nil: nothing is recorded
	Book     *fluxbook.Book       // for StepSend
	Platform *send.Sender         // for StepSend
	Vault    vault.Depositaire    // for StepDeposit
	Par      vault.Acteur
	Renderer *payslip.Renderer // of slips; the plain look when nil

	written func() // the rest of the last step waits for the disk; nil outside of a Machine
	// Checked is told what a check found; runs are then checked too, before they
	// are built.
	Checked func(*Task, *check.Rapport)
	// Look gives the renderer of a task that was sent, in place of Renderer.
	Look func(*Task) (*payslip.Renderer, error)
}

// Recorder writes a delivery into the book, and knows what was sent before.
type Recorder interface {
	build.Recorder
	build.Memory
	// RecordAll is Published for the notes of many, of any payrolls, as a part of
	// a transaction of the book's ledger, a server's.
	RecordAll(ctx context.Context, tx ledger.Tx, notes [][]byte) error
}

// work is a task while it is done.
type work struct {
	*Task
	env *Env
	out *Outcome

	join  Joint              // of the memo, nil when it has none
	key   string             // of the step that is done
	noted bool               // the step is in the memo already
	worst *anomalie.Anomalie // the first of gravity erreur that did not stop a step
}

// Do does the steps of a task that done does not know, one after the other, and
// says what became of it. The next step is not begun when one stopped, or found
// what a person must mend. What is done is told to done.
func Do(ctx context.Context, t *Task, env *Env, done Memo) *Outcome {
	began := env.Now()
	w := &work{Task: t, env: env, out: &Outcome{Dossier: t.Dossier, Etat: Already}}
	w.join, _ = done.(Joint)
	defer func() {
		// A fault of this program on one payroll stops that payroll.
		if fault := recover(); fault != nil {
			w.fail(ctx, errPanic{fault, debug.Stack()})
		}
		w.out.Millis = env.Now().Sub(began).Milliseconds()
	}()
	w.run(ctx, done)
	return w.out
}

func (w *work) run(ctx context.Context, done Memo) {
	key, err := w.content(ctx)
	for _, step := range w.Steps {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			w.fail(ctx, err)
			return
		}
		w.out.Step = step
		key = w.stepKey(key, step)
		if w.already(done, step, key) {
			continue
		}
		w.out.Etat, w.key, w.noted = Done, key, false
		if err = w.step(ctx, step); err != nil {
			w.fail(ctx, err)
			return
		}
		if w.worst != nil { // not done: it is looked at again until somebody mends it
			w.anomaly(w.worst)
			w.out.Etat, w.out.Exit = Anomalies, exitAnomalies
			return
		}
		if !w.noted {
			err = done.Add(w.entry(step, key))
		}
	}
	if err != nil {
		w.fail(ctx, err)
	}
}

// written gives the room of the machine back early, where nothing follows that
// needs it.
func (w *work) written() {
	if w.env.written != nil && w.out.Step == w.Steps[len(w.Steps)-1] {
		w.env.written()
	}
}

// step does one step. What a person must mend is an anomaly.
func (w *work) step(ctx context.Context, s Step) error {
	switch s {
	case StepCheck:
		return w.check(ctx)
	case StepVariations:
		return w.variations(ctx)
	case StepBuild:
		return w.build(ctx)
	case StepBulletins:
		return w.bulletins(ctx)
	case StepDeposit:
		return w.deposit(ctx)
	case StepSend:
		return w.send(ctx)
	}
	return Codes.New(UnknownStep, string(s))
}

// verdicts are the anomalies after which a step is done and a person has to
// look: the commands return 3 there.
var verdicts = []string{CheckFailed, PiecesMissing, NotSent, SlipsRefused}

const exitAnomalies = 3

// fail says why the work stopped, and what to do.
func (w *work) fail(ctx context.Context, err error) {
	o := w.out
	o.Etat, o.cause = Failed, err
	if o.Exit = 1; w.env.Exit != nil {
		o.Exit = w.env.Exit(err)
	}
	a := anomalie.As(err)
	switch {
	case ctx.Err() != nil && (a == nil || errors.Is(err, ctx.Err())):
		o.Etat = Interrupted
	case a == nil:
		o.Machine = true
		o.Message = lang.Text{FR: "panne de la machine ou du réseau : %v", EN: "fault of the machine or of the network: %v"}.In(w.env.Language, err)
		o.Geste = machineFault(err).In(w.env.Language)
	default:
		w.anomaly(a)
	}
}

func (w *work) anomaly(a *anomalie.Anomalie) {
	o := w.out
	for _, code := range verdicts {
		if a.Code == code {
			o.Etat, o.Exit = Anomalies, exitAnomalies
		}
	}
	o.Code, o.Message, o.Geste = a.Code, a.Message(w.env.Language), a.Aide(w.env.Language)
	if where := a.Lieu(w.env.Language); where != "" {
		o.Message += " (" + where + ")"
	}
	o.Machine = transient(a)
	if o.Geste == "" {
		o.Geste = gestures[o.Step].In(w.env.Language, w.Dossier)
	}
}

// gestures are what to do about an anomaly that says it not itself.
var gestures = map[Step]lang.Text{
	"":             {FR: "corrigez le dossier %s et relancez : ce qui est fait ne se refait pas", EN: "mend the folder %s and run again: what is done is not done again"},
	StepCheck:      {FR: "« xhl check » sur le dossier %s montre le détail ; corrigez et relancez", EN: "“xhl check” on the folder %s shows the details; mend it and run again"},
	StepVariations: {FR: "« xhl variations » sur le dossier %s montre le détail ; corrigez et relancez", EN: "“xhl variations” on the folder %s shows the details; mend it and run again"},
	StepBuild:      {FR: "corrigez la paye ou les justificatifs du dossier %s et relancez", EN: "mend the payroll or the justificatifs of the folder %s and run again"},
	StepBulletins:  {FR: "corrigez le journal du dossier %s et relancez", EN: "mend the journal of the folder %s and run again"},
	StepDeposit:    {FR: "« xhl vault deposit » sur le journal du dossier %s montre le détail", EN: "“xhl vault deposit” on the journal of the folder %s shows the details"},
	StepSend:       {FR: "« xhl send » reprend l'envoi des flux du dossier %s", EN: "“xhl send” takes up the sending of the fluxes of the folder %s"},
}

// Fault is an employer that cannot be worked on, as its outcome.
func Fault(e *Employeur, env *Env) *Outcome {
	w := &work{Task: &Task{Dossier: e.Dossier}, env: env, out: &Outcome{Dossier: e.Dossier}}
	w.fail(context.Background(), e.Faute)
	return w.out
}

// notice counts what does not stop the work.
func (w *work) notice(a *anomalie.Anomalie) {
	if a.Gravite != anomalie.Info {
		w.out.Avis++
	}
	if a.Gravite == anomalie.Erreur && w.worst == nil {
		w.worst = a
	}
}

// NewTasks gives each employer its task, out of what is common to all: base is
// the request of the batch, out its folder. An employer without what a PES needs
// gets a Faute.
func NewTasks(list []Employeur, base build.Request, avant string, steps []Step, out func(dossier string) string) []*Task {
	tasks := make([]*Task, len(list))
	cores.Each(context.Background(), 0, len(list), func(_ context.Context, i int) error {
		e := &list[i]
		t := &Task{Dossier: e.Dossier, Steps: steps, Sortie: out(e.Dossier), Avant: e.Avant, Build: base}
		if t.Avant == "" && avant != "" {
			t.Avant = below(avant, e.Dossier)
		}
		b := &t.Build
		b.Entree, b.Sortie = e.Entree, t.Sortie
		override(&b.Siret, e.Siret)
		override(&b.Flux.IdPost, e.IdPost)
		override(&b.Flux.CodCol, e.CodCol)
		override(&b.Flux.CodBud, e.CodBud)
		override(&b.Flux.FinJur, e.FinJur)
		if e.Limit > 0 {
			b.Limit = e.Limit
		}
		if len(e.Mandats) > 0 {
			b.Mandats = e.Mandats
		}
		if e.Faute == nil && intoInput(t.Sortie, e.Entree) {
			e.Faute = Codes.New(OutInInput, t.Sortie)
		}
		if e.Faute == nil {
			e.Faute = t.Complete()
		}
		if e.Faute == nil {
			t.Octets = size(e.Entree)
		}
		tasks[i] = t
		return nil
	})
	return tasks
}

// intoInput reports whether an output folder is that of the input, or in it: what is
// made would be taken for a part of the payroll by the next batch.
func intoInput(out, entree string) bool {
	st, err := os.Stat(entree)
	if err != nil {
		return false
	}
	dir := entree
	if !st.IsDir() {
		dir = filepath.Dir(entree)
	}
	if rel, err := filepath.Rel(dir, out); err == nil && (rel == "." || st.IsDir() && filepath.IsLocal(rel)) {
		return true
	}
	a, err1 := os.Stat(dir)
	b, err2 := os.Stat(out)
	return err1 == nil && err2 == nil && os.SameFile(a, b)
}

func override(field *string, value string) {
	if value != "" {
		*field = value
	}
}

// Complete says what a task lacks.
func (t *Task) Complete() *anomalie.Anomalie {
	for _, step := range t.Steps {
		if step != StepBuild {
			continue
		}
		if t.Build.Limit <= 0 {
			return Codes.New(LimitMissing)
		}
		if t.Build.Format != "" && t.Build.Format != build.FormatPES {
			continue
		}
		f := &t.Build.Flux
		for _, field := range []struct{ name, value string }{{"idpost", f.IdPost}, {"codcol", f.CodCol}, {"codbud", f.CodBud}} {
			if field.value == "" {
				return Codes.New(HeaderMissing, field.name)
			}
		}
	}
	return nil
}
