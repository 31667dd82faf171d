package batch

import (
	"context"
	"runtime"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Limits bound what a batch takes of the machine; the zero value works.
type Limits struct {
	Workers int   // processors; all when 0
	Memory  int64 // bytes for the employers at work; 256 MiB when 0
	Disk    int64 // bytes of spool and volumes at work at once; not bounded when 0
}

// What a build is counted for, an estimate on the safe side: a small one is a
// few buffers, and a large one has some for each processor.
const (
	smallInput   = 8 << 20  // bytes; below, an employer is not cut across processors
	smallMemory  = 6 << 20  // bytes
	workerMemory = 12 << 20 // bytes a processor of a large one
	perProcessor = 3        // small employers that compute at once
	besides      = 12       // and that wait for the disk meanwhile
	jobsOfWorker = 40       // in the hands of a worker, beside those of its processors: what it takes along when it is killed
)

// Machine is what employers at work share: processors, memory and disk. A large
// one is cut across the processors, small ones go side by side.
type Machine struct {
	env    *Env
	limits Limits
	small  *semaphore.Weighted // small employers that compute
	memory *semaphore.Weighted
	disk   *semaphore.Weighted
}

// NewMachine shares a machine within limits.
func NewMachine(env *Env, l Limits) *Machine {
	if l.Workers <= 0 {
		l.Workers = runtime.GOMAXPROCS(0)
	}
	if l.Memory <= 0 {
		l.Memory = 256 << 20
	}
	m := &Machine{env: env, limits: l, small: semaphore.NewWeighted(int64(perProcessor * l.Workers)), memory: semaphore.NewWeighted(l.Memory)}
	if l.Disk > 0 {
		m.disk = semaphore.NewWeighted(l.Disk)
	}
	return m
}

// Slots are how many large employers, and how many small ones, are worth being
// at work at once.
func (m *Machine) Slots() (large, small int) { return 1, (perProcessor + besides) * m.limits.Workers }

// Jobs is Slots for jobs of a queue. Most of the small ones wait for the disk, and
// for the transaction in which they end together. Those that make slips compute, and
// more than compute at once would use up their time in waiting.
func (m *Machine) Jobs() (large, small, slips int) {
	return 1, jobsOfWorker + 8*m.limits.Workers, perProcessor * m.limits.Workers
}

// Large reports whether the work is worth being cut across processors.
func (t *Task) Large() bool { return t.Octets > smallInput }

// Do is [Do] once there is room for the task; begun, which may be nil, is told
// then.
func (m *Machine) Do(ctx context.Context, t *Task, done Memo, begun func(dossier string)) *Outcome {
	env := *m.env
	env.Workers = 1
	memory := smallMemory + min(t.Octets/4, smallMemory)
	computing := int64(1)
	if t.Large() {
		env.Workers, computing = m.limits.Workers, 0
		memory += int64(env.Workers) * workerMemory
	}
	computed, release, err := m.room(ctx, computing, min(memory, m.limits.Memory), min(2*t.Octets, m.limits.Disk))
	if err != nil {
		return &Outcome{Dossier: t.Dossier, Etat: Interrupted, Exit: 130, cause: err}
	}
	env.written = computed
	defer release()
	if begun != nil {
		begun(t.Dossier)
	}
	return Do(ctx, t, &env, done)
}

// In is the machine for a language.
func (m *Machine) in(env Env) *Machine {
	other := *m
	other.env = &env
	return &other
}

// room waits for a place among those that compute, for bytes of memory and of
// disk. Who only waits for the disk any more calls computed: that takes neither a
// processor nor memory to speak of.
func (m *Machine) room(ctx context.Context, places, memory, disk int64) (computed, release func(), err error) {
	var taken []func()
	free := func() {
		for _, f := range taken {
			f()
		}
	}
	for _, c := range []struct {
		of *semaphore.Weighted
		n  int64
	}{{m.disk, disk}, {m.small, places}, {m.memory, memory}} {
		if c.of == nil {
			continue
		}
		if err := c.of.Acquire(ctx, c.n); err != nil {
			free()
			return nil, nil, err
		}
		taken = append(taken, sync.OnceFunc(func() { c.of.Release(c.n) }))
	}
	if err := ctx.Err(); err != nil {
		free()
		return nil, nil, err
	}
	last := taken[len(taken)-2:]
	return func() { last[0](); last[1]() }, free, nil
}
