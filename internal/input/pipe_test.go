//go:build unix

package input

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func fifo(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPipeIsRefusedWhereAFileIsWanted(t *testing.T) {
	path := fifo(t)
	if _, err := Open(path); !is(err, NotRegular) {
		t.Errorf("got %v, want %s", err, NotRegular)
	}
	if _, err := ReadFile(path, 100); !is(err, NotRegular) {
		t.Errorf("got %v, want %s", err, NotRegular)
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := OpenIn(root, "pipe"); !is(err, NotRegular) {
		t.Errorf("below a folder: got %v, want %s", err, NotRegular)
	}
}

func TestStreamWaitsForTheWriterOfAPipe(t *testing.T) {
	path := fifo(t)
	go func() {
		w, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err == nil {
			io.WriteString(w, "late")
			w.Close()
		}
	}()
	s, err := Stream(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, err := io.ReadAll(s); string(got) != "late" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestPipeThatNobodyWritesToEndsWithItsContext(t *testing.T) {
	path := fifo(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	gone := errors.New("gone")
	cancel(gone)
	if _, err := Stream(ctx, path); !errors.Is(err, gone) {
		t.Errorf("got %v, want %v", err, gone)
	}
}
