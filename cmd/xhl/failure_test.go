package main

import (
	"context"
	"encoding/json"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"paye/app/build"
	"paye/internal/durable"
)

// What the machine refuses is told in French, by its cause and with what to do.
func TestAFullDiskIsToldAsSuch(t *testing.T) {
	dir := t.TempDir()
	journal, out := filepath.Join(dir, "paye"), filepath.Join(dir, "out")
	if code, _, stderr := inProcess(context.Background(), "synth", "--bulletins", "10", "--xhl", "-o", journal); code != 0 {
		t.Fatal(stderr)
	}
	args := []string{"build", "--format", "zip", "--limit", "1Mo", "-o", out, filepath.Join(journal, "journal.xhl")}
	defer durable.Intercept(func(s durable.Step) error {
		if s.Op == durable.OpWrite {
			return &fs.PathError{Op: "write", Path: filepath.Join(out, ".xhl-delivery", "new-1"), Err: syscall.ENOSPC}
		}
		return nil
	})()
	code, _, stderr := inProcess(context.Background(), args...)
	want := "erreur : écrire " + out + " : il n'y a plus de place sur le disque\nconseil : libérez de la place"
	if code != exitFailed || !strings.HasPrefix(stderr, want) {
		t.Errorf("exit %d, it says\n%swant\n%s…", code, stderr, want)
	}
	_, stdout, _ := inProcess(context.Background(), append(args, "--json")...)
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	var result struct{ Type, Detail string }
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &result); err != nil || result.Type != "result" || !strings.Contains(result.Detail, "no space left") {
		t.Errorf("the last JSON line is %q (%v), want a result with the detail of the machine", lines[len(lines)-1], err)
	}
}

func TestWhatIsForbiddenIsNotToldToBeAbsent(t *testing.T) {
	forbidden := build.Codes.Opening(build.EntreeIntrouvable, "mai.xhl", &fs.PathError{Op: "open", Path: "mai.xhl", Err: syscall.EACCES})
	if got, want := forbidden.Message(0), "mai.xhl ne peut pas être ouvert : vous n'en avez pas le droit"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := forbidden.Aide(0), "votre compte n'y a pas accès"; !strings.Contains(got, want) {
		t.Errorf("the advice is %q, want %q in it", got, want)
	}
	absent := build.Codes.Opening(build.EntreeIntrouvable, "mai.xhl", fs.ErrNotExist)
	if got, want := absent.Message(0), "mai.xhl ne peut pas être ouvert : il n'existe pas"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
