//go:build linux

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"paye/internal/pgtest"
)

// TestNightOfFaults is a night of a thousand employers on workers that are
// killed ten times, over a database that crashes, cuts its connections and
// stands behind a pooler. XHL_FARM is another number of employers.
func TestNightOfFaults(t *testing.T) {
	if os.Getenv("XHL_FULL") == "" {
		t.Skip("some minutes: XHL_FULL=1 plays it")
	}
	pg := pgtest.NewServer(t)
	pooled := pgtest.Pooler(t, pg.Dir())
	n := 1000
	if wish, err := strconv.Atoi(os.Getenv("XHL_FARM")); err == nil {
		n = wish
	}
	f := newFarm(t, pg.URL(), pg.URL(), n, 4, n/2, n-1)
	workers := []*worker{f.worker(), f.worker(), f.pooled(pooled)}
	night := make(chan string)
	go func() { night <- f.ends(f.batch("--timeout", "15s"), exitAnomalies) }()
	for kill := range 10 {
		victim := kill % len(workers)
		f.reached(2 * n * (kill + 1) / 12)
		switch kill {
		case 3:
			pg.Crash()
			pg.Start()
		case 6:
			if _, err := pg.Admin().Exec(`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'`); err != nil {
				t.Fatal(err)
			}
		}
		workers[victim].kill()
		if victim == 2 {
			workers[victim] = f.pooled(pooled)
		} else {
			workers[victim] = f.worker()
		}
	}
	out := <-night
	if !strings.Contains(out, `"a_reprendre":2`) {
		for line := range strings.Lines(out) {
			if strings.Contains(line, `"geste"`) {
				t.Log(line)
			}
		}
		t.Errorf("the batch says %s", out[max(0, len(out)-400):])
	}
	f.same()
	f.once(2)
	for _, w := range workers {
		w.drain(t)
	}
}

// reached waits until so many steps are done, whoever does them.
func (f *farm) reached(steps int) {
	f.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	end := time.After(10 * time.Minute)
	for done := 0; done < steps; {
		select {
		case <-tick.C:
			// An error is the database that is away, or not yet prepared.
			_ = f.db.QueryRow(`select count(*) from lot_etape`).Scan(&done)
		case <-end:
			f.t.Fatalf("%d of %d steps are done", done, steps)
		}
	}
}

// pooled is a worker behind a pooler, nil-safe where there is none.
func (f *farm) pooled(url string) *worker {
	f.t.Helper()
	if url == "" {
		return f.worker()
	}
	behind := *f
	behind.url = url
	return behind.worker()
}

// fullWorker is a worker whose folder of temporary files has no room, nil where
// this process may make no file system.
func (f *farm) fullWorker() *worker {
	f.t.Helper()
	spool := filepath.Join(f.dir, "full")
	if err := os.Mkdir(spool, 0o700); err != nil {
		f.t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", spool, "tmpfs", 0, "size=4k"); err != nil {
		f.t.Logf("no full disk here: %v", err)
		return nil
	}
	f.t.Cleanup(func() { syscall.Unmount(spool, syscall.MNT_DETACH) })
	return f.worker("--spool", spool)
}

// TestWorkerWhoseDiskIsFullLeavesItsJobToAnother: of a payroll that does not fit
// in memory, for small ones need no disk.
func TestWorkerWhoseDiskIsFullLeavesItsJobToAnother(t *testing.T) {
	url := pgtest.Database(t)
	f := newFarm(t, url, url, 1, 4000)
	full := f.fullWorker()
	if full == nil {
		t.Skip("no full disk here")
	}
	night := make(chan string)
	go func() { night <- f.ends(f.batch(), exitOK) }()
	full.until(t, func(l worked) bool { return l.Msg == "this machine cannot work: it takes no job" })
	other := f.worker()
	<-night
	f.same()
	f.once(0)
	other.drain(t)
}

// TestPoisonedPayrollIsGivenUpAndTheOthersAreDone has a payroll that kills the
// worker that touches it, each time.
func TestPoisonedPayrollIsGivenUpAndTheOthersAreDone(t *testing.T) {
	if os.Getenv("XHL_FULL") == "" {
		t.Skip("two minutes: XHL_FULL=1 plays it")
	}
	url := pgtest.Database(t)
	f := newFarm(t, url, url, 10, 5, 4)
	night := make(chan string)
	go func() { night <- f.ends(f.batch("--timeout", "3s", "--attempts", "2"), exitAnomalies) }()
	deaths := 0
	var out string
	for w := f.poisoned(); out == ""; {
		select {
		case out = <-night:
		case _, alive := <-w.lines:
			if !alive {
				deaths++
				w = f.poisoned()
			}
		}
	}
	if deaths == 0 || !strings.Contains(out, `"a_reprendre":1,`) {
		t.Errorf("%d workers died; the batch says %s", deaths, out)
	}
	f.same()
}

// poisonMark is what a poisoned worker says of the payroll that kills it.
const poisonMark = `"etat":"echec"`

// poisoned is a worker that dies before it can tell the queue of a fault.
func (f *farm) poisoned() *worker {
	f.t.Helper()
	self, err := os.Executable()
	if err != nil {
		f.t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestXHLPoisonedProcess$", "--", "worker", "--json", "--database", f.url, "--workers", "1")
	cmd.Env = append(os.Environ(), killAt+"="+poisonMark, raceExit, "XHL_STATE="+filepath.Join(f.dir, "state"))
	return f.started(cmd)
}

func TestXHLPoisonedProcess(t *testing.T) {
	mark := os.Getenv(killAt)
	if mark != poisonMark {
		t.Skip("not the process of another test")
	}
	args := os.Args
	for len(args) > 0 && args[0] != "--" {
		args = args[1:]
	}
	os.Exit(run(context.Background(), args[1:], os.Stdin, os.Stdout, killer{os.Stderr, []byte(mark)}, os.Getenv))
}
