//go:build unix

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Two processes that deposit one journal at once both end well: who finds that
// the other was faster tries again, and each document is filed once.
func TestTwoDepositsOfOneJournalAtOnceBothEndWell(t *testing.T) {
	dir := t.TempDir()
	journal := filepath.Join(dir, "paye", "journal.xhl")
	run := func(args ...string) string {
		t.Helper()
		code, stdout, stderr := inProcess(context.Background(), args...)
		if code != 0 {
			t.Fatalf("%s: exit %d, %s", strings.Join(args, " "), code, stderr)
		}
		return stdout
	}
	const bulletins = 8
	run("synth", "--bulletins", "8", "--pieces", "-1", "--xhl", "-o", filepath.Join(dir, "paye"))
	empty := filepath.Join(dir, "empty")
	run("vault", "init", "--state", empty, "--siret", "21967564200017", "--name", "Ville", "--enable")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for round := range 6 {
		state := filepath.Join(t.TempDir(), "state")
		if err := os.CopyFS(state, os.DirFS(empty)); err != nil {
			t.Fatal(err)
		}
		var both [2]*exec.Cmd
		var said [2]strings.Builder
		for i := range both {
			both[i] = exec.Command(self, "-test.run=^TestXHLMainProcess$", "--", "vault", "deposit", "--batch", "1", "--state", state, journal)
			both[i].Env = append(os.Environ(), mainProcess+"=1", raceExit)
			both[i].Stdout, both[i].Stderr = &said[i], &said[i]
			if err := both[i].Start(); err != nil {
				t.Fatal(err)
			}
		}
		for i := range both {
			if err := both[i].Wait(); err != nil {
				t.Errorf("round %d: deposit %d: %v, %s", round, i, err, said[i].String())
			}
		}
		seen := make(map[string]int)
		for _, d := range documentsOf(t, run("vault", "list", "--json", "--state", state)) {
			seen[d.Matricule]++
		}
		if len(seen) != bulletins {
			t.Errorf("round %d: bulletins of %d agents, want %d", round, len(seen), bulletins)
		}
		for matricule, n := range seen {
			if n != 1 {
				t.Errorf("round %d: %d bulletins of %s", round, n, matricule)
			}
		}
		run("vault", "fsck", "--state", state)
	}
}
