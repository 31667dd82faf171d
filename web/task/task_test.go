package task

import (
	"context"
	"errors"
	"testing"
	"time"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/ledger"
)

func open(t *testing.T, dir string) *Manager {
	t.Helper()
	schema, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), dir, time.Now, schema)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	m, err := Open(t.Context(), l, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// over waits until a task is over and returns it.
func over(t *testing.T, m *Manager, id string) *Task {
	t.Helper()
	m.wait.Wait()
	got, err := m.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestTaskKeepsItsResult(t *testing.T) {
	m := open(t, t.TempDir())
	m.Register("double", NewLane(1), func(_ context.Context, r *Run) (any, error) { return string(r.Request) + string(r.Request), nil })
	task, err := m.Start(t.Context(), "double", "claire", "x", 7)
	if err != nil {
		t.Fatal(err)
	}
	if got := over(t, m, task.ID); got.State != Done || string(got.Result) != `"77"` {
		t.Errorf("got %+v", got)
	}
}

func TestFaultIsToldInBothLanguagesAndOneOfTheMachineIsNot(t *testing.T) {
	codes := anomalie.NewRegistre(anomalie.Regle{Code: "T-1", Gravite: anomalie.Erreur, Message: lang.Text{FR: "faux", EN: "wrong"}})
	m := open(t, t.TempDir())
	m.Register("a", NewLane(1), func(context.Context, *Run) (any, error) { return nil, codes.New("T-1") })
	m.Register("b", NewLane(1), func(context.Context, *Run) (any, error) { return nil, errors.New("/secret/path") })
	m.Register("c", NewLane(1), func(context.Context, *Run) (any, error) { panic("no") })
	for kind, want := range map[string]string{"a": "wrong", "b": "", "c": ""} {
		task, err := m.Start(t.Context(), kind, "claire", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		got := over(t, m, task.ID)
		if want == "" {
			want = "the server failed; its log says why, task " + task.ID
		}
		if got.State != Failed || got.Fault.Message.EN != want {
			t.Errorf("%s: %+v %+v", kind, got, got.Fault)
		}
	}
}

func TestTaskThatIsCutCanBeResumedByTheNextProcess(t *testing.T) {
	dir := t.TempDir()
	m := open(t, dir)
	begun := make(chan struct{})
	m.Register("long", NewLane(1), func(ctx context.Context, _ *Run) (any, error) {
		close(begun)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	task, err := m.Start(t.Context(), "long", "claire", "", "what")
	if err != nil {
		t.Fatal(err)
	}
	<-begun
	m.Close()
	next := open(t, dir)
	next.Register("long", NewLane(1), func(_ context.Context, r *Run) (any, error) { return string(r.Request), nil })
	got, err := next.Get(t.Context(), task.ID)
	if err != nil || got.State != Interrupted {
		t.Fatalf("%+v, %v", got, err)
	}
	if err := next.Resume(t.Context(), task.ID); err != nil {
		t.Fatal(err)
	}
	if got := over(t, next, task.ID); got.State != Done || string(got.Result) != `"\"what\""` {
		t.Errorf("%+v", got)
	}
}

func TestProcessThatWasKilledLeavesAnInterruptedTask(t *testing.T) {
	dir := t.TempDir()
	m := open(t, dir)
	if err := m.exec(t.Context(), "insert into task_task ("+columns+") values ('x','k','o','',$1,'','','','2026-11-28T09:00:00.000Z','','')", Running); err != nil {
		t.Fatal(err)
	}
	if got, err := open(t, dir).Get(t.Context(), "x"); err != nil || got.State != Interrupted {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestLaneHoldsBackAndCancelFrees(t *testing.T) {
	m := open(t, t.TempDir())
	lane := NewLane(1)
	begun := make(chan string, 2)
	m.Register("long", lane, func(ctx context.Context, r *Run) (any, error) {
		r.Watch(func() Step { return Step{Done: 1, Total: 2} })
		begun <- r.ID
		<-ctx.Done()
		return nil, ctx.Err()
	})
	var ids []string
	for range 2 {
		task, err := m.Start(t.Context(), "long", "claire", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, task.ID)
	}
	first := <-begun
	if s, ok := m.Step(first); !ok || s.Done != 1 {
		t.Errorf("step %+v, %v", s, ok)
	}
	m.Cancel(first)
	second := <-begun
	if second == first {
		t.Fatal("the same twice")
	}
	m.Cancel(second)
	for _, id := range ids {
		if got := over(t, m, id); got.State != Cancelled {
			t.Errorf("%+v", got)
		}
	}
	if len(begun) > 0 {
		t.Error("more than two began")
	}
}
