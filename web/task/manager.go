package task

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/ledger"
)

// Runner does the work of a task. Its result is kept as JSON; an error that is
// an anomaly is shown to the owner.
type Runner func(ctx context.Context, r *Run) (result any, err error)

// Run is a task under way.
type Run struct {
	Task
	mu   sync.Mutex
	step func() Step
}

// Step is how far a task is.
type Step struct {
	Label       lang.Text
	Done, Total int64 // Total is 0 while it is not known
}

// Watch gives where to read how far the task is. f is called from other
// goroutines, at any time until the Runner returns.
func (r *Run) Watch(f func() Step) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.step = f
}

func (r *Run) status() Step {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.step == nil {
		return Step{}
	}
	return r.step()
}

// Lane lets so many tasks of its kinds run at once.
type Lane struct{ room chan struct{} }

// NewLane makes a lane for n tasks at once.
func NewLane(n int) *Lane { return &Lane{make(chan struct{}, n)} }

// Manager runs tasks.
type Manager struct {
	l   *ledger.Ledger
	log *slog.Logger

	base   context.Context
	stop   context.CancelFunc
	wait   sync.WaitGroup
	mu     sync.Mutex
	kinds  map[string]kind
	active map[string]*active
	closed bool
}

type kind struct {
	run  Runner
	lane *Lane
}

type active struct {
	run    *Run
	cancel context.CancelCauseFunc
}

// errCancelled is the cause of a context that the owner cancelled.
var errCancelled = errors.New("cancelled by its owner")

// Open opens the tasks of a ledger that was opened with [Schema]. Those that an
// earlier process left under way are marked as interrupted.
func Open(ctx context.Context, l *ledger.Ledger, log *slog.Logger) (*Manager, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	m := &Manager{l: l, log: log, kinds: map[string]kind{}, active: map[string]*active{}}
	m.base, m.stop = context.WithCancel(context.WithoutCancel(ctx))
	err := m.exec(ctx, "update task_task set state=$1, ended=$2 where state in ($3,$4)", Interrupted, ledger.Time(l.Now()), Waiting, Running)
	return m, err
}

// Register says who does the work of a kind. It is called before tasks start.
func (m *Manager) Register(name string, lane *Lane, run Runner) { m.kinds[name] = kind{run, lane} }

// Close interrupts what is under way and waits for it.
func (m *Manager) Close() {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	m.stop()
	m.wait.Wait()
}

// ErrClosed is that the server stops.
var ErrClosed = errors.New("the server stops")

// Start notes a task and runs it when its lane has room. It returns at once.
func (m *Manager) Start(ctx context.Context, name, owner, subject string, request any) (*Task, error) {
	b, err := json.Marshal(request)
	if err != nil {
		return nil, fmt.Errorf("note a task: %w", err)
	}
	t := Task{ID: rand.Text(), Kind: name, Owner: owner, Subject: subject, State: Waiting, Request: b, Made: m.l.Now()}
	err = m.exec(ctx, "insert into task_task ("+columns+") values ($1,$2,$3,$4,$5,$6,'','',$7,'','')",
		t.ID, t.Kind, t.Owner, t.Subject, t.State, string(b), ledger.Time(t.Made))
	if err != nil {
		return nil, err
	}
	return &t, m.launch(&t)
}

// Resume runs a task again from its request: one that was interrupted,
// cancelled or failed.
func (m *Manager) Resume(ctx context.Context, id string) error {
	t, err := m.Get(ctx, id)
	if err != nil {
		return err
	}
	if !t.State.Over() || t.State == Done {
		return nil
	}
	if err := m.exec(ctx, "update task_task set state=$1, fault='', ended='' where id=$2 and state=$3", Waiting, id, t.State); err != nil {
		return err
	}
	return m.launch(t)
}

func (m *Manager) launch(t *Task) error {
	k, known := m.kinds[t.Kind]
	if !known {
		return fmt.Errorf("run a task of the kind %s: nobody does it", t.Kind)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	if m.active[t.ID] != nil {
		return nil
	}
	ctx, cancel := context.WithCancelCause(m.base)
	a := &active{run: &Run{Task: *t}, cancel: cancel}
	m.active[t.ID] = a
	m.wait.Go(func() {
		defer cancel(nil)
		m.carry(ctx, k, a.run)
		m.mu.Lock()
		delete(m.active, t.ID)
		m.mu.Unlock()
	})
	return nil
}

// carry runs a task once there is room, and notes what came of it.
func (m *Manager) carry(ctx context.Context, k kind, r *Run) {
	durable := context.WithoutCancel(ctx)
	var result any
	var err error
	select {
	case k.lane.room <- struct{}{}:
		defer func() { <-k.lane.room }()
		if note := m.exec(durable, "update task_task set state=$1, started=$2 where id=$3", Running, ledger.Time(m.l.Now()), r.ID); note != nil {
			m.log.Error("task cannot be noted", "task", r.ID, "err", note)
		}
		result, err = m.try(ctx, k.run, r)
	case <-ctx.Done():
		err = ctx.Err()
	}
	state, fault, body := m.outcome(ctx, r, result, err)
	note := m.exec(durable, "update task_task set state=$1, fault=$2, result=$3, ended=$4 where id=$5", state, fault, body, ledger.Time(m.l.Now()), r.ID)
	if note != nil {
		m.log.Error("end of a task cannot be noted", "task", r.ID, "err", note)
	}
}

// try runs a runner and turns its panic into an error.
func (m *Manager) try(ctx context.Context, run Runner, r *Run) (result any, err error) {
	defer func() {
		if failed := recover(); failed != nil {
			m.log.Error("task panicked", "task", r.ID, "kind", r.Kind, "panic", failed, "stack", string(debug.Stack()))
			err = errors.New("panic")
		}
	}()
	return run(ctx, r)
}

func (m *Manager) outcome(ctx context.Context, r *Run, result any, err error) (state State, fault, body string) {
	switch {
	case ctx.Err() != nil && errors.Is(context.Cause(ctx), errCancelled):
		return Cancelled, "", ""
	case ctx.Err() != nil && err != nil:
		return Interrupted, "", ""
	}
	if err == nil {
		b, fail := json.Marshal(result)
		if fail == nil {
			return Done, "", string(b)
		}
		err = fail
	}
	var a *anomalie.Anomalie
	if !errors.As(err, &a) {
		m.log.Error("task failed", "task", r.ID, "kind", r.Kind, "err", err)
	}
	b, fail := json.Marshal(faultOf(err, r.ID))
	if fail != nil {
		m.log.Error("fault of a task cannot be noted", "task", r.ID, "err", fail)
	}
	return Failed, string(b), ""
}

// Cancel stops a task; one that is over is left as it is.
func (m *Manager) Cancel(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if a := m.active[id]; a != nil {
		a.cancel(errCancelled)
	}
}

// Step is how far a task is; ok is false unless it is under way.
func (m *Manager) Step(id string) (s Step, ok bool) {
	m.mu.Lock()
	a := m.active[id]
	m.mu.Unlock()
	if a == nil {
		return Step{}, false
	}
	return a.run.status(), true
}
