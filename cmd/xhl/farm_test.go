//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"paye/synth"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"golang.org/x/sync/errgroup"
)

// farm is a folder of employers, and the workers of a database.
type farm struct {
	t        *testing.T
	url      string // of the database, as the workers reach it
	db       *sql.DB
	dir      string
	in, want string // the employers, and what one machine makes of them
	out      string // what the workers make
	n        int
	options  []string // of both batches
}

// newFarm makes n employers with some bulletins each, log-normal around a
// median, and has one machine do them. Those in broken have a journal that
// nobody can read.
func newFarm(t *testing.T, url, direct string, n int, median float64, broken ...int) *farm {
	t.Helper()
	dir := t.TempDir()
	f := &farm{t: t, url: url, dir: dir, in: filepath.Join(dir, "in"), want: filepath.Join(dir, "want"), out: filepath.Join(dir, "out"), n: n,
		options: []string{"--limit", "128Mo", "--idpost", "006111", "--codcol", "123", "--codbud", "00", "--date", "2026-06-01"}}
	var err error
	if f.db, err = sql.Open("pgx", direct); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.db.Close() })
	random := rand.New(rand.NewPCG(1, 2))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		count := 1 + int(median*math.Exp(random.NormFloat64()))
		at := filepath.Join(f.in, fmt.Sprintf("e%04d", i))
		group.Go(func() error {
			// Of several hundred seeds some have the same employer: each has a month of its own.
			run, err := synth.Generate(synth.Options{Bulletins: count, Pieces: 1, Seed: uint64(i + 1), Annee: 2012 + i/12, Mois: 1 + i%12})
			if err != nil {
				return err
			}
			return run.Write(t.Context(), at, new(synth.Progress))
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, i := range broken {
		at := filepath.Join(f.in, fmt.Sprintf("e%04d", i))
		if err := os.RemoveAll(at); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(at, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(at, "journal.xhl"), []byte("<DocumentPaye>"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := append([]string{"batch", "--no-ledger", "-o", f.want, f.in}, f.options...)
	if code, _, stderr := inProcess(context.Background(), args...); code != f.exit(len(broken)) {
		t.Fatalf("batch: exit %d, %s", code, stderr)
	}
	return f
}

func (f *farm) exit(broken int) int {
	if broken > 0 {
		return exitAnomalies
	}
	return exitOK
}

// process is the program with signals, beside this one.
func (f *farm) process(args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		f.t.Fatal(err)
	}
	cmd := exec.Command(self, append([]string{"-test.run=^TestXHLMainProcess$", "--"}, args...)...)
	cmd.Env = append(os.Environ(), mainProcess+"=1", raceExit, "LANG=en_US.UTF-8", "XHL_STATE="+filepath.Join(f.dir, "state"))
	return cmd
}

// batch has the workers do the night.
func (f *farm) batch(more ...string) *exec.Cmd {
	args := append([]string{"batch", "--json", "--database", f.url, "-o", f.out, f.in}, f.options...)
	return f.process(append(args, more...)...)
}

// worked is a line of the log of a worker.
type worked struct {
	Msg, Step, Etat, Err string
	Job, Attempt         int
}

// worker is a process that works.
type worker struct {
	cmd   *exec.Cmd
	lines chan worked // closed when it ended
}

// worker starts a worker and returns once it takes jobs.
func (f *farm) worker(more ...string) *worker {
	f.t.Helper()
	return f.started(f.process(append([]string{"worker", "--json", "--database", f.url, "--workers", "1"}, more...)...))
}

func (f *farm) started(cmd *exec.Cmd) *worker {
	f.t.Helper()
	w := &worker{cmd: cmd, lines: make(chan worked, 100_000)}
	stderr, err := w.cmd.StderrPipe()
	if err != nil {
		f.t.Fatal(err)
	}
	if err := w.cmd.Start(); err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { w.cmd.Process.Kill(); w.cmd.Wait() })
	go func() {
		defer close(w.lines)
		for s := bufio.NewScanner(stderr); s.Scan(); {
			var line worked
			if json.Unmarshal(s.Bytes(), &line) == nil {
				w.lines <- line
			} else {
				f.t.Logf("a worker says: %s", s.Text())
			}
		}
	}()
	w.until(f.t, func(l worked) bool { return l.Msg == "ready" })
	return w
}

// until reads the log up to a line.
func (w *worker) until(t *testing.T, want func(worked) bool) {
	t.Helper()
	for {
		select {
		case line, ok := <-w.lines:
			if !ok {
				t.Fatal("the worker ended")
			}
			if want(line) {
				return
			}
		case <-time.After(2 * time.Minute):
			t.Fatal("the worker says nothing")
		}
	}
}

// done waits until a worker ended so many attempts.
func (w *worker) done(t *testing.T, n int) {
	t.Helper()
	w.until(t, func(l worked) bool {
		if l.Msg == "job" {
			n--
		}
		return n == 0
	})
}

// kill kills the process.
func (w *worker) kill() {
	w.cmd.Process.Kill()
	w.cmd.Wait()
}

// drain ends the worker as an operator does.
func (w *worker) drain(t *testing.T) {
	t.Helper()
	if err := w.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	w.cmd.Wait()
	if code := w.cmd.ProcessState.ExitCode(); code != exitOK {
		t.Errorf("a worker that drains exits with %d", code)
	}
}

// ends waits for a batch.
func (f *farm) ends(cmd *exec.Cmd, want int) string {
	f.t.Helper()
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != want {
		f.t.Fatalf("batch: %v, want exit %d\n%s\n%s", err, want, said.String(), out.String())
	}
	return out.String()
}

// same holds what the workers made against what one machine made, file by file.
func (f *farm) same() {
	f.t.Helper()
	got, want := f.made(f.out), f.made(f.want)
	for name, text := range want {
		if other, ok := got[name]; !ok {
			f.t.Errorf("%s is not there", name)
		} else if other != text {
			f.t.Errorf("%s has other bytes", name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			f.t.Errorf("%s is too much", name)
		}
	}
}

// made are the files of the employers, without those of the batch itself, nor the
// lock that a worker leaves which is killed once all is done: nobody holds it.
func (f *farm) made(dir string) map[string]string {
	files := make(map[string]string)
	for path, text := range contents(f.t, dir) {
		if rel, err := filepath.Rel(dir, path); err == nil && strings.Contains(rel, string(filepath.Separator)) && filepath.Base(rel) != ".xhl-lock" {
			files[rel] = text
		}
	}
	return files
}

// once holds the book: each volume of the manifests once, each step noted once,
// no job that is still to end, once the queue has noted what was refused.
func (f *farm) once(broken int) {
	f.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(10 * time.Second); ; {
		var running int
		if err := f.db.QueryRow(`select count(*) from river_job where state = 'running'`).Scan(&running); err != nil || running == 0 {
			break
		}
		select {
		case <-tick.C:
			continue
		case <-end:
		}
		break
	}
	volumes := 0
	for name := range f.made(f.want) {
		if strings.HasPrefix(filepath.Base(name), "volume-") {
			volumes++
		}
	}
	for query, want := range map[string]int{
		`select count(*) from flux_volume`: volumes,
		`select count(*) from (select nomfic from flux_volume group by nomfic having count(*) > 1) twice`:               0,
		`select count(*) from flux_paye where edition <> 1`:                                                             0,
		`select count(*) from lot_etape where etape = 'build'`:                                                          f.n - broken,
		`select count(*) from lot_employeur where etat = 'attente'`:                                                     0,
		`select count(*) from river_job where state in ('available', 'running', 'retryable', 'scheduled', 'discarded')`: 0,
	} {
		var got int
		if err := f.db.QueryRow(query).Scan(&got); err != nil || got != want {
			f.t.Errorf("%s: got %d, want %d (%v)", query, got, want, err)
		}
	}
}
