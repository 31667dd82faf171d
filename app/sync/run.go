package sync

import (
	"context"
	"errors"
	"slices"
	"strings"

	"paye/hr"
	"paye/internal/anomalie"
	"paye/internal/input"
)

// Request is what is asked of a run. Its zero value is a run as the scheduler
// wants it.
type Request struct {
	DryRun    bool     `json:"dry_run,omitempty"`
	Reason    string   `json:"reason,omitempty"`  // overrules the guards
	Payroll   string   `json:"payroll,omitempty"` // journal that says what payroll has now
	Link      []string `json:"link,omitempty"`    // SHEET=MATRICULE
	Apart     []string `json:"apart,omitempty"`   // SHEET=MATRICULE
	Create    []string `json:"create,omitempty"`  // SHEET
	BreakLock bool     `json:"break_lock,omitempty"`
}

// Watch is how a run is watched; its zero value watches nothing.
type Watch struct {
	Read    func(done, total int) // sheets; total is -1 when unknown
	Step    func(Step)            // before each step that writes: for tests that stop there
	Resumed func(run string)
}

// Step names a place in a run.
type Step string

const (
	StepPage    Step = "page"    // a page is in the staging
	StepPlanned Step = "planned" // the guards have passed
	StepApplied Step = "applied" // the transaction is committed
	StepDropped Step = "dropped" // the staging is gone
)

func (w Watch) read(done, total int) {
	if w.Read != nil {
		w.Read(done, total)
	}
	w.step(StepPage)
}

func (w Watch) step(s Step) {
	if w.Step != nil {
		w.Step(s)
	}
}

// Report is how a run ended.
type Report struct {
	Run     string
	Day     hr.Date
	Plan    *hr.Plan
	Applied bool
	Resumed bool
	Mail    string // where the message went; empty when none is wanted
}

// Run synchronises once. Whatever happens, who is to be told is told.
func (j *Job) Run(ctx context.Context, req Request, w Watch) (*Report, error) {
	dir, err := j.folder()
	if err != nil {
		return nil, err
	}
	run, err := j.newRun()
	if err != nil {
		return nil, err
	}
	release, err := j.lock(dir, run, req.BreakLock)
	if err != nil {
		return nil, err
	}
	defer release()
	rep, err := j.run(ctx, dir, run, req, w)
	if req.DryRun || errors.Is(err, context.Canceled) {
		return rep, err
	}
	where, mailErr := j.tell(ctx, run, rep, err)
	if rep != nil {
		rep.Mail = where
	}
	return rep, errors.Join(err, mailErr)
}

func (j *Job) run(ctx context.Context, dir, run string, req Request, w Watch) (*Report, error) {
	stage, err := j.stage(ctx, dir, run, w)
	if err != nil {
		return nil, err
	}
	rep := &Report{Run: stage.head.Run, Day: j.Today(), Resumed: stage.resume}
	before, err := j.store.Runs(ctx)
	if err != nil {
		return nil, errors.Join(err, stage.f.Close())
	}
	in, chosen, err := j.input(ctx, stage, req)
	if err != nil {
		return nil, errors.Join(err, stage.f.Close())
	}
	rep.Plan = hr.NewPlan(*in)
	if sheet := stage.head.Sheet; sheet != "" {
		rep.Plan.Notices = slices.Insert(rep.Plan.Notices, 0, input.Codes.New(input.OtherSheet, sheet).At(stage.head.File, -1, 0))
	}
	if req.DryRun {
		return rep, stage.drop()
	}
	if len(rep.Plan.Refusals) > 0 && req.Reason == "" {
		return rep, errors.Join(rep.Plan.Refusals[0], stage.drop())
	}
	w.step(StepPlanned)
	if len(chosen) > 0 {
		if err := j.store.Decide(ctx, j.o.User, chosen); err != nil {
			return rep, errors.Join(err, stage.f.Close())
		}
	}
	reason := ""
	if len(rep.Plan.Refusals) > 0 {
		reason = req.Reason
	}
	if err := j.store.Apply(ctx, hr.Run{ID: rep.Run, After: before, At: j.o.Clock.Now(), Day: rep.Day, Reason: reason}, rep.Plan); err != nil {
		return rep, errors.Join(err, stage.f.Close())
	}
	rep.Applied = true
	w.step(StepApplied)
	if err := stage.drop(); err != nil {
		return rep, err
	}
	w.step(StepDropped)
	return rep, nil
}

