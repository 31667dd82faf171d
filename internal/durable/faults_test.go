//go:build linux

package durable

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// child is set in a second process made of this test binary: it names what
// that process does in the folder that it is given.
const child = "DURABLE_TEST_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(child) {
	case "":
		os.Exit(m.Run())
	case "full disk":
		os.Exit(writeUntilFull(os.Args[1]))
	case "wait to be killed":
		f, err := Create(filepath.Join(os.Args[1], "volume-01.xml"))
		if err != nil {
			panic(err)
		}
		io.WriteString(f, "half of a vol")
		fmt.Println("written")
		select {} // until killed
	case "wait in a scratch folder":
		s, err := NewScratch(os.Args[1], ".work-")
		if err == nil {
			err = os.MkdirAll(filepath.Join(s.Dir, "deep", "er"), 0o700)
		}
		if err != nil {
			panic(err)
		}
		fmt.Println("made")
		select {} // until killed
	}
}

const room = 4096

// writeUntilFull writes under a limit on the size of files, which the kernel
// answers as it does a full disk: a short write, then an error.
func writeUntilFull(dir string) int {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: room, Max: room}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		panic(err)
	}
	f, err := Create(filepath.Join(dir, "volume-01.xml"))
	if err != nil {
		panic(err)
	}
	if _, err := f.Write(make([]byte, room-10)); err != nil {
		fmt.Println("first write:", err)
	}
	if _, err := f.Write(make([]byte, 20)); !errors.Is(err, syscall.EFBIG) {
		fmt.Println("second write:", err)
	}
	// A caller that overlooks the error still gets no file.
	if err := f.Commit(); !errors.Is(err, syscall.EFBIG) {
		fmt.Println("commit:", err)
	}
	if err := WriteFile(filepath.Join(dir, "volume-02.xml"), make([]byte, 2*room)); !errors.Is(err, syscall.EFBIG) {
		fmt.Println("write file:", err)
	}
	return 0
}

func command(t *testing.T, doing, dir string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, dir)
	cmd.Env = append(os.Environ(), child+"="+doing)
	cmd.Stderr = os.Stderr
	return cmd
}

func TestFullDiskLeavesTheFormerFileAndNoOther(t *testing.T) {
	dir := t.TempDir()
	if err := WriteFile(filepath.Join(dir, "volume-01.xml"), []byte("former")); err != nil {
		t.Fatal(err)
	}
	out, err := command(t, "full disk", dir).Output()
	if err != nil || len(out) > 0 {
		t.Fatalf("%v\n%s", err, out)
	}
	wantNames(t, dir, "volume-01.xml")
	wantContent(t, filepath.Join(dir, "volume-01.xml"), "former")
}

func TestScratchFolderGoesWithTheNextOneOnceItsProcessIsDead(t *testing.T) {
	dir := t.TempDir()
	cmd := command(t, "wait in a scratch folder", dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "made\n" {
		t.Fatalf("child said %q, %v", line, err)
	}
	if err := os.Mkdir(filepath.Join(dir, ".other-1"), 0o700); err != nil {
		t.Fatal(err)
	}
	want := func(n int) {
		t.Helper()
		s, err := NewScratch(dir, ".work-")
		if err != nil {
			t.Fatal(err)
		}
		if got := names(t, dir); len(got) != n {
			t.Errorf("the folder holds %q, want %d names", got, n)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	want(3) // the living one, another's, and the new one
	cmd.Process.Kill()
	cmd.Wait()
	want(2)
	wantNames(t, dir, ".other-1")
}

func TestKilledProcessLeavesOnlyATemporaryThatTheNextRunCleans(t *testing.T) {
	dir := t.TempDir()
	cmd := command(t, "wait to be killed", dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "written\n" {
		t.Fatalf("child said %q, %v", line, err)
	}
	if removed, err := Clean(dir); removed != 0 || err != nil {
		t.Errorf("Clean beside the living process removed %d, %v, want 0", removed, err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	if got := names(t, dir); len(got) != 1 || !strings.HasPrefix(got[0], prefix) {
		t.Errorf("after the kill the folder holds %q, want one temporary", got)
	}
	if removed, err := Clean(dir); removed != 1 || err != nil {
		t.Errorf("Clean removed %d, %v, want 1", removed, err)
	}
	wantNames(t, dir)
}
