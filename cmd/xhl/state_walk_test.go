package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paye/internal/durable"
	"paye/internal/durable/durabletest"
)

// kept is a command that changes a vault, and what must hold of the vault
// whatever step of it was broken.
type kept struct {
	name string
	args []string
	// documents are how many the vault may list when the command was broken,
	// and how many it lists when it ran through.
	before, after int
}

// TestEveryStepOfAVaultMayBeBroken breaks deposits, destructions and renewals
// of keys at each change of the disk, as the walk of deliveries does. The vault
// must then open and be sound, with the documents of before, of after, or of a
// part of the batch; and the same command, run again, must lead to what an
// untroubled one does: no document lost, none twice.
func TestEveryStepOfAVaultMayBeBroken(t *testing.T) {
	dir := t.TempDir()
	run := func(args ...string) string {
		t.Helper()
		code, stdout, stderr := inProcess(context.Background(), args...)
		if code != 0 {
			t.Fatalf("%s: exit %d, %s", strings.Join(args, " "), code, stderr)
		}
		return stdout
	}
	const documents = 6
	paye, empty, full := filepath.Join(dir, "paye"), filepath.Join(dir, "empty"), filepath.Join(dir, "full")
	journal := filepath.Join(paye, "journal.xhl")
	run("synth", "--bulletins", "6", "--pieces", "-1", "--xhl", "-o", paye)
	run("vault", "init", "--state", empty, "--siret", "21967564200017", "--name", "Ville", "--enable")
	if err := os.CopyFS(full, os.DirFS(empty)); err != nil {
		t.Fatal(err)
	}
	run("vault", "deposit", "--state", full, journal)
	victim := documentsOf(t, run("vault", "list", "--json", "--state", full))[0].ID

	for _, c := range []struct {
		from string
		kept
	}{
		{empty, kept{"deposit", []string{"vault", "deposit", "--batch", "2", journal}, 0, documents}},
		{full, kept{"destroy", []string{"vault", "destroy", "--motif", "essai", "--copies", "toutes", "--yes", victim}, documents, documents - 1}},
		{full, kept{"rekey", []string{"vault", "rekey", "--master"}, documents, documents}},
	} {
		t.Run(c.name, func(t *testing.T) {
			at := sampled(c.steps(t, c.from))
			broken := 0
			for i, n := range at {
				for k, how := range durabletest.All {
					if os.Getenv("XHL_FULL") == "" && (i+k)%3 != 0 {
						continue
					}
					c.breakAt(t, c.from, n, how)
					broken++
				}
			}
			t.Logf("%d steps, broken %d times", len(at), broken)
		})
	}
}

// filed is a line of "vault list --json".
type filed struct {
	Type, ID, Matricule, Periode string
	Sequence, Version            int
}

func documentsOf(t *testing.T, text string) (list []filed) {
	t.Helper()
	for line := range strings.Lines(text) {
		var d filed
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatal(err)
		}
		if d.Type == "document" {
			list = append(list, d)
		}
	}
	return list
}

func (k *kept) copy(t *testing.T, from string) string {
	t.Helper()
	state := filepath.Join(t.TempDir(), "state")
	if err := os.CopyFS(state, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return state
}

func (k *kept) run(ctx context.Context, state string) (int, string) {
	code, _, stderr := inProcess(ctx, append(k.args, "--state", state)...)
	return code, stderr
}

// sound says how many documents a vault lists, and fails the test when fsck
// finds anything or a document is there twice.
func (k *kept) sound(t *testing.T, state, when string) int {
	t.Helper()
	code, stdout, stderr := inProcess(context.Background(), "vault", "fsck", "--state", state)
	if code != 0 {
		t.Errorf("%s, %s: fsck: exit %d, %s%s", k.name, when, code, stdout, stderr)
	}
	code, stdout, stderr = inProcess(context.Background(), "vault", "list", "--json", "--state", state)
	if code != 0 {
		t.Errorf("%s, %s: list: exit %d, %s", k.name, when, code, stderr)
	}
	seen := make(map[string]bool)
	for _, d := range documentsOf(t, stdout) {
		who := fmt.Sprint(d.Matricule, " ", d.Periode, " ", d.Sequence, " ", d.Version)
		if seen[who] {
			t.Errorf("%s, %s: twice: %s", k.name, when, who)
		}
		seen[who] = true
	}
	return len(seen)
}

func (k *kept) steps(t *testing.T, from string) (list []durable.Op) {
	state, code, stderr := k.copy(t, from), 0, ""
	list = durabletest.Steps(func() { code, stderr = k.run(context.Background(), state) })
	if n := k.sound(t, state, "untroubled"); code != 0 || n != k.after {
		t.Fatalf("%s: exit %d, %d documents: %s", k.name, code, n, stderr)
	}
	return list
}

func (k *kept) breakAt(t *testing.T, from string, n int, how durabletest.How) {
	state, code := k.copy(t, from), 0
	durabletest.Break(n, how, func(ctx context.Context) { code, _ = k.run(ctx, state) })
	when := fmt.Sprintf("%s at step %d", how, n)
	found := k.sound(t, state, when)
	if low, high := min(k.before, k.after), max(k.before, k.after); found < low || found > high || code == 0 && found != k.after {
		t.Errorf("%s, %s: exit %d, and %d documents", k.name, when, code, found)
	}
	if k.name == "destroy" && found == k.after {
		return // what is destroyed cannot be asked for again
	}
	code, stderr := k.run(context.Background(), state)
	if found := k.sound(t, state, when+", again"); code != 0 || found != k.after {
		t.Errorf("%s, %s, again: exit %d, %d documents: %s", k.name, when, code, found, stderr)
	}
}
