//go:build unix

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A pipe that nobody writes to is refused where a file is wanted, and waited for
// where one may do, until a signal comes.
func TestPipeWithoutAWriterNeverHangsACommand(t *testing.T) {
	dir := t.TempDir()
	paye := filepath.Join(dir, "paye")
	if code, _, stderr := inProcess(context.Background(), "synth", "--bulletins", "20", "--pieces", "4", "--xhl", "-o", paye); code != 0 {
		t.Fatalf("synth: exit %d, %s", code, stderr)
	}
	pipe := filepath.Join(dir, "pipe")
	pieces := filepath.Join(dir, "pieces")
	if err := os.CopyFS(pieces, os.DirFS(filepath.Join(paye, "justificatifs"))); err != nil {
		t.Fatal(err)
	}
	first, err := filepath.Glob(filepath.Join(pieces, "*.pdf"))
	if err != nil || os.Remove(first[0]) != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, first[0]} {
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set := filepath.Join(dir, "set")
	if err := os.Mkdir(set, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(set, "manifest.json"), 0o600); err != nil {
		t.Fatal(err)
	}
	journal, out := filepath.Join(paye, "journal.xhl"), filepath.Join(dir, "out")
	zip := []string{"--format", "zip", "--limit", "10Mo"}
	for _, tc := range []struct {
		code int
		says string
		args []string
	}{
		{11, "FIC-201", []string{"check", pipe}},
		{11, "FIC-201", []string{"decode", "-o", out, pipe}},
		{11, "FIC-201", []string{"encode", "-o", out, pipe}},
		{11, "FIC-201", append([]string{"build", "-o", out, pipe}, zip...)},
		{11, "FIC-201", append([]string{"plan", pipe}, zip...)},
		{11, "FIC-201", []string{"bulletins", "-o", out, pipe}},
		{11, "FIC-201", []string{"bulletins", "--logo", pipe, "-o", out, journal}},
		{11, "FIC-201", append([]string{"plan", "--index", pipe, journal}, zip...)},
		{12, "VOL-2", append([]string{"plan", "--pj", pieces, journal}, zip...)},
		{64, "FIC-101", append([]string{"build", "-o", set, journal}, zip...)},
		{64, "FIC-101", []string{"encode", "-o", pipe, filepath.Join(paye, "run.jsonl")}},
		{64, "FIC-101", []string{"decode", "-o", pipe, journal}},
	} {
		code, _, stderr := inProcess(context.Background(), tc.args...)
		if code != tc.code || !strings.Contains(stderr, tc.says) {
			t.Errorf("%s: exit %d, want %d and %s: %s", strings.Join(tc.args, " "), code, tc.code, tc.says, stderr)
		}
	}
	if info, err := os.Lstat(pipe); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe is now %v, %v", info.Mode(), err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var stdout, stderr strings.Builder
	getenv := func(name string) string { return map[string]string{"XHL_CONFIG": pipe}[name] }
	if code := run(ctx, []string{"config"}, strings.NewReader(""), &stdout, &stderr, getenv); code != exitInterrupted {
		t.Errorf("a configuration that never comes: exit %d, %s", code, stderr.String())
	}
}

func TestInputIsNeverTheOutput(t *testing.T) {
	dir := t.TempDir()
	paye := filepath.Join(dir, "paye")
	if code, _, stderr := inProcess(context.Background(), "synth", "--bulletins", "20", "--pieces", "-1", "--xhl", "-o", paye); code != 0 {
		t.Fatalf("synth: exit %d, %s", code, stderr)
	}
	journal, run := filepath.Join(paye, "journal.xhl"), filepath.Join(paye, "run.jsonl")
	csv, cut := filepath.Join(dir, "csv"), filepath.Join(dir, "cut")
	for _, args := range [][]string{
		{"decode", "--format", "csv", "-o", csv, journal},
		{"build", "--format", "xhl", "--limit", "10Mo", "-o", cut, journal},
	} {
		if code, _, stderr := inProcess(context.Background(), args...); code != 0 {
			t.Fatalf("%s: exit %d, %s", args[0], code, stderr)
		}
	}
	other := filepath.Join(dir, "other-name")
	if err := os.Link(journal, other); err != nil {
		t.Fatal(err)
	}
	volume := filepath.Join(cut, "volume-01.xhl")
	before := contents(t, dir)
	for _, args := range [][]string{
		{"decode", "-o", journal, journal},
		{"decode", "-o", other, journal},
		{"encode", "-o", run, run},
		{"encode", "-o", run, paye},
		{"encode", "-o", filepath.Join(csv, "agents.csv"), csv},
		{"check", "--html", journal, journal},
		{"check", "--html", volume, cut},
		{"plan", "--format", "zip", "--limit", "10Mo", "--svg", journal, journal},
		{"build", "--format", "xhl", "--limit", "60ko", "-o", cut, volume},
	} {
		code, _, stderr := inProcess(context.Background(), args...)
		if code != exitUsage || !strings.Contains(stderr, "FIC-102") {
			t.Errorf("%s: exit %d, %s", strings.Join(args, " "), code, stderr)
		}
	}
	for path, want := range before {
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s was touched: %v", path, err)
		}
	}
}
