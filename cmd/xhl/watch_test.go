//go:build unix

package main

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestWatchIsToldOfWhatArrives looks at a folder again after an hour only: what
// makes it look is the system.
func TestWatchIsToldOfWhatArrives(t *testing.T) {
	dir := t.TempDir()
	in, made := filepath.Join(dir, "in"), filepath.Join(dir, "made")
	if err := os.Mkdir(in, 0o700); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := inProcess(context.Background(), "synth", "-q", "--bulletins", "3", "--pieces", "-1", "--xhl", "-o", made); code != exitOK {
		t.Fatalf("synth: exit %d, %s", code, stderr)
	}
	f := &farm{t: t, dir: dir}
	cmd := f.process("watch", "--json", "--settle", "50ms", "--poll", "1h", in)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	if said := bufio.NewScanner(stderr); !said.Scan() || !strings.Contains(said.Text(), "is watched") {
		t.Fatalf("it says %q", said.Text())
	}
	text, err := os.ReadFile(filepath.Join(made, "journal.xhl"))
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for _, name := range []string{"a.xhl", "b.xhl"} {
		if err := os.WriteFile(filepath.Join(in, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
		if !lines.Scan() || !strings.Contains(lines.Text(), `"dossier":"`+name+`","etat":"fait"`) {
			t.Fatalf("got %q for %s", lines.Text(), name)
		}
		if _, err := os.Stat(filepath.Join(in, name+".verdict.json")); err != nil {
			t.Error(err)
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("a watch that is stopped: %v", err)
	}
}
