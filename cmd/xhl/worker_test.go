//go:build unix

package main

import (
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
	second := f.worker()
	out := f.ends(f.batch(), exitAnomalies)
	if !strings.Contains(out, `"a_reprendre":1`) || !strings.Contains(out, `"dossier":"e0013"`) {
		t.Errorf("the batch says %s", out)
	}
	f.same()
	f.once(1)
	var attempts int
	if err := f.db.QueryRow(`select max(attempt) from river_job where state = 'cancelled'`).Scan(&attempts); err != nil || attempts != 1 {
		t.Errorf("a fault of the data was tried %d times (%v)", attempts, err)
	}

	// Again: nothing is done twice.
	before := stamp(t, filepath.Join(f.out, "e0000", "manifest.json"))
	if out := f.ends(f.batch(), exitAnomalies); !strings.Contains(out, `"deja":13`) {
		t.Errorf("the second batch says %s", out)
	}
	if after := stamp(t, filepath.Join(f.out, "e0000", "manifest.json")); after != before {
		t.Error("what was done is done again")
	}
	f.once(1)
	second.drain(t)
}

func stamp(t *testing.T, path string) string {
	t.Helper()
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return st.ModTime().String()
}
