package sync

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"paye/due"
	"paye/hr"
	"paye/hr/luccatest"
	"paye/internal/pgtest"
)

// counted is a source of n sheets that are made when they are asked for, so
// that what is measured is the run.
type counted struct{ n int }

func (counted) Name() string { return "lucca:localhost" }
func (c counted) Users(_ context.Context, offset int, paths []string) (hr.Page, error) {
	p := hr.Page{Total: c.n}
	for i := offset; i < min(offset+100, c.n); i++ {
		p.Records = append(p.Records, luccatest.Record(i, paths))
	}
	p.Last = offset+100 >= c.n
	return p, nil
}
func (counted) Lists(context.Context) (map[string]map[string]string, error) { return nil, nil }
func (counted) Describe(context.Context) (hr.Description, error)            { return hr.Description{}, nil }
func (counted) Absences(context.Context, hr.AbsenceQuery) ([]hr.RawAbsence, error) {
	return nil, nil
}

// TestMemoryOfALargeTown runs 20,000 sheets, first all new, then all known, and
// looks at the heap after each step that the run tells.
func TestMemoryOfALargeTown(t *testing.T) {
	if os.Getenv("XHL_FULL") == "" {
		t.Skip("a slow proof: XHL_FULL=1 runs it")
	}
	b := newBench(t, luccatest.Sample(), "")
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(96 << 20))
	for run, created := range []int{20_000, 0} {
		j := b.open()
		j.source = counted{20_000}
		var most uint64
		rep, err := j.Run(t.Context(), Request{}, Watch{Step: func(Step) {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse+m.StackInuse)
		}})
		if err != nil || rep.Plan.Created != created || len(rep.Plan.Changes) != created {
			t.Fatalf("run %d: created %d, %v", run, rep.Plan.Created, err)
		}
		t.Logf("run %d: %d MiB in use", run, most>>20)
		if most > 128<<20 {
			t.Errorf("run %d: %d MiB in use", run, most>>20)
		}
		j.Close()
	}
}

func TestNextRunIsAtTheHourOfParisOnEveryDay(t *testing.T) {
	paris, err := due.Paris()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ now, hour, want string }{
		{"2026-09-14T10:00:00Z", "20:00", "2026-09-14T18:00:00Z"},
		{"2026-09-14T18:00:00Z", "20:00", "2026-09-15T18:00:00Z"},
		{"2026-12-14T18:59:59Z", "20:00", "2026-12-14T19:00:00Z"},
		// Summer time begins on 29 March 2026 and ends on 25 October.
		{"2026-03-28T19:00:00Z", "20:00", "2026-03-29T18:00:00Z"},
		{"2026-10-24T18:00:00Z", "20:00", "2026-10-25T19:00:00Z"},
		{"2026-03-28T23:00:00Z", "02:30", "2026-03-29T01:30:00Z"},
		{"2026-10-24T22:00:00Z", "02:30", "2026-10-25T00:30:00Z"},
		{"2026-10-25T00:30:00Z", "02:30", "2026-10-26T01:30:00Z"},
		{"2026-12-31T20:00:00Z", "20:00", "2027-01-01T19:00:00Z"},
	} {
		now, err1 := time.Parse(time.RFC3339, c.now)
		at, err2 := time.Parse("15:04", c.hour)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if got := Next(now, at.Hour(), at.Minute(), paris).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("after %s, %s: %s, want %s", c.now, c.hour, got, c.want)
		}
	}
}

func TestLoopRunsOnceADayThroughTheChangesOfTheClock(t *testing.T) {
	b := newBench(t, luccatest.Sample(), "")
	b.clock.Set(time.Date(2026, 10, 23, 12, 0, 0, 0, time.UTC))
	var at []string
	stop := errors.New("enough")
	err := b.open().Loop(t.Context(), 20, 0, nil, func(context.Context) error {
		at = append(at, b.clock.Now().UTC().Format("02T15:04"))
		if len(at) == 4 {
			return stop
		}
		return nil
	})
	if got := len(at); err != stop || got != 4 || at[0] != "23T18:00" || at[1] != "24T18:00" || at[2] != "25T19:00" || at[3] != "26T19:00" {
		t.Errorf("%v, %v", at, err)
	}
}

func TestMemoryMayBeInPostgreSQL(t *testing.T) {
	b := newBench(t, luccatest.Sample(), "")
	url := pgtest.Schema(t)
	open := func() *Job {
		j, err := Open(t.Context(), Options{Mapping: filepath.Join(b.dir, "mapping.yaml"), State: filepath.Join(b.dir, "etat"), Ledger: url, Key: luccatest.Key, Clock: b.clock, Random: zeros{}, User: "alice"})
		if err != nil {
			t.Fatal(err)
		}
		return j
	}
	j := open()
	defer j.Close()
	b.tenant.Edit(func() {
		b.tenant.Leaves = append(b.tenant.Leaves, luccatest.Leave("101", "2026-09-01", true, "1", "CP"))
	})
	if rep, err := j.Run(t.Context(), Request{}, Watch{}); err != nil || rep.Plan.Created != 6 {
		t.Fatalf("%+v, %v", rep, err)
	}
	b.clock.Set(september.Add(time.Hour))
	b.tenant.Edit(func() { b.tenant.User("104")["lastName"] = "BERNARD" })
	rep, err := j.Run(t.Context(), Request{Link: []string{"104=003134"}}, Watch{})
	if err != nil || len(rep.Plan.Changes) != 1 {
		t.Fatalf("%+v, %v", rep, err)
	}
	if r, err := j.Recap(t.Context(), hr.Mois{}); err != nil || len(r.Modified) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	f, err := j.FetchAbsences(t.Context(), hr.Mois{}, "")
	if err != nil || f.Outcome != hr.OnlyAdded {
		t.Fatalf("%+v, %v", f, err)
	}
	if _, err := j.ImportAbsences(t.Context(), f.Lot.ID, hr.NotYet, discard); err != nil {
		t.Fatal(err)
	}
	_, err = j.ImportAbsences(t.Context(), f.Lot.ID, hr.NotYet, discard)
	wantCode(t, err, "RH-505")
}

// zeros is randomness that a test can foresee.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// discard writes a file nowhere.
func discard(write func(io.Writer) error) error { return write(io.Discard) }
