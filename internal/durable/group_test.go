package durable

import (
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