// stage reads the source, from where an earlier run was killed when there is
// such a one.
func (j *Job) stage(ctx context.Context, dir, run string, w Watch) (*staging, error) {
	mapping, err := j.Mapping.Digest()
	if err != nil {
		return nil, err
	}
	for range restarts {
		s, err := reopen(dir, mapping, j.source.Name(), j.o.Clock.Now())
		if err != nil {
			return nil, err
		}
		if s == nil {
			if s, err = j.begin(ctx, dir, run, mapping, w); err != nil {
				return nil, err
			}
		} else if w.Resumed != nil {
			w.Resumed(s.head.Run)
		}
		err = s.read(ctx, j.source, j.Mapping.Paths(), w)
		if err == nil {
			return s, nil
		}
		if !errors.Is(err, errMoved) {
			return nil, errors.Join(err, s.f.Close()) // what was read stays
		}
		if err := s.drop(); err != nil {
			return nil, err
		}
	}
	return nil, hr.Codes.New("RH-212", restarts)
}

// begin starts a staging: the lists and the first page.
func (j *Job) begin(ctx context.Context, dir, run, mapping string, w Watch) (*staging, error) {
	head := stagingHead{Run: run, Mapping: mapping, Source: j.source.Name(), Start: j.o.Clock.Now().UTC()}
	extended := false
	for _, path := range j.Mapping.Paths() {
		extended = extended || strings.HasPrefix(path, "extendedData.")
	}
	if extended {
		var err error
		if head.Lists, err = j.source.Lists(ctx); err != nil && !anomalie.Is(err, "RH-203") && !anomalie.Is(err, "RH-204") {
			return nil, err
		}
	}
	page, err := j.source.Users(ctx, 0, j.Mapping.Paths())
	if err != nil {
		return nil, err
	}
	head.Total, head.File, head.Sheet = page.Total, page.File, page.Sheet
	s, err := create(dir, head)
	if err != nil {
		return nil, err
	}
	for _, r := range page.Records {
		s.seen[r.ID] = true
	}
	if len(s.seen) != len(page.Records) {
		return nil, errors.Join(hr.Codes.New("RH-212", 1), s.drop())
	}
	s.next, s.done = len(page.Records), page.Last
	if err := s.write(stagingPage{page.Records, page.Last}); err != nil {
		return nil, errors.Join(err, s.f.Close())
	}
	w.read(s.next, head.Total)
	return s, nil
}

// input gathers what a plan is made from, and the decisions that are new.
func (j *Job) input(ctx context.Context, s *staging, req Request) (*hr.Input, []hr.Decision, error) {
	in := &hr.Input{Mapping: j.Mapping, Today: j.Today()}
	n := hr.Normaliser{Mapping: j.Mapping, Lists: s.head.Lists, Today: in.Today}
	err := s.records(func(r *hr.Record) { in.Fiches = append(in.Fiches, n.Fiche(r)) })
	if err != nil {
		return nil, nil, err
	}
	if in.Register, err = j.store.Register(ctx); err != nil {
		return nil, nil, err
	}
	if in.Last, err = j.store.Last(ctx); err != nil {
		return nil, nil, err
	}
	if in.Decisions, err = j.store.Decisions(ctx); err != nil {
		return nil, nil, err
	}
	if req.Payroll != "" {
		if in.Payroll, err = j.payroll(ctx, req.Payroll); err != nil {
			return nil, nil, err
		}
	}
	chosen, err := choices(req, in.Register)
	in.Decisions = append(in.Decisions, chosen...)
	return in, chosen, err
}

// choices reads the decisions of a request.
func choices(req Request, r *hr.Register) ([]hr.Decision, error) {
	var list []hr.Decision
	for _, kind := range []struct {
		kind hr.DecisionKind
		said []string
	}{{hr.DecideLink, req.Link}, {hr.DecideApart, req.Apart}, {hr.DecideCreate, req.Create}} {
		for _, s := range kind.said {
			sheet, name, _ := strings.Cut(s, "=")
			d := hr.Decision{SourceID: strings.TrimSpace(sheet), Kind: kind.kind}
			if kind.kind != hr.DecideCreate {
				a := r.Named(strings.TrimSpace(name))
				if a == nil {
					return nil, hr.Codes.New("RH-110", name)
				}
				d.Agent = a.ID
			}
			list = append(list, d)
		}
	}
	return list, nil
}
