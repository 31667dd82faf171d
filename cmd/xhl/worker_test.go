//go:build unix

package main

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paye/internal/pgtest"
)

// TestWorkersMakeTheBytesThatOneMachineMakes has a worker killed in the middle;
// what it had in hand is given to the next one.
func TestWorkersMakeTheBytesThatOneMachineMakes(t *testing.T) {
	url := pgtest.Database(t)
	f := newFarm(t, url, url, 14, 10, 13)
	first := f.worker()
	f.ends(f.batch("--detach"), exitOK)
	first.done(t, 3)
	first.kill()
	// The queue would do it once the time of the jobs is over.
	if _, err := f.db.Exec(`update river_job set state = 'available' where state = 'running'`); err != nil {
		t.Fatal(err)
	}
	var before int // attempts at the payroll that is at fault: the first worker may have had it in hand
	if err := f.db.QueryRow(`select attempt from river_job where args->>'dossier' = 'e0013'`).Scan(&before); err != nil {
		t.Fatal(err)
	}
	second := f.worker()
	out := f.ends(f.batch(), exitAnomalies)
	if !strings.Contains(out, `"a_reprendre":1`) || !strings.Contains(out, `"dossier":"e0013"`) {
		t.Errorf("the batch says %s", out)
	}
	f.same()
	f.once(1)
	var attempts int
	if err := f.db.QueryRow(`select max(attempt) from river_job where state = 'cancelled'`).Scan(&attempts); err != nil || attempts != before+1 {
		t.Errorf("a fault of the data was tried %d times (%v)", attempts-before, err)
	}

	// Again: nothing is done twice.
	made := stamp(t, filepath.Join(f.out, "e0000", "manifest.json"))
	if out := f.ends(f.batch(), exitAnomalies); !strings.Contains(out, `"deja":13`) {
		t.Errorf("the second batch says %s", out)
	}
	if after := stamp(t, filepath.Join(f.out, "e0000", "manifest.json")); after != made {
		t.Error("what was done is done again")
	}
	f.once(1)
	second.drain(t)
}

// TestJobsThatNobodyDoesAreTold has the queue end what no worker will.
func TestJobsThatNobodyDoesAreTold(t *testing.T) {
	url := pgtest.Database(t)
	f := newFarm(t, url, url, 3, 3)
	follow := f.batch("--detach")
	f.ends(follow, exitOK)
	cmd := f.batch()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() { // it follows
		t.Fatal("the batch says nothing")
	}
	if code, _, stderr := inProcess(context.Background(), "batch", "cancel", "--database", url, "-o", f.out, "e0001"); code != exitOK {
		t.Fatalf("cancel: exit %d, %s", code, stderr)
	}
	if _, err := f.db.Exec(`update river_job set state = 'discarded', finalized_at = now() where args->>'dossier' = 'e0002'`); err != nil {
		t.Fatal(err)
	}
	w := f.worker()
	var said strings.Builder
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
	}
	cmd.Wait()
	for _, want := range []string{`"dossier":"e0000","siret"`, `"dossier":"e0001","etat":"annule"`, "LOTS-020", `"dossier":"e0002","etat":"echec"`, "LOTS-019"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("no %s in\n%s", want, said.String())
		}
	}
	w.drain(t)
}

func stamp(t *testing.T, path string) string {
	t.Helper()
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return st.ModTime().String()
}
