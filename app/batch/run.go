package batch

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/semaphore"

	"paye/internal/progress"
)

// Limits bound what a batch takes of the machine; the zero value works.
type Limits struct {
	Workers int   // processors; all when 0
	Memory  int64 // bytes for the employers at work; 256 MiB when 0
	Disk    int64 // bytes of spool and volumes at work at once; not bounded when 0
}

// Watch is how a batch is watched. The zero Watch watches nothing.
type Watch struct {
	Progress *progress.Progress
	Ended    func(*Outcome)       // each employer, as it ends; one at a time
	Begun    func(dossier string) // each employer; one at a time
}

// Employers is the phase of a batch, in employers.
const Employers progress.Phase = "employeurs"

// What a build is counted for, an estimate on the safe side: a small one is a
// few buffers, and a large one has some for each processor.
const (
	smallInput   = 8 << 20  // bytes; below, an employer is not cut across processors
	smallMemory  = 6 << 20  // bytes
	workerMemory = 12 << 20 // bytes a processor of a large one
	perProcessor = 6        // small employers at once: while some wait for the disk, others compute
)

// pool shares the machine among employers. Large ones go one after the other,
// cut across the processors, largest first; small ones go side by side with them
// and with each other. Neither waits for the other kind to end.
type pool struct {
	env    *Env
	done   Memo
	watch  Watch
	limits Limits
	memory *semaphore.Weighted
	disk   *semaphore.Weighted

	mu  sync.Mutex // of watch and outcomes
	sum []Outcome
}

// Run works on all tasks and says what became of each, in their order. faults
// are the outcomes of those that cannot be worked on, nil for the others. It
// ends early with ctx, and then what was not begun is Interrupted.
func Run(ctx context.Context, tasks []*Task, faults []*Outcome, env *Env, done Memo, l Limits, w Watch) *Summary {
	s := &Summary{Debut: env.Now()}
	p := newPool(env, done, l, w, len(tasks))
	var large, small []int
	for i, t := range tasks {
		switch {
		case faults[i] != nil:
			p.ended(i, faults[i])
		case t.Octets > smallInput:
			large = append(large, i)
		default:
			small = append(small, i)
		}
	}
	slices.SortStableFunc(large, func(a, b int) int { return cmp.Compare(tasks[b].Octets, tasks[a].Octets) })
	var all sync.WaitGroup
	all.Go(func() { p.lane(ctx, tasks, large, 1, p.limits.Workers) })
	all.Go(func() { p.lane(ctx, tasks, small, perProcessor*p.limits.Workers, 1) })
	all.Wait()
	s.Outcomes, s.Fin = p.sum, env.Now()
	return s
}

func newPool(env *Env, done Memo, l Limits, w Watch, n int) *pool {
	if l.Workers <= 0 {
		l.Workers = runtime.GOMAXPROCS(0)
	}
	if l.Memory <= 0 {
		l.Memory = 256 << 20
	}
	if w.Progress == nil {
		w.Progress = new(progress.Progress)
	}
	w.Progress.Begin(Employers, int64(n))
	p := &pool{env: env, done: done, watch: w, limits: l, memory: semaphore.NewWeighted(l.Memory), sum: make([]Outcome, n)}
	if l.Disk > 0 {
		p.disk = semaphore.NewWeighted(l.Disk)
	}
	return p
}

// lane works on the tasks of a list, so many at once.
func (p *pool) lane(ctx context.Context, tasks []*Task, list []int, atOnce, workers int) {
	next := make(chan int)
	var all sync.WaitGroup
	for range min(atOnce, len(list)) {
		all.Go(func() {
			for i := range next {
				p.ended(i, p.one(ctx, tasks[i], workers))
			}
		})
	}
	for _, i := range list {
		next <- i
	}
	close(next)
	all.Wait()
}

// one works on a task once there is room for it.
func (p *pool) one(ctx context.Context, t *Task, workers int) *Outcome {
	memory := smallMemory + min(t.Octets/4, smallMemory)
	if workers > 1 {
		memory += int64(workers) * workerMemory
	}
	release, err := p.room(ctx, min(memory, p.limits.Memory), min(2*t.Octets, p.limits.Disk))
	if err != nil {
		return &Outcome{Dossier: t.Dossier, Etat: Interrupted, Exit: 130}
	}
	defer release()
	if p.watch.Begun != nil {
		p.mu.Lock()
		p.watch.Begun(t.Dossier)
		p.mu.Unlock()
	}
	env := *p.env
	env.Workers = workers
	return Do(ctx, t, &env, p.done)
}

// room waits for bytes of memory and of disk.
func (p *pool) room(ctx context.Context, memory, disk int64) (release func(), err error) {
	if err := p.memory.Acquire(ctx, memory); err != nil {
		return nil, err
	}
	if p.disk == nil {
		return func() { p.memory.Release(memory) }, ctx.Err()
	}
	if err := p.disk.Acquire(ctx, disk); err != nil {
		p.memory.Release(memory)
		return nil, err
	}
	return func() { p.disk.Release(disk); p.memory.Release(memory) }, nil
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
