//go:build unix

package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"paye/app/build"
	"paye/compress"
	"paye/xhl"
)

// killAt marks the process that is killed when it prints this.
const killAt = "XHL_TEST_KILL_AT"

// killer kills its process, at once and without a chance to tidy up, before it
// would print mark.
type killer struct {
	io.Writer
	mark []byte
}

func (k killer) Write(b []byte) (int, error) {
	if bytes.Contains(b, k.mark) {
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
	return k.Writer.Write(b)
}

func TestXHLKilledProcess(t *testing.T) {
	mark := os.Getenv(killAt)
	if mark == "" {
		t.Skip("not the process of another test")
	}
	args := os.Args
	for len(args) > 0 && args[0] != "--" {
		args = args[1:]
	}
	os.Exit(run(context.Background(), args[1:], os.Stdin, killer{os.Stdout, []byte(mark)}, os.Stderr, os.Getenv))
}

// matricules are those of a journal, in its order.
func matricules(t *testing.T, path string) []string {
	t.Helper()
	in, err := build.OpenJournal(path, compress.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	r, err := xhl.NewReader(in, xhl.Options{Fichier: path})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for b, err := range r.Bulletins() {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, b.Agent.Matricule)
	}
	return list
}

// TestKilledDepositIsResumedTrackedVerifiedAndExported is the life of a deposit
// whose process dies half-way. The export is verified by a program that shares
// no code with the vault.
func TestKilledDepositIsResumedTrackedVerifiedAndExported(t *testing.T) {
	dir := t.TempDir()
	state, paye := filepath.Join(dir, "etat"), filepath.Join(dir, "paye")
	journal := filepath.Join(paye, "journal.xhl")
	xhl := func(want string, args ...string) string {
		t.Helper()
		if args[0] == "vault" {
			args = append(args, "--state", state)
		}
		code, stdout, stderr := inProcess(context.Background(), args...)
		if code != 0 || !regexp.MustCompile(want).MatchString(stdout) {
			t.Fatalf("xhl %s: exit %d\ngot  %s%s\nwant %s", strings.Join(args, " "), code, stdout, stderr, want)
		}
		return stdout
	}
	xhl("", "synth", "--bulletins", "60", "--pieces", "-1", "--xhl", "-o", paye)
	list := matricules(t, journal)
	half := list[30]
	siret := "21967564200017"
	xhl("Coffre créé", "vault", "init", "--siret", siret, "--name", "Ville", "--enable")
	xhl(half, "vault", "user", "paper", "--add", half, "--yes")

	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestXHLKilledProcess$", "--", "vault", "deposit", "--batch", "10", "--state", state, journal)
	cmd.Env = append(os.Environ(), killAt+"="+half)
	out, _ := cmd.CombinedOutput()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the process was not killed: %v, %s", cmd.ProcessState, out)
	}
	// What was deposited by then is there, and in order.
	xhl(`(?m)^Préparation +\S+ \S+ +1 +0 +0 +xhl +0/0 +✓ `, "vault", "track")
	if n := len(regexp.MustCompile(`(?m)^[0-9a-f]{32} `).FindAllString(xhl("", "vault", "list"), -1)); n != 30 {
		t.Errorf("%d documents survived, want 30", n)
	}
	xhl("Le coffre est sain", "vault", "fsck")

	xhl(`(?m)^60 bulletins = 59 déposés \+ 1 sur papier \+ 0 refusé \+ 0 en attente$`, "vault", "deposit", "--batch", "10", journal)
	xhl(`(?m)^Terminé +\S+ \S+ +1 +59 +0 +xhl +59/59 +✓ `, "vault", "track")
	xhl(`59 documents \(59 déchiffrés`, "vault", "fsck")
	archive := filepath.Join(dir, "export.zip")
	xhl("", "vault", "export", "-o", archive)
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("the go tool, which builds vault/verifexport, is not installed")
	}
	verdict, err := exec.Command(goTool, "run", "paye/vault/verifexport", archive).CombinedOutput()
	if err != nil || !strings.HasPrefix(string(verdict), "ok: 59 documents") {
		t.Errorf("verifexport: %v, %s", err, verdict)
	}
}

// canceller is a standard output at which somebody presses Ctrl-C.
type canceller struct {
	bytes.Buffer
	mark   string
	cancel context.CancelFunc
}

func (c *canceller) Write(b []byte) (int, error) {
	if strings.Contains(string(b), c.mark) {
		c.cancel()
	}
	return c.Buffer.Write(b)
}

func TestInterruptedDepositSaysHowFarItCameAndIsResumed(t *testing.T) {
	dir := t.TempDir()
	state, journal := filepath.Join(dir, "etat"), filepath.Join(dir, "paye", "journal.xhl")
	xhl := func(args ...string) string {
		t.Helper()
		code, stdout, stderr := inProcess(context.Background(), append(args, "--state", state)...)
		if code != 0 {
			t.Fatalf("xhl %s: exit %d, %s", strings.Join(args, " "), code, stderr)
		}
		return stdout
	}
	if code, _, stderr := inProcess(context.Background(), "synth", "--bulletins", "20", "--pieces", "-1", "--xhl", "-o", filepath.Join(dir, "paye")); code != 0 {
		t.Fatalf("synth: exit %d, %s", code, stderr)
	}
	xhl("vault", "init", "--siret", "21967564200017", "--name", "Ville", "--enable")
	printed := matricules(t, journal)[10]
	xhl("vault", "user", "paper", "--add", printed, "--yes")

	ctx, cancel := context.WithCancel(context.Background())
	out, stderr := &canceller{mark: printed, cancel: cancel}, new(bytes.Buffer)
	code := run(ctx, []string{"vault", "deposit", "--batch", "5", "--state", state, journal}, strings.NewReader(""), out, stderr, func(string) string { return "" })
	if code != exitInterrupted {
		t.Errorf("exit %d, want %d: %s", code, exitInterrupted, stderr)
	}
	if want := "20 bulletins = 10 déposés + 1 sur papier + 0 refusé + 9 en attente"; !strings.Contains(out.String(), want) {
		t.Errorf("got  %s\nwant %s", out.String(), want)
	}
	if got, want := xhl("vault", "track"), "le dépôt a été interrompu : relancez la même commande"; !strings.Contains(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := xhl("vault", "deposit", journal), "20 bulletins = 19 déposés + 1 sur papier + 0 refusé + 0 en attente\n"; !strings.Contains(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
