package durable

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

var errForGood = errors.New("for good")

// refusing is what records nothing, now and ever.
func refusing() DeliveryOptions {
	return DeliveryOptions{Last: "manifest.json", Aside: "aside", Published: func([]byte) error { return &Refused{errForGood} }}
}

// unrecorded is a folder in which June took the place of May, and was not
// recorded.
func unrecorded(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	err := deliver(dir, may, DeliveryOptions{})
	if err == nil {
		err = deliver(dir, june, DeliveryOptions{Published: func([]byte) error { return errBroken }})
	}
	if !errors.Is(err, errBroken) || reading(t, dir) != manifest(t, june) {
		t.Fatal(err)
	}
	return dir
}

// wantMay holds a folder against May whole, with June aside.
func wantMay(t *testing.T, dir string, aside ...string) {
	t.Helper()
	wantNames(t, dir, append(aside, "manifest.json", "pieces", "volume-1", "volume-2", "volume-3")...)
	for name, content := range may {
		wantContent(t, filepath.Join(dir, name), content)
	}
	wantContent(t, filepath.Join(dir, "manifest.json"), manifest(t, may))
	for _, folder := range aside {
		for name, content := range june {
			wantContent(t, filepath.Join(dir, folder, name), content)
		}
		wantNames(t, filepath.Join(dir, folder), "manifest.json", "pieces", "volume-1", "volume-2")
	}
}

func TestDeliveryThatIsRefusedAfterItsProcessEndedIsSetAside(t *testing.T) {
	dir := unrecorded(t)
	d, err := Begin(dir, refusing())
	if err != nil {
		t.Fatal(err)
	}
	d.Abort()
	if !errors.Is(d.Refused, errForGood) || d.Completed || d.Aside != filepath.Join(dir, "aside-1") {
		t.Errorf("refused %v, completed %v, aside %q", d.Refused, d.Completed, d.Aside)
	}
	wantMay(t, dir, "aside-1")
	if err := deliver(dir, june, DeliveryOptions{}); err != nil {
		t.Errorf("the next run: %v", err)
	}
	wantContent(t, filepath.Join(dir, "manifest.json"), manifest(t, june))
}

func TestDeliveryThatIsRefusedAtOnceIsTakenBack(t *testing.T) {
	dir := t.TempDir()
	if err := deliver(dir, may, DeliveryOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := deliver(dir, june, refusing()); !errors.Is(err, errForGood) {
		t.Errorf("got %v", err)
	}
	if Interrupted(dir) {
		t.Error("the folder is left for the next run")
	}
	wantMay(t, dir)
}

func TestSettingAsideMayBeInterruptedAnywhere(t *testing.T) {
	first := unrecorded(t)
	total := steps(t, func() error {
		d, err := Begin(first, refusing())
		if err == nil {
			d.Abort()
		}
		return err
	})
	for n := 1; n <= total; n++ {
		dir := unrecorded(t)
		restore := breakAt(n, true)
		d, err := Begin(dir, refusing())
		if err == nil {
			d.Abort()
		}
		restore()
		if d, err = Begin(dir, refusing()); err != nil {
			t.Fatalf("step %d: the next run: %v", n, err)
		}
		d.Abort()
		wantContent(t, filepath.Join(dir, "manifest.json"), manifest(t, may))
		for name, content := range may {
			wantContent(t, filepath.Join(dir, name), content)
		}
		if found := contents(t, filepath.Join(dir, "aside-1")); found != len(june)+1 {
			t.Errorf("step %d: %d files of June are kept, want %d", n, found, len(june)+1)
		}
	}
	t.Logf("%d steps", total)
}

// contents counts the files of a folder of what was set aside, whatever their
// names are by then; the journal is none.
func contents(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && e.Name() != journalName {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
