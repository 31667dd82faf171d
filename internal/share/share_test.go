package share

import (
	"bytes"
	"context"
	"maps"
	"sync"
	"testing"
)

// echo answers what all parts have in common and the part; one that is empty
// cannot travel.
var echo = Kinds{"echo": func(common []byte) Task {
	if string(common) == "no" {
		return nil
	}
	return func(out, part []byte) ([]byte, bool) { return append(append(out, common...), part...), len(part) > 0 }
}}

// beside is a peer in this process.
func beside(kinds Kinds) *Peer {
	s := NewServer(kinds)
	return NewPeer(func(parts [][]byte, answer func([]byte, bool)) { answer(s.Answer(nil, bytes.Join(parts, nil))) }, func() {})
}

func TestAPartIsDoneByThePeer(t *testing.T) {
	p := beside(echo)
	ctx := With(context.Background(), p)
	a, b := Open(ctx, "echo", []byte("a"), []byte("b:")), Open(ctx, "echo", []byte("c:"))
	for _, c := range []struct {
		s    *Session
		part string
		want string
		ok   bool
	}{{a, "1", "ab:1", true}, {b, "2", "c:2", true}, {a, "", "", false}, {Open(ctx, "echo", []byte("no")), "3", "", false}, {Open(ctx, "other"), "3", "", false}} {
		got, ok := c.s.Do(ctx, []byte(c.part))
		if ok != c.ok || ok && string(got) != c.want {
			t.Errorf("part %q: %q, %v; want %q, %v", c.part, got, ok, c.want, c.ok)
		}
	}
	a.Close()
	if _, ok := a.Do(ctx, []byte("1")); ok || p.Done() != 2 {
		t.Errorf("a session that ended answers: %v; %d parts done, want 2", ok, p.Done())
	}
}

func TestWithoutAPeerThereIsNoSession(t *testing.T) {
	if s := Open(context.Background(), "echo"); s != nil {
		t.Errorf("a session with nobody: %v", s)
	}
}

func TestWhoIsCancelledWaitsForNobody(t *testing.T) {
	ctx, cancel := context.WithCancel(With(context.Background(), NewPeer(func([][]byte, func([]byte, bool)) {}, func() {})))
	s := Open(ctx, "echo")
	cancel()
	if _, ok := s.Do(ctx, []byte("1")); ok {
		t.Error("a peer that is silent did a part")
	}
}

// TestAnAnswerThatMeetsACancelIsWholeOrNone: the race detector watches it.
func TestAnAnswerThatMeetsACancelIsWholeOrNone(t *testing.T) {
	var late sync.WaitGroup
	defer late.Wait()
	ctx, cancel := context.WithCancel(With(context.Background(), NewPeer(func(_ [][]byte, answer func([]byte, bool)) {
		late.Go(func() { answer([]byte("late"), true) })
	}, func() {})))
	s := Open(ctx, "echo")
	cancel()
	for range 100 {
		if b, ok := s.Do(ctx, []byte("1")); ok != (string(b) == "late") || !ok && b != nil {
			t.Errorf("%q, %v", b, ok)
		}
	}
}

func TestWhoHasNoRoomListensFirst(t *testing.T) {
	heard := 0
	s := Open(With(context.Background(), NewPeer(func([][]byte, func([]byte, bool)) {}, func() { heard++ })), "echo")
	for range Ahead {
		if !s.Take() || heard > 0 {
			t.Fatalf("no room for %d parts; listened %d times", Ahead, heard)
		}
	}
	if s.Take() || heard == 0 {
		t.Errorf("one part too many, listened %d times", heard)
	}
	if s.Give(); !s.Take() {
		t.Error("what came back makes no room")
	}
}

func TestAServerKeepsTheLatestSessions(t *testing.T) {
	p := beside(echo)
	ctx := With(context.Background(), p)
	first := Open(ctx, "echo")
	var last *Session
	for range maxSessions {
		last = Open(ctx, "echo")
	}
	_, old := first.Do(ctx, []byte("1"))
	_, young := last.Do(ctx, []byte("1"))
	if old || !young {
		t.Errorf("the first session answers %v, the last %v", old, young)
	}
}

func FuzzServer(f *testing.F) {
	f.Add([]byte{opens, 1, 4, 'e', 'c', 'h', 'o'}, []byte{does, 1, 'x'})
	f.Add([]byte{opens, 0x80}, []byte{ends})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		s := NewServer(echo)
		for _, m := range [][]byte{a, b} {
			if out, ok := s.Answer([]byte("before "), m); ok && !bytes.HasPrefix(out, []byte("before ")) {
				t.Errorf("%q forgot what it appends to: %q", m, out)
			}
		}
	})
}

// A task hears that its session is over, once, and that one which was given up was
// put aside for those of other works.
func TestATaskHearsThatItsSessionIsOver(t *testing.T) {
	over := make(map[string]int)
	p := beside(Kinds{"held": func(common []byte) Task {
		return func(out, part []byte) ([]byte, bool) {
			if part == nil {
				over[string(common)]++
			}
			return append(out, 1), true
		}
	}})
	ctx := With(context.Background(), p)
	Open(ctx, "held", []byte("closed")).Close()
	for i := range maxSessions + 1 {
		s := Open(ctx, "held", []byte{byte('a' + i)})
		if _, ok := s.Do(ctx, []byte{}); !ok {
			t.Error("an empty part is none")
		}
	}
	if want := map[string]int{"closed": 1, "a": 1}; !maps.Equal(over, want) {
		t.Errorf("over: %v, want %v", over, want)
	}
}
