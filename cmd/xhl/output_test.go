package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

var errFull = errors.New("no space left")

// room is an output that takes so many bytes.
type room struct{ left, taken int }

func (r *room) Write(p []byte) (int, error) {
	n := min(len(p), r.left)
	r.left, r.taken = r.left-n, r.taken+n
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

// Whatever byte of standard output is the first that cannot be written, the
// command fails and says why.
func TestOutputThatIsCutShortIsAFailure(t *testing.T) {
	dir := t.TempDir()
	paye := filepath.Join(dir, "paye")
	if code, _, stderr := inProcess(context.Background(), "synth", "--bulletins", "20", "--pieces", "4", "--xhl", "-o", paye); code != 0 {
		t.Fatalf("synth: exit %d, %s", code, stderr)
	}
	journal := filepath.Join(paye, "journal.xhl")
	out, state := filepath.Join(dir, "out"), filepath.Join(dir, "state")
	for _, command := range [][]string{{"vault", "init", "--state", state, "--siret", "21967564200017", "--name", "Castelbrume", "--enable"}, {"vault", "deposit", "--state", state, "--archive", dir, journal}} {
		if code, _, stderr := inProcess(context.Background(), command...); code != 0 {
			t.Fatalf("%v: exit %d, %s", command, code, stderr)
		}
	}
	for _, command := range [][]string{
		{"help"}, {"help", "codes"}, {"version"}, {"build", "--help"}, {"vault", "--help"}, {"check", "absent", "--json"},
		{"check", journal}, {"check", "--json", journal},
		{"plan", "--format", "zip", "--limit", "600ko", paye}, {"plan", "--json", "--format", "zip", "--limit", "600ko", paye},
		{"build", "--format", "zip", "--limit", "600ko", "-o", out, paye}, {"build", "--json", "--format", "zip", "--limit", "600ko", "-o", out, paye},
		{"encode", "-o", "-", paye}, {"encode", "--json", "-o", filepath.Join(dir, "j.xhl"), paye}, {"decode", "-o", "-", journal},
		{"vault", "list", "--state", state}, {"vault", "list", "--json", "--state", state},
		{"bulletins", "--json", "-o", filepath.Join(dir, "pdf"), journal}, {"pdf", "inspect", filepath.Join(paye, "justificatifs")},
	} {
		try := func(left int) (code, taken int, said string) {
			var stderr strings.Builder
			w := &room{left: left}
			code = run(context.Background(), command, strings.NewReader(""), w, &stderr, func(string) string { return "" })
			return code, w.taken, stderr.String()
		}
		whole, all, _ := try(1 << 30)
		if all == 0 {
			t.Errorf("%s: nothing on standard output", strings.Join(command, " "))
		}
		for _, left := range []int{0, 1, all / 2, all - 1} {
			code, taken, said := try(left)
			want := exitFailed
			if whole != exitOK {
				want = whole // which is a failure by itself
			}
			if code != want || taken != left || whole == exitOK && !strings.Contains(said, errFull.Error()) {
				t.Errorf("%s: room for %d of %d bytes: exit %d, %d taken, %s", strings.Join(command, " "), left, all, code, taken, said)
			}
		}
	}
}

func TestOutputIsABeginningOfWhatItShouldBe(t *testing.T) {
	w := &room{left: 3}
	o := &output{w: w}
	if _, err := io.WriteString(o, "four"); !errors.Is(err, errFull) {
		t.Errorf("got %v, want %v", err, errFull)
	}
	w.left = 10
	if _, err := io.WriteString(o, "more"); !errors.Is(err, errFull) || w.taken != 3 {
		t.Errorf("after the failure: %v, %d bytes taken", err, w.taken)
	}
}
