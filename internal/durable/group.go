package durable

import (
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// grouping is the group of the process, nil while there is none. It is one for
// the process, as Intercept is: what is shared is the disk.
var grouping atomic.Pointer[group]

// Group lets syncs that are waited for at the same time share one: where the
// system can put a whole file system on the disk and tell its errors, a
// thousand deliveries then cost some tens of syncs in place of ten thousand.
// What a sync promises does not change: it returns once what it was asked for is
// on the disk. The function returned ends the group; elsewhere it does nothing.
func Group() (end func()) {
	if !canShare() {
		return func() {}
	}
	g := &group{disks: make(map[uint64]*disk)}
	if !grouping.CompareAndSwap(nil, g) {
		return func() {}
	}
	return func() {
		grouping.CompareAndSwap(g, nil)
		g.close()
	}
}

// group shares the syncs of each file system.
type group struct {
	broken  atomic.Bool // an error was seen: who is concerned, only its own sync tells
	serving sync.WaitGroup
	mu      sync.Mutex
	disks   map[uint64]*disk
}

// disk is a file system that something was written to.
type disk struct {
	// keeper was opened before anything was written: the errors of writing back
	// are told to files that were open when they came.
	keeper *os.File
	mu     sync.Mutex
	busy   bool
	next   *round
}

// round is the syncs that one sync of the disk is for.
type round struct {
	waits int
	done  chan struct{}
	err   error
}

// gather is how long a round of several is left open for more: each costs the disk,
// and a processor, about the same whoever it is for.
const gather = 10 * time.Millisecond

// note is told of a file that is about to be written.
func (g *group) note(f *os.File) {
	id, ok := device(f)
	if !ok {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.disks[id] != nil {
		return
	}
	if keeper, err := keeperOf(f); err == nil {
		g.disks[id] = &disk{keeper: keeper}
	}
}

// sync puts f on the disk, together with what others wait for.
func (g *group) sync(f *os.File) error {
	if id, ok := device(f); ok && g.wait(id) {
		return nil
	}
	return f.Sync()
}

// wait waits until all that was written to a disk is on it; false when the group
// cannot say so.
func (g *group) wait(id uint64) bool {
	g.mu.Lock()
	d := g.disks[id]
	g.mu.Unlock()
	if d == nil || g.broken.Load() {
		return false
	}
	d.mu.Lock()
	if d.next == nil {
		d.next = &round{done: make(chan struct{})}
	}
	r := d.next
	r.waits++
	if !d.busy {
		d.busy = true
		g.serving.Go(func() { g.serve(d) })
	}
	d.mu.Unlock()
	<-r.done
	return r.err == nil
}

// settle puts on the disk what was written to files, and the names that folders
// hold. In a group that is one wait.
func settle(files []*os.File, folders ...string) error {
	g := grouping.Load()
	if g == nil {
		for _, f := range files {
			if err := SyncFile(f); err != nil {
				return err
			}
		}
		for _, dir := range folders {
			if err := SyncFolder(dir); err != nil {
				return err
			}
		}
		return nil
	}
	for _, path := range append(namesOf(files), folders...) {
		if err := step(OpSync, path); err != nil {
			return &os.PathError{Op: "sync", Path: path, Err: err}
		}
	}
	if g.settle(files, folders) {
		return nil
	}
	for _, f := range files {
		if err := f.Sync(); err != nil {
			return err
		}
	}
	for _, dir := range folders {
		if err := syncFolder(dir); err != nil {
			return err
		}
	}
	return nil
}

func namesOf(files []*os.File) []string {
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	return names
}

// settle waits for the disks of files and folders; false when the group cannot
// say that all of it is there.
func (g *group) settle(files []*os.File, folders []string) bool {
	var disks []uint64
	for _, f := range files {
		id, ok := device(f)
		if !ok {
			return false
		}
		disks = append(disks, id)
	}
	for _, dir := range folders {
		id, ok := deviceAt(dir)
		if !ok {
			return false
		}
		disks = append(disks, id)
	}
	slices.Sort(disks)
	for _, id := range slices.Compact(disks) {
		if !g.wait(id) {
			return false
		}
	}
	return true
}

// serve carries out rounds until nobody waits. After one of several others come.
func (g *group) serve(d *disk) {
	for several := false; ; {
		if several {
			time.Sleep(gather)
		}
		d.mu.Lock()
		r := d.next
		d.next = nil
		if r == nil {
			d.busy = false
			d.mu.Unlock()
			return
		}
		d.mu.Unlock()
		if r.err = syncDisk(d.keeper); r.err != nil {
			g.broken.Store(true)
		}
		several = r.waits > 1
		close(r.done)
	}
}

// close waits for the rounds under way, and forgets the disks. Who comes later
// syncs alone.
func (g *group) close() {
	g.broken.Store(true)
	g.serving.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, d := range g.disks {
		d.keeper.Close()
	}
	clear(g.disks)
}
