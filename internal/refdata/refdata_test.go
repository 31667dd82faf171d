package refdata

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestDataStandsBesideTheCheckoutUnlessTheVariableSaysWhere(t *testing.T) {
	t.Setenv("XHL_SHARED", "")
	checkout, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := Dir(t), filepath.Join(filepath.Dir(checkout), "shared"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	elsewhere := t.TempDir()
	t.Setenv("XHL_SHARED", elsewhere)
	if got := Dir(t); got != elsewhere {
		t.Errorf("got %s, want %s", got, elsewhere)
	}
}

func TestTestWithoutTheDataIsSkipped(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XHL_SHARED", dir)
	if err := os.WriteFile(filepath.Join(dir, "sample.xml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, skipped := range map[string]bool{"sample.xml": false, "other.xml": true} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if t.Skipped() != skipped {
					t.Errorf("skipped %v, want %v", t.Skipped(), skipped)
				}
			}()
			if got, want := Path(t, name), filepath.Join(dir, name); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// ending is a test that ends with a word.
type ending struct {
	testing.TB
	word string
}

func (e *ending) Fatalf(string, ...any) { e.word = "fatal"; runtime.Goexit() }
func (e *ending) Skipf(string, ...any)  { e.word = "skip"; runtime.Goexit() }

func TestPathThatTheDataDoesNotHaveIsAFault(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XHL_SHARED", dir)
	for _, want := range []string{"skip", "fatal"} {
		e := &ending{TB: t}
		done := make(chan struct{})
		go func() {
			defer close(done)
			Path(e, "data", "other.xml")
		}()
		<-done
		if e.word != want {
			t.Errorf("%q, want %q", e.word, want)
		}
		if err := os.MkdirAll(filepath.Join(dir, "data"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
}
