package batch

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"paye/internal/progress"
)

// Watch is how a batch is watched. The zero Watch watches nothing.
type Watch struct {
	Progress *progress.Progress
	Ended    func(*Outcome)       // each employer, as it ends; one at a time
	Begun    func(dossier string) // each employer; one at a time
}

// Employers is the phase of a batch, in employers.
const Employers progress.Phase = "employeurs"

// pool works on a batch. Large employers go one after the other, largest first;
// small ones go side by side with them and with each other. Neither waits for
// the other kind to end.
type pool struct {
	machine *Machine
	done    Memo
	watch   Watch

	mu  sync.Mutex // of watch and outcomes
	sum []Outcome
}

// Run works on all tasks and says what became of each, in their order. faults
// are the outcomes of those that cannot be worked on, nil for the others; those
// that are the payroll of another get theirs here. It ends early with ctx, and
// then what was not begun is Interrupted.
func Run(ctx context.Context, tasks []*Task, faults []*Outcome, env *Env, done Memo, l Limits, w Watch) *Summary {
	s := &Summary{Debut: env.Now()}
	p := newPool(NewMachine(env, l), done, w, len(tasks))
	payrolls(ctx, tasks, faults, env)
	var large, small []int
	for i, t := range tasks {
		switch {
		case faults[i] != nil:
			p.ended(i, faults[i])
		case t.Large():
			large = append(large, i)
		default:
			small = append(small, i)
		}
	}
	slices.SortStableFunc(large, func(a, b int) int { return cmp.Compare(tasks[b].Octets, tasks[a].Octets) })
	oneByOne, sideBySide := p.machine.Slots()
	var all sync.WaitGroup
	all.Go(func() { p.lane(ctx, tasks, large, oneByOne) })
	all.Go(func() { p.lane(ctx, tasks, small, sideBySide) })
	all.Wait()
	s.Outcomes, s.Fin = p.sum, env.Now()
	return s
}

func newPool(m *Machine, done Memo, w Watch, n int) *pool {
	if w.Progress == nil {
		w.Progress = new(progress.Progress)
	}
	w.Progress.Begin(Employers, int64(n))
	return &pool{machine: m, done: done, watch: w, sum: make([]Outcome, n)}
}

// lane works on the tasks of a list, so many at once.
func (p *pool) lane(ctx context.Context, tasks []*Task, list []int, atOnce int) {
	next := make(chan int)
	var all sync.WaitGroup
	for range min(atOnce, len(list)) {
		all.Go(func() {
			for i := range next {
				p.ended(i, p.machine.Do(ctx, tasks[i], p.done, p.begun))
			}
		})
	}
	for _, i := range list {
		next <- i
	}
	close(next)
	all.Wait()
}

func (p *pool) begun(dossier string) {
	if p.watch.Begun != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.watch.Begun(dossier)
	}
}

func (p *pool) ended(i int, o *Outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sum[i] = *o
	p.watch.Progress.Add(1)
	if p.watch.Ended != nil {
		p.watch.Ended(o)
	}
}
