//go:build unix

package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestInterruptedCommandsExitWith130AndLeaveNothing(t *testing.T) {
	dir := t.TempDir()
	paye := filepath.Join(dir, "paye")
	if code, _, stderr := inProcess(context.Background(), "synth", "--bulletins", "20", "--pieces", "4", "--xhl", "-o", paye); code != 0 {
		t.Fatalf("synth: exit %d, %s", code, stderr)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	out := filepath.Join(dir, "out")
	for _, args := range [][]string{
		{"build", "--format", "zip", "--limit", "1Mo", "-o", out, paye},
		{"build", "--format", "zip", "--limit", "1Mo", "-o", out, filepath.Join(paye, "journal.xhl")},
		{"plan", "--format", "zip", "--limit", "1Mo", paye},
		{"encode", "-o", out, filepath.Join(paye, "run.jsonl")},
		{"encode", "--format", "zip", "--limit", "1Mo", "-o", out, filepath.Join(paye, "run.jsonl")},
		{"decode", "-o", out, filepath.Join(paye, "journal.xhl")},
		{"synth", "-o", out},
	} {
		code, stdout, stderr := inProcess(ctx, append(args, "--json")...)
		if code != exitInterrupted || !strings.Contains(stderr, "interrompu") {
			t.Errorf("%s: exit %d, %s", strings.Join(args, " "), code, stderr)
		}
		if want := `{"exit":130,"ok":false,"type":"result"}`; !strings.HasSuffix(strings.TrimSpace(stdout), want) {
			t.Errorf("%s: got %s, want %s last", strings.Join(args, " "), stdout, want)
		}
		filepath.WalkDir(out, func(path string, e os.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				t.Errorf("%s: %s is left", strings.Join(args, " "), path)
			}
			return nil
		})
	}
}

// mainProcess marks the process that is the whole program, signals included.
const mainProcess = "XHL_TEST_MAIN"

func TestXHLMainProcess(t *testing.T) {
	if os.Getenv(mainProcess) == "" {
		t.Skip("not the process of another test")
	}
	for i, a := range os.Args {
		if a == "--" {
			os.Args = append(os.Args[:1], os.Args[i+1:]...)
			break
		}
	}
	main()
}

func TestSignalInterruptsWhatIsUnderWay(t *testing.T) {
	paye := filepath.Join(t.TempDir(), "paye")
	if code, _, stderr := inProcess(context.Background(), "synth", "--bulletins", "3000", "--pieces", "-1", "-o", paye); code != 0 {
		t.Fatalf("synth: exit %d, %s", code, stderr)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		cmd := exec.Command(self, "-test.run=^TestXHLMainProcess$", "--", "encode", "-o", "-", filepath.Join(paye, "run.jsonl"))
		cmd.Env = append(os.Environ(), mainProcess+"=1", raceExit, "LANG=fr_FR.UTF-8")
		var stderr strings.Builder
		cmd.Stderr = &stderr
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// One byte shows that the work began; until the rest is read, a full
		// pipe holds it where it is.
		if _, err := io.ReadFull(stdout, make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, stdout)
		cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.HasPrefix(stderr.String(), "erreur : interrompu") {
			t.Errorf("%v: exit %d, %s", sig, code, stderr.String())
		}
	}
}

func TestSignalInterruptsARunThatNoLongerComes(t *testing.T) {
	paye := filepath.Join(t.TempDir(), "paye")
	if code, _, stderr := inProcess(context.Background(), "synth", "--bulletins", "3000", "--pieces", "-1", "-o", paye); code != 0 {
		t.Fatalf("synth: exit %d, %s", code, stderr)
	}
	run, err := os.ReadFile(filepath.Join(paye, "run.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []string{"", "100ko"} {
		out := filepath.Join(t.TempDir(), "out")
		args := []string{"-test.run=^TestXHLMainProcess$", "--", "encode", "-o", out}
		if limit != "" {
			args = append(args, "--limit", limit, "--format", "zip")
		}
		cmd := exec.Command(self, append(args, "-")...)
		cmd.Env = append(os.Environ(), mainProcess+"=1", raceExit, "LANG=fr_FR.UTF-8")
		var stderr strings.Builder
		cmd.Stderr = &stderr
		stdin, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// More than a pipe holds: once it is written, the work has begun.
		if _, err := stdin.Write(run[:len(run)/2]); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
			t.Errorf("limit %q: exit %d, %s", limit, code, stderr.String())
		}
		filepath.WalkDir(out, func(path string, e os.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				t.Errorf("limit %q: %s is left", limit, path)
			}
			return nil
		})
	}
}
