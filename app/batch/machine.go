package batch

import (
	"context"
	"runtime"

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
	perProcessor = 6        // small employers at once: while some wait for the disk, others compute
)

// Machine is what employers at work share: processors, memory and disk. A large
// one is cut across the processors, small ones go side by side.
type Machine struct {
	env    *Env
	limits Limits
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
	m := &Machine{env: env, limits: l, memory: semaphore.NewWeighted(l.Memory)}
	if l.Disk > 0 {
		m.disk = semaphore.NewWeighted(l.Disk)
	}
	return m
}

// Slots are how many large employers, and how many small ones, are worth being
// at work at once.
func (m *Machine) Slots() (large, small int) { return 1, perProcessor * m.limits.Workers }

// Large reports whether the work is worth being cut across processors.
func (t *Task) Large() bool { return t.Octets > smallInput }

// Do is [Do] once there is room for the task; begun, which may be nil, is told
// then.
func (m *Machine) Do(ctx context.Context, t *Task, done Memo, begun func(dossier string)) *Outcome {
	env := *m.env
	env.Workers = 1
	memory := smallMemory + min(t.Octets/4, smallMemory)
	if t.Large() {
		env.Workers = m.limits.Workers
		memory += int64(env.Workers) * workerMemory
	}
	release, err := m.room(ctx, min(memory, m.limits.Memory), min(2*t.Octets, m.limits.Disk))
	if err != nil {
		return &Outcome{Dossier: t.Dossier, Etat: Interrupted, Exit: 130, cause: err}
	}
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

// room waits for bytes of memory and of disk.
func (m *Machine) room(ctx context.Context, memory, disk int64) (release func(), err error) {
	if err := m.memory.Acquire(ctx, memory); err != nil {
		return nil, err
	}
	if m.disk == nil {
		return func() { m.memory.Release(memory) }, ctx.Err()
	}
	if err := m.disk.Acquire(ctx, disk); err != nil {
		m.memory.Release(memory)
		return nil, err
	}
	return func() { m.disk.Release(disk); m.memory.Release(memory) }, nil
}
