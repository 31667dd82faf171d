package durable

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Deliveries of a group are as whole as those of nobody, and each is on the disk
// when Publish returns.
func TestGroupDeliversAsOneByOne(t *testing.T) {
	end := Group()
	defer end()
	dir := t.TempDir()
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			d, err := Begin(filepath.Join(dir, fmt.Sprint(i)), DeliveryOptions{Last: "b"})
			if err != nil {
				t.Error(err)
				return
			}
			defer d.Abort()
			for _, name := range []string{"a", "b"} {
				if err := d.WriteFile(name, []byte(fmt.Sprint(name, i))); err != nil {
					t.Error(err)
				}
			}
			if err := d.Publish(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i := range 40 {
		got, err := os.ReadFile(filepath.Join(dir, fmt.Sprint(i), "b"))
		if want := fmt.Sprint("b", i); err != nil || string(got) != want {
			t.Errorf("delivery %d holds %q, %v, want %q", i, got, err, want)
		}
	}
}

// A group that met an error leaves each file to its own sync, which knows whose
// it is; a closed file shows that it is asked.
func TestBrokenGroupAsksEachFile(t *testing.T) {
	g := &group{disks: make(map[uint64]*disk)}
	f, err := Create(filepath.Join(t.TempDir(), "f"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Abort()
	g.note(f.f)
	g.broken.Store(true)
	if err := g.sync(f.f); err != nil {
		t.Errorf("sync of a good file in a broken group: %v", err)
	}
	f.f.Close()
	if err := g.sync(f.f); err == nil {
		t.Error("sync of a closed file succeeded")
	}
	g.close()
}

func TestDeliveryOfAGroupIsWholeWhateverStepFails(t *testing.T) {
	defer Group()()
	wholeWhateverStepFails(t)
}

// The end of a delivery of a group may be lost by a power cut: its journal is
// there again, without the files that were replaced.
func TestJournalThatCameBackIsToldAgain(t *testing.T) {
	dir := t.TempDir()
	if err := deliver(dir, may, DeliveryOptions{}); err != nil {
		t.Fatal(err)
	}
	stage := filepath.Join(dir, stageName)
	var journal []byte
	restore := Intercept(func(s Step) (err error) {
		if s.Op == OpRemove && s.Path == filepath.Join(stage, journalName) {
			journal, err = os.ReadFile(s.Path)
		}
		return err
	})
	err := deliver(dir, june, DeliveryOptions{})
	restore()
	if err = errors.Join(err, os.Mkdir(stage, 0o700), os.WriteFile(filepath.Join(stage, journalName), journal, 0o600)); err != nil || len(journal) == 0 {
		t.Fatalf("journal %q: %v", journal, err)
	}
	told := 0
	d, err := Begin(dir, DeliveryOptions{Last: "manifest.json", Published: func([]byte) error { told++; return nil }})
	if err != nil {
		t.Fatal(err)
	}
	d.Abort()
	if !d.Completed || told != 1 || reading(t, dir) != manifest(t, june) {
		t.Errorf("completed %v, told %d times, and the folder reads %q", d.Completed, told, reading(t, dir))
	}
}
