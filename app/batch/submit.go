package batch

import (
	"context"
	"encoding/json"
	"time"

	"paye/internal/durable"
	"paye/internal/jobs"
	"paye/internal/lang"
	"paye/internal/ledger"
)

// Order is a batch for the workers of a database.
type Order struct {
	Lot      string // its output folder, as all workers name it
	Tasks    []*Task
	Faults   []*Outcome // of those that cannot be worked on; Submit adds to them
	Langue   lang.Language
	Time     time.Duration // that a job may take; by its size when 0
	Attempts int           // at a job at most, when machines fail; 6 when 0
}

// chunk is how many jobs one transaction inserts.
const chunk = 500

// Submit puts the first step of each employer into the queue. One whose step
// waits there already, or is worked on, is followed where it stands; two
// employers that are the same payroll are the fault of the second.
func (s *Lots) Submit(ctx context.Context, o *Order, env *Env) error {
	list, err := o.jobs(ctx, env)
	if err != nil {
		return err
	}
	for len(list) > 0 {
		n := min(len(list), chunk)
		if err := s.L.Update(ctx, func(tx ledger.Tx) error { return s.insert(ctx, tx, o, env, list[:n]) }); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// asked is a job to insert.
type asked struct {
	jobs.Args
	i int // of the task
}

// jobs are the first jobs of the tasks that can be worked on.
func (o *Order) jobs(ctx context.Context, env *Env) ([]asked, error) {
	named := payrolls(ctx, o.Tasks, o.Faults, env)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var list []asked
	for i, t := range o.Tasks {
		if o.Faults[i] != nil {
			continue
		}
		a := jobs.Args{Employeur: named[i].employeur, Mois: named[i].mois, Train: named[i].train, Lot: o.Lot, Dossier: t.Dossier,
			Step: string(t.Steps[0]), Seconds: int(o.allowed(t).Seconds()), Attempts: o.Attempts}
		list = append(list, asked{a, i})
	}
	return list, nil
}

// allowed is how long a job of a task may take: a step that stands still is
// given to another worker after that.
func (o *Order) allowed(t *Task) time.Duration {
	if o.Time > 0 {
		return o.Time
	}
	return 2*time.Minute + time.Duration(t.Octets>>20)*time.Second
}

// insert inserts jobs, and says where their employers stand.
func (s *Lots) insert(ctx context.Context, tx ledger.Tx, o *Order, env *Env, list []asked) error {
	args := make([]jobs.Args, len(list))
	queues := make([]string, len(list))
	folders := make([]string, len(list))
	for k, a := range list {
		folders[k] = a.Dossier
	}
	known, err := s.known(ctx, tx, o.Lot, folders)
	if err != nil {
		return err
	}
	for k, a := range list {
		t := o.Tasks[a.i]
		if a.Task, err = json.Marshal(&message{Task: *t, Langue: o.Langue.String(), Again: t.Retry, Neuf: !known[a.Dossier]}); err != nil {
			return err
		}
		args[k] = a.Args
		queues[k] = queueOf(t, Step(a.Step))
	}
	made, err := s.Queue.InsertIn(ctx, tx, args, queues)
	if err != nil {
		return err
	}
	var stands []standing
	for k, m := range made {
		a := list[k]
		if m.Same && (m.Args.Lot != a.Lot || m.Args.Dossier != a.Dossier) {
			o.Faults[a.i] = same(o.Tasks[a.i], env, below(m.Args.Lot, m.Args.Dossier))
			continue
		}
		stands = append(stands, standing{o.Lot, a.Dossier, m.ID, waiting, nil})
	}
	return s.settleAll(ctx, tx, stands)
}

// Follow waits until every employer of an order has ended, and says what became
// of each. It looks again at each tick; what a person or the queue ended
// otherwise is told as such. When ctx ends the jobs go on.
func (s *Lots) Follow(ctx context.Context, o *Order, env *Env, w Watch, tick <-chan time.Time) (*Summary, error) {
	f := &follow{s: s, o: o, index: make(map[string]int), jobs: make(map[string]int64), pool: newPool(nil, nil, w, len(o.Tasks))}
	sum := &Summary{Debut: env.Now()}
	for i, t := range o.Tasks {
		if o.Faults[i] != nil {
			f.pool.ended(i, o.Faults[i])
			continue
		}
		f.index[t.Dossier] = i
		f.pool.sum[i] = Outcome{Dossier: t.Dossier, Etat: Interrupted, Exit: 130}
	}
	err := f.wait(ctx, env, tick)
	for i, t := range o.Tasks {
		if f.pool.sum[i].Etat == Done {
			t.tidy(env)
		}
	}
	sum.Outcomes, sum.Fin = f.pool.sum, env.Now()
	return sum, err
}

// tidy ends a delivery whose worker was killed after it had told the database, which
// then has no attempt left that would. A living one holds the folder.
func (t *Task) tidy(env *Env) {
	if env.Recorder == nil || !durable.Interrupted(t.Sortie) {
		return
	}
	d, err := durable.Begin(t.Sortie, durable.DeliveryOptions{Published: env.Recorder(t).Published})
	if err == nil {
		d.Abort()
	}
}

// follow is what is known of an order.
type follow struct {
	s     *Lots
	o     *Order
	pool  *pool
	index map[string]int   // of the tasks that are still to end, by folder
	jobs  map[string]int64 // their jobs
	suite int64
}

// quiet is how many ticks a look is left out for after one that found no change,
// slow how many go by between two looks at the queue itself.
const (
	quiet = 4
	slow  = 50
)

func (f *follow) wait(ctx context.Context, env *Env, tick <-chan time.Time) error {
	next := 0 // tick at which to look at the changes
	for n := 0; ; n++ {
		if n >= next {
			changed, err := f.look(ctx)
			if err != nil && ctx.Err() == nil && !outage(err) {
				return err
			}
			if !changed {
				next = n + 1 + quiet
			}
		}
		if n%slow == slow-1 {
			if err := f.abandoned(ctx, env); err != nil && ctx.Err() == nil && !outage(err) {
				return err
			}
		}
		if len(f.index) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick:
		}
	}
}

// look takes what has changed since the last look.
func (f *follow) look(ctx context.Context) (changed bool, err error) {
	list, last, err := f.s.since(ctx, f.o.Lot, f.suite)
	if err != nil {
		return false, err
	}
	f.suite = last
	for k := range list {
		f.take(&list[k])
	}
	return len(list) > 0, nil
}

func (f *follow) take(c *change) {
	i, ours := f.index[c.dossier]
	switch {
	case !ours:
	case c.etat == waiting:
		f.jobs[c.dossier] = c.job
	default:
		delete(f.index, c.dossier)
		delete(f.jobs, c.dossier)
		f.pool.ended(i, &c.outcome)
	}
}

// abandoned looks for jobs that ended without a word of a worker: cancelled in
// the queue while they waited, or given up after as many attempts as there are.
func (f *follow) abandoned(ctx context.Context, env *Env) error {
	ids := make([]int64, 0, len(f.jobs))
	of := make(map[int64]string, len(f.jobs))
	for dossier, id := range f.jobs {
		ids = append(ids, id)
		of[id] = dossier
	}
	ended, err := f.s.Queue.Ended(ctx, ids)
	if err != nil || len(ended) == 0 {
		return err
	}
	// A worker says what became of a job before it ends: it may have since the
	// last look.
	if _, err := f.look(ctx); err != nil {
		return err
	}
	for id, state := range ended {
		dossier := of[id]
		if f.jobs[dossier] != id {
			continue
		}
		o := Fault(&Employeur{Dossier: dossier, Faute: Codes.New(GivenUp)}, env)
		if state == "cancelled" {
			o = Fault(&Employeur{Dossier: dossier, Faute: Codes.New(Withdrawn)}, env)
			o.Etat = Cancelled
		}
		f.take(&change{dossier: dossier, etat: string(o.Etat), outcome: *o})
	}
	return nil
}

// Cancel takes the jobs of a lot out of the queue, those of the named folders
// or all, and returns how many there were.
func (s *Lots) Cancel(ctx context.Context, lot string, dossiers []string) (int, error) {
	list, _, err := s.since(ctx, lot, 0)
	if err != nil {
		return 0, err
	}
	wanted := make(map[string]bool)
	for _, d := range dossiers {
		wanted[d] = true
	}
	var ids []int64
	for _, c := range list {
		if c.etat == waiting && (len(wanted) == 0 || wanted[c.dossier]) {
			ids = append(ids, c.job)
		}
	}
	return len(ids), s.Queue.Cancel(ctx, ids)
}
