package batch

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestWhatIsStillBeingCopiedHasNotArrived(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a := &Arrivals{Dir: dir, Settle: 2 * time.Second}
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	look := func(after time.Duration, want []string, wantAgain time.Duration) {
		t.Helper()
		now = now.Add(after)
		list, again, err := a.Look(now)
		if err != nil || len(list) != len(want) || again != wantAgain {
			t.Fatalf("after %v: %v, again in %v, %v; want %v, %v", after, list, again, err, want, wantAgain)
		}
		for i := range list {
			if list[i].Name != want[i] {
				t.Errorf("got %s, want %s", list[i].Name, want[i])
			}
		}
	}
	for _, name := range []string{".hidden.xhl", "copy.xhl.part", "notes.txt", "done.xhl.verdict.json"} {
		put(name, "x")
	}
	look(0, nil, 0)
	put("a.xhl", "1")
	look(time.Second, nil, 2*time.Second)
	put("a.xhl", "12") // goes on
	look(time.Second, nil, 2*time.Second)
	put("b.zip", "1")
	look(time.Second, nil, time.Second)
	look(time.Second, []string{"a.xhl"}, time.Second)
	look(time.Second, []string{"a.xhl", "b.zip"}, 0)
	put("a.xhl", "123") // another delivery under the same name
	look(time.Minute, []string{"b.zip"}, 2*time.Second)
	if err := os.Mkdir(filepath.Join(dir, "run"), 0o700); err != nil {
		t.Fatal(err)
	}
	look(time.Minute, []string{"a.xhl", "b.zip"}, 0) // a folder without a payroll is nothing yet
	put("run/run.jsonl", "{}")
	look(time.Minute, []string{"a.xhl", "b.zip"}, 2*time.Second)
	look(2*time.Second, []string{"a.xhl", "b.zip", "run"}, 0)
}
