package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paye/internal/durable"
	"paye/internal/durable/durabletest"
)

// The walk breaks the commands that write several files at every change of the
// disk that they make, in the three ways of durabletest, over a folder that holds
// what a former run delivered.
//
// What stands in the folder is then read by who knows nothing of deliveries: the
// manifest and digests, or names and bytes. It must be the former delivery or the
// new one, whole; a folder that was left between the two must say so to check,
// and be either after the next run. XHL_FULL=1 walks through all commands and all
// writes; otherwise it is two commands, and an eighth of the writes.
type walk struct {
	t    *testing.T
	name string
	args func(out string) []string
	// template is what the folder holds before.
	template string
	reading  func(t *testing.T, out string) string // what the folder holds, "" for no set

	former, fresh string
	broken        map[durabletest.How]int
}

func (w *walk) run(ctx context.Context, out string) int {
	code, _, _ := inProcess(ctx, append(w.args(out), "--quiet")...)
	return code
}

func (w *walk) folder() string {
	out := filepath.Join(w.t.TempDir(), "out")
	if err := os.CopyFS(out, os.DirFS(w.template)); err != nil {
		w.t.Fatal(err)
	}
	return out
}

// steps lists those of an untroubled run, which also tells what it delivers.
func (w *walk) steps() (list []durable.Op) {
	out, code := w.folder(), 0
	w.former = w.reading(w.t, out)
	list = durabletest.Steps(func() { code = w.run(context.Background(), out) })
	w.fresh = w.reading(w.t, out)
	if code != 0 || w.fresh == w.former || w.former == "" || w.fresh == "" {
		w.t.Fatalf("%s: exit %d, the folder reads %.60q and then %.60q", w.name, code, w.former, w.fresh)
	}
	return list
}

// sampled leaves out most writes, which are all alike.
func sampled(ops []durable.Op) (at []int) {
	writes := 0
	for n, op := range ops {
		if op == durable.OpWrite && os.Getenv("XHL_FULL") == "" {
			if writes++; writes%8 != 1 {
				continue
			}
		}
		at = append(at, n)
	}
	return at
}

func (w *walk) breakAt(n int, how durabletest.How) {
	out, code := w.folder(), 0
	durabletest.Break(n, how, func(ctx context.Context) { code = w.run(ctx, out) })
	w.broken[how]++
	found, interrupted := w.reading(w.t, out), durable.Interrupted(out)
	switch {
	case code == 0 && found != w.fresh:
		w.t.Errorf("%s: step %d, %s: exit 0, and the folder reads %.60q", w.name, n, how, found)
	case code == exitInterrupted && (found != w.former || interrupted):
		w.t.Errorf("%s: step %d, %s: interrupted, and the folder reads %.60q, between %v", w.name, n, how, found, interrupted)
	case found != w.former && found != w.fresh && !interrupted:
		w.t.Errorf("%s: step %d, %s: exit %d, and the folder reads %.60q", w.name, n, how, code, found)
	case interrupted && how != durabletest.Ends && found != w.fresh: // where only its journal could not be removed
		w.t.Errorf("%s: step %d, %s: exit %d, and the folder is left between two deliveries", w.name, n, how, code)
	}
	if interrupted {
		if code, _, _ := inProcess(context.Background(), "check", "--quiet", out); code != exitAnomalies && code != exitUnreadable {
			w.t.Errorf("%s: step %d, %s: check of a folder between two deliveries: exit %d", w.name, n, how, code)
		}
	}
	if code := w.run(context.Background(), out); code != 0 || w.reading(w.t, out) != w.fresh {
		w.t.Errorf("%s: step %d, %s: the next run: exit %d, and the folder reads %.60q", w.name, n, how, code, w.reading(w.t, out))
	}
	if left, err := filepath.Glob(filepath.Join(out, ".xhl-*")); err != nil || len(left) > 0 {
		w.t.Errorf("%s: step %d, %s: the next run leaves %q, %v", w.name, n, how, left, err)
	}
}

