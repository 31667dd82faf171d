package input

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"paye/internal/anomalie"
)

func is(err error, code string) bool {
	var a *anomalie.Anomalie
	return errors.As(err, &a) && a.Code == code
}

func write(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal.xhl")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFileThatChangedWhileItWasReadIsFound(t *testing.T) {
	content := bytes.Repeat([]byte("<Bulletin/>"), 100_000)
	overwrite := func(path string, from int, with byte) error {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = f.WriteAt(bytes.Repeat([]byte{with}, len(content)-from), int64(from))
		return err
	}
	for name, tc := range map[string]struct {
		change func(path string) error
		held   bool
	}{
		"untouched":   {func(string) error { return nil }, true},
		"renamed":     {func(p string) error { return os.Rename(p, p+".old") }, true},
		"removed":     {os.Remove, true},
		"longer":      {func(p string) error { return os.Truncate(p, int64(len(content)+1)) }, false},
		"shorter":     {func(p string) error { return os.Truncate(p, int64(len(content)-1)) }, false},
		"overwritten": {func(p string) error { return overwrite(p, 0, 'x') }, false},
		"touched":     {func(p string) error { return os.Chtimes(p, time.Time{}, time.Unix(1_700_000_000, 0)) }, false},
		"its time was put back": {func(p string) error {
			info, err := os.Stat(p)
			return errors.Join(err, overwrite(p, len(content)/2, 'x'), os.Chtimes(p, time.Time{}, info.ModTime()))
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if (name == "renamed" || name == "removed") && runtime.GOOS == "windows" {
				t.Skip("an open file keeps its name here")
			}
			path := write(t, content)
			f, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := io.CopyN(io.Discard, f, int64(len(content)/2)); err != nil {
				t.Fatal(err)
			}
			if name == "its time was put back" { // what was read before the change is of the former content
				err = tc.change(path)
				io.Copy(io.Discard, f)
				err = errors.Join(err, overwrite(path, 0, 'y'), os.Chtimes(path, time.Time{}, f.Info().ModTime()))
			} else {
				_, err = io.Copy(io.Discard, f)
				err = errors.Join(err, tc.change(path))
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := f.Held(); tc.held && err != nil || !tc.held && !is(err, Changed) {
				t.Errorf("got %v, want held %v", err, tc.held)
			}
		})
	}
}

func TestEachStretchIsLookedAtAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("it writes 40 MiB")
	}
	path := write(t, nil)
	if err := os.Truncate(path, 2*stretch+5); err != nil {
		t.Fatal(err)
	}
	for _, at := range []int64{0, stretch - 1, stretch, 2 * stretch, 2*stretch + 4} {
		f, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, f, make([]byte, 1<<20+1)); err != nil { // across the stretches
			t.Fatal(err)
		}
		if err := f.Held(); err != nil {
			t.Errorf("untouched: %v", err)
		}
		w, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.WriteAt([]byte{'x'}, at)
		err = errors.Join(err, w.Close(), os.Chtimes(path, time.Time{}, f.Info().ModTime()))
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Held(); !is(err, Changed) {
			t.Errorf("the byte %d is another: %v, want %s", at, err, Changed)
		}
		f.Close()
	}
}

func TestFileThatIsReadThroughIsNeverWaitedFor(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir); !is(err, NotRegular) {
		t.Errorf("a folder: got %v, want %s", err, NotRegular)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenIn(root, "sub"); !is(err, NotRegular) {
		t.Errorf("a folder below: got %v, want %s", err, NotRegular)
	}
	if _, err := Open(filepath.Join(dir, "absent")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an absent file: got %v", err)
	}
}

func TestStreamGivesTheBytesOfAFile(t *testing.T) {
	path := write(t, []byte("content"))
	s, err := Stream(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, err := io.ReadAll(s); string(got) != "content" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestReadThatWaitsEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	s := Interruptible(ctx, r)
	defer s.Close()
	io.WriteString(w, "first")
	got := make([]byte, 5)
	if _, err := io.ReadFull(s, got); err != nil || string(got) != "first" {
		t.Fatalf("got %q, %v", got, err)
	}
	gone := errors.New("gone")
	cancel(gone)
	if _, err := s.Read(got); !errors.Is(err, gone) {
		t.Errorf("got %v, want %v", err, gone)
	}
}
