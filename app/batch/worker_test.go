package batch

import (
	"testing"
	"time"

	"paye/internal/jobs"
	"paye/internal/ledger"
	"paye/internal/pgtest"
)

// TestFirstAttemptKnowsWhatWasNoted: a first attempt at what is new has it from its
// job, any other one from the database, where another worker may have noted the step.
func TestFirstAttemptKnowsWhatWasNoted(t *testing.T) {
	schema, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 5, 28, 9, 0, 0, 0, time.UTC)
	l, err := ledger.Open(t.Context(), pgtest.Database(t), time.Now, schema)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	w := &Worker{Lots: &Lots{L: l}, Env: &Env{Now: func() time.Time { return now }}}
	there := Entry{Dossier: "e1", Step: StepBuild, Key: "there"}
	if err := l.Update(t.Context(), func(tx ledger.Tx) error { return w.Lots.noteAll(t.Context(), tx, []noted{{"lot", &there}}) }); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name    string
		neuf    bool
		attempt int
		want    string // key of the build
		after   time.Duration
		redone  bool // it would be published again
	}{
		{"a first attempt at what is new", true, 1, "carried", 0, true},
		{"a first attempt that was stopped meanwhile", true, 1, "carried", time.Minute, false},
		{"the clock went back", true, 1, "carried", -time.Minute, false},
		{"a second attempt", true, 2, "there", 0, false},
		{"a first attempt at what was there", false, 1, "there", 0, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := &message{Neuf: tc.neuf, Notes: []Entry{{Step: StepBuild, Key: "former"}, {Step: StepBuild, Key: "carried"}}}
			a := &attempt{w: w, m: m, ctx: t.Context(), lot: "lot", began: now.Add(-tc.after).UnixMilli(),
				j: &jobs.Job{Args: jobs.Args{Step: string(StepBuild)}, Attempt: tc.attempt}}
			if e, ok := a.Find("e1", StepBuild); !ok || e.Key != tc.want {
				t.Errorf("found %q, %v, want %q", e.Key, ok, tc.want)
			}
			if _, ok := a.Find("e1", StepCheck); ok {
				t.Error("found a step that nobody noted")
			}
			if err := a.Wanted("e1", StepBuild, "there"); (err == nil) != tc.redone {
				t.Errorf("what another attempt may have done: %v", err)
			}
		})
	}
}

// TestJobsThatComputeAreFewInHand: the time of a job runs while it waits in the hands
// of its worker.
func TestJobsThatComputeAreFewInHand(t *testing.T) {
	small, large := &Task{Octets: smallInput}, &Task{Octets: smallInput + 1}
	for _, c := range []struct {
		t    *Task
		s    Step
		want string
	}{{small, StepBuild, QueueSmall}, {small, StepBulletins, QueueSlips}, {large, StepBulletins, QueueLarge}, {small, StepDeposit, QueueDeposit}} {
		if got := queueOf(c.t, c.s); got != c.want {
			t.Errorf("step %s of %d bytes is in queue %s, want %s", c.s, c.t.Octets, got, c.want)
		}
	}
	for _, workers := range []int{1, 8} {
		if _, small, slips := NewMachine(&Env{}, Limits{Workers: workers}).Jobs(); slips > perProcessor*workers || small <= slips {
			t.Errorf("%d processors: %d jobs in hand, %d that make slips", workers, small, slips)
		}
	}
}