// bySet reads a folder by its manifest: its digest when the folder holds exactly
// the volumes that it lists, with their digests; "" without a manifest.
func bySet(t *testing.T, out string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(out, "manifest.json"))
	if errors.Is(err, os.ErrNotExist) {
		return ""
	}
	var m struct {
		Volumes []struct{ Fichier, Sha256 string }
	}
	if err := errors.Join(err, json.Unmarshal(text, &m)); err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, v := range m.Volumes {
		data, err := os.ReadFile(filepath.Join(out, v.Fichier))
		if sum := sha256.Sum256(data); err != nil || hex.EncodeToString(sum[:]) != v.Sha256 {
			return "a volume that is not of its manifest: " + v.Fichier
		}
		listed = append(listed, filepath.Join(out, v.Fichier))
	}
	found, err := filepath.Glob(filepath.Join(out, "volume-*"))
	if slices.Sort(found); err != nil || !slices.Equal(found, listed) {
		return "volumes that the manifest does not name: " + strings.Join(found, " ")
	}
	return string(text)
}

// byBytes reads a folder by the names and bytes of its files.
func byBytes(t *testing.T, out string) string {
	t.Helper()
	files := contents(t, out)
	h := sha256.New()
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if rel, err := filepath.Rel(out, path); err == nil && !strings.HasPrefix(rel, ".xhl-") {
			fmt.Fprintf(h, "%q %q\n", rel, files[path])
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func TestEveryStepOfADeliveryMayBeBroken(t *testing.T) {
	dir := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		if code, _, stderr := inProcess(context.Background(), args...); code != 0 {
			t.Fatalf("%s: exit %d, %s", strings.Join(args, " "), code, stderr)
		}
	}
	june, may := filepath.Join(dir, "june"), filepath.Join(dir, "may")
	run("synth", "--bulletins", "30", "--seed", "1", "--pieces", "6", "--xhl", "-o", june)
	run("synth", "--bulletins", "20", "--seed", "2", "--pieces", "-1", "--xhl", "-o", may)
	small, smaller := filepath.Join(dir, "small"), filepath.Join(dir, "smaller")
	run("synth", "--bulletins", "5", "--seed", "3", "--pieces", "-1", "--xhl", "-o", small)
	run("synth", "--bulletins", "4", "--seed", "4", "--pieces", "-1", "--xhl", "-o", smaller)
	pick := func(paye, former, fresh string) string { return map[string]string{may: former, june: fresh}[paye] }
	journal := func(paye string) string { return filepath.Join(paye, "journal.xhl") }
	for _, tc := range []struct {
		name    string
		reading func(*testing.T, string) string
		command func(paye, out string) []string
	}{
		{"build", bySet, func(paye, out string) []string {
			return []string{"build", "--format", "zip", "--limit", pick(paye, "450ko", "350ko"), "-o", out, journal(june)}
		}},
		{"build of a run", bySet, func(paye, out string) []string {
			return []string{"build", "--format", "xhl", "--limit", pick(paye, "130ko", "160ko"), "-o", out, june}
		}},
		{"encode --limit", bySet, func(paye, out string) []string {
			return []string{"encode", "--format", "zip", "--limit", pick(paye, "350ko", "450ko"), "-o", out, filepath.Join(june, "run.jsonl")}
		}},
		{"decode --format csv", byBytes, func(paye, out string) []string {
			return []string{"decode", "--format", "csv", "-o", out, journal(paye)}
		}},
		{"bulletins", byBytes, func(paye, out string) []string {
			return []string{"bulletins", "-o", out, journal(pick(paye, small, smaller))}
		}},
		{"synth", byBytes, func(paye, out string) []string {
			return []string{"synth", "--bulletins", "3", "--pieces", "1", "--seed", pick(paye, "3", "4"), "-o", out}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if os.Getenv("XHL_FULL") == "" && tc.name != "build" && tc.name != "bulletins" {
				t.Skip("walked through with XHL_FULL=1")
			}
			template := filepath.Join(t.TempDir(), "template")
			run(tc.command(may, template)...)
			w := &walk{t: t, name: tc.name, template: template, reading: tc.reading, broken: make(map[durabletest.How]int),
				args: func(out string) []string { return tc.command(june, out) }}
			at := sampled(w.steps())
			for _, n := range at {
				for _, how := range durabletest.All {
					w.breakAt(n, how)
				}
			}
			t.Logf("%d steps: %d failed, %d ended the process, %d were interrupted", len(at), w.broken[durabletest.Fails], w.broken[durabletest.Ends], w.broken[durabletest.Interrupts])
		})
	}
}
