package durable

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// Delivery is a group of files on its way into a folder: its files appear there
// together, in place of those of a former delivery, or not at all. Create may
// be called by several goroutines at once.
type Delivery struct {
	// Completed tells that a former process ended while it put a delivery in
	// place, and that Begin did the rest.
	Completed bool
	// Refused tells why Published refused the delivery of a former process,
	// which Begin took back: its files are in the folder Aside, and those that it
	// had replaced are in their place again.
	Refused error
	Aside   string

	dir    string
	opts   DeliveryOptions
	lock   *folderLock
	stage  string // folder where the files wait
	beside bool   // the stage is to become the folder
	closed bool

	appeared bool // it became the folder
	kept     bool // what is staged is left for the next run

	mu    sync.Mutex
	files []*File    // by number of their staged name, less one
	waits []*os.File // of a group: those that are whole, and that Publish puts on the disk
	grown []string   // folders that got the name of a new one, the same
	drops []string   // names that go away
	note  []byte
}

// DeliveryOptions say how a delivery is put in place. The zero value works.
type DeliveryOptions struct {
	// Last is the name of the file that names the others, a manifest: the
	// former one goes away before any other file, and the new one comes after
	// all of them, so that it never stands beside others than its own.
	Last string
	// Inputs are never replaced, nor removed.
	Inputs *Inputs
	// Published is told once all files are in place, before the delivery is
	// over, with what Note was given. When it fails, or the process ends before
	// it returned, the next Begin in the folder calls it again: it must stand
	// being told twice. With an error that is a *Refused the delivery is taken
	// back instead. It may be nil where Note is given nothing.
	Published func(note []byte) error
	// Aside is how the folder, beside the files, is called that keeps a delivery
	// of a former process that Published refuses; a number follows.
	Aside string
}

// Refused is an error of Published that asking again would not change.
type Refused struct{ Cause error }

func (r *Refused) Error() string { return r.Cause.Error() }

// Unwrap returns the cause.
func (r *Refused) Unwrap() error { return r.Cause }

const (
	stageName   = prefix + "delivery" // in the folder: what is staged, and what it replaces
	journalName = "journal.json"
)

// Begin takes the lock of the folder dir, and brings what a process that died
// there had begun to its end: a delivery that was being put in place is
// completed, anything before that is forgotten. Where the folder is missing,
// Publish makes it. An anomaly FolderHeld says who is at work, Unrecorded that
// what is in place waits for another work's Published. The caller defers Abort.
func Begin(dir string, o DeliveryOptions) (*Delivery, error) {
	dir = filepath.Clean(dir)
	if d, err := beginBeside(dir, o); d != nil || err != nil {
		return d, err
	}
	return beginIn(dir, o)
}

// beginIn begins in the folder itself, which it makes when it is missing.
func beginIn(dir string, o DeliveryOptions) (*Delivery, error) {
	grown, err := mkdirAll(dir)
	if err != nil {
		return nil, err
	}
	if grouping.Load() == nil {
		if err := settle(nil, grown...); err != nil {
			return nil, err
		}
		grown = nil
	}
	lock, err := lockIn(filepath.Join(dir, lockName), dir, false)
	if err != nil {
		return nil, err
	}
	d := &Delivery{dir: dir, opts: o, lock: lock, stage: stageOf(dir), grown: grown}
	if err := d.begin(); err != nil {
		lock.release()
		return nil, err
	}
	return d, nil
}

func (d *Delivery) begin() error {
	if _, err := Clean(d.dir); err != nil {
		return err
	}
	sweepBeside(d.dir)
	if err := d.adopt(); err != nil {
		return err
	}
	former, err := readSwap(d.dir)
	if err != nil {
		return err
	}
	if former != nil {
		if err := d.complete(former); err != nil {
			return fmt.Errorf("complete the delivery that was interrupted: %w", err)
		}
		d.Completed = d.Refused == nil
	}
	if err := sweep(d.stage); err != nil {
		return err
	}
	if err := mkdir(d.stage); err != nil {
		return fmt.Errorf("make a folder for the delivery: %w", err)
	}
	return nil
}

// complete puts in place what the journal of a former process names.
func (d *Delivery) complete(s *swap) error {
	if len(s.Note) > 0 && d.opts.Published == nil {
		return Codes.New(Unrecorded, d.dir)
	}
	if err := s.forward(); err != nil {
		return err
	}
	err := s.finish(d.opts.Published)
	var refused *Refused
	if !errors.As(err, &refused) || d.opts.Aside == "" {
		return err
	}
	d.Refused = refused.Cause
	return d.setAside(s)
}

// setAside takes back a delivery that is in place, and keeps it in a folder of
// its own: somebody may have seen it. The rename of the stage is what decides.
func (d *Delivery) setAside(s *swap) error {
	if err := s.undo(); err != nil {
		return err
	}
	for n := 1; d.Aside == "" || exists(d.Aside); n++ {
		d.Aside = filepath.Join(d.dir, d.opts.Aside+"-"+strconv.Itoa(n))
	}
	if err := Rename(d.stage, d.Aside); err != nil {
		return fmt.Errorf("set the refused delivery aside: %w", err)
	}
	if err := SyncFolder(d.dir); err != nil {
		return err
	}
	for _, p := range s.Put {
		name := filepath.Join(d.Aside, filepath.FromSlash(p.Name))
		if err := MkdirAll(filepath.Dir(name)); err != nil {
			return err
		}
		if err := Rename(filepath.Join(d.Aside, filepath.Base(stagedName(d.stage, p.N))), name); err != nil {
			return fmt.Errorf("name what was set aside: %w", err)
		}
	}
	return Remove(filepath.Join(d.Aside, journalName))
}

func stageOf(dir string) string { return filepath.Join(dir, stageName) }

// Create starts a file of the delivery. Its name, which may have folders
// before it, is relative to the folder of the delivery, and is taken at
// Publish: until then Rename may change it. The caller calls Commit once
// everything is written; a file that was aborted is not of the delivery.
//
// What has the name already and may not be replaced is told here and, since
// names change and others come, by Publish again.
func (d *Delivery) Create(name string) (*File, error) {
	target := filepath.Join(d.dir, name)
	if !d.beside {
		if err := cmp.Or(replaceable(target), d.opts.Inputs.Spares(target)); err != nil {
			return nil, err
		}
	}
	d.mu.Lock()
	f := &File{path: target, of: d}
	d.files = append(d.files, f)
	n := len(d.files) - 1
	d.mu.Unlock()
	if err := d.place(f, n, name); err != nil {
		return nil, fmt.Errorf("create %s: %w", f.path, err)
	}
	return f, nil
}

// WriteFile is Create with its content.
func (d *Delivery) WriteFile(name string, data []byte) error {
	f, err := d.Create(name)
	if err != nil {
		return err
	}
	defer f.Abort()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Commit()
}

// Drop names files of a former delivery: they go away with this one's coming,
// unless it has files of the same names.
func (d *Delivery) Drop(names ...string) { d.drops = append(d.drops, names...) }

// Note is kept beside the files, on the disk, until Published was told of them
// and returned: whatever finds them again where they are to be recorded.
func (d *Delivery) Note(note []byte) { d.note = note }

// Publish lets all files appear. Whatever happens before it begins to move them
// leaves the folder as it was. From there on nothing asks to be interrupted:
// when a move fails, or Published refuses for good, those made are undone and
// the error returned; when the process ends, or undoing fails too, the next
// Begin completes the delivery.
func (d *Delivery) Publish() error {
	s, err := d.plan()
	if err != nil {
		return err
	}
	if movesOpen && d.beside {
		if done, err := d.appear(s); done || err != nil {
			return err
		}
		if err := d.enter(); err != nil {
			return err
		}
		if s, err = d.plan(); err != nil {
			return err
		}
	}
	if err := d.decide(s); err != nil {
		return err
	}
	if err := s.forward(); err != nil {
		if undo := s.back(); undo != nil {
			d.kept = true
			return errors.Join(err, fmt.Errorf("put the former delivery back: %w; the next run in the folder completes this one", undo))
		}
		return err
	}
	if err := s.finish(d.opts.Published); err != nil {
		var refused *Refused
		if errors.As(err, &refused) && s.back() == nil {
			return err
		}
		d.kept = true
		return fmt.Errorf("the delivery is in place, but could not be ended: %w", err)
	}
	return sweep(d.stage)
}

// defers takes over a file that is whole, to be put on the disk with the others
// when they appear; false when it is not to wait.
func (d *Delivery) defers(f *os.File) bool {
	if grouping.Load() == nil {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.waits) == maxWaits {
		return false
	}
	d.waits = append(d.waits, f)
	return true
}

// maxWaits bounds the files that a delivery holds open.
const maxWaits = 16

// decide writes the journal of s. Once it has its name, the delivery is decided:
// all that it names is on the disk before.
func (d *Delivery) decide(s *swap) error {
	journal, err := s.draft()
	if err != nil {
		return err
	}
	files := append(d.waits, journal)
	d.waits = nil
	// The folder of what is staged must outlive a power cut, with all its names,
	// before anything moves.
	err = settle(files, append(d.grown, d.dir)...)
	for _, f := range files {
		if failed := f.Close(); err == nil {
			err = failed
		}
	}
	if err == nil {
		err = s.sign(journal.Name())
	}
	if err != nil {
		Remove(journal.Name())
		return fmt.Errorf("write the journal of the delivery: %w", err)
	}
	return nil
}

// plan lists what Publish does, and looks that nothing else than regular files
// is in its way.
func (d *Delivery) plan() (*swap, error) {
	s := &swap{dir: d.dir, journal: journal{Version: journalVersion, Last: d.opts.Last, Note: d.note}}
	put := make(map[string]bool, len(d.files))
	for n, f := range d.files {
		if !f.whole {
			continue
		}
		name, err := filepath.Rel(d.dir, f.path)
		if err != nil {
			return nil, err
		}
		name = filepath.ToSlash(name)
		if put[name] {
			return nil, fmt.Errorf("two files of the delivery are named %s", name)
		}
		put[name] = true
		s.Put = append(s.Put, staged{n, name})
	}
	for _, name := range d.drops {
		if name = filepath.ToSlash(name); !put[name] {
			s.Drop = append(s.Drop, name)
		}
	}
	if d.beside { // nothing is in the way where nothing is
		_, err := s.names()
		return s, err
	}
	return s, s.check(d.opts.Inputs)
}

// Abort forgets what is staged and gives the folder back. After Publish it only
// does the latter, so that it can be deferred.
func (d *Delivery) Abort() {
	if d.closed {
		return
	}
	d.closed = true
	for _, f := range d.files {
		f.Abort()
	}
	for _, f := range d.waits {
		f.Close()
	}
	switch { // what stays is hidden, and the next Begin tries again
	case d.appeared: // the lock is the journal, if it is there
		d.lock.leave()
		return
	case d.beside:
		empty(d.stage, "")
	case !d.kept:
		sweep(d.stage)
	}
	d.lock.release()
}

// stagedName is the path of file n of a delivery; formerName of what it takes the
// place of, and droppedName of what goes away, both in the folder itself.
func stagedName(stage string, n int) string {
	return filepath.Join(stage, "new-"+strconv.Itoa(n+1))
}

func formerName(dir string, n int) string {
	return filepath.Join(dir, stageName, "former-"+strconv.Itoa(n+1))
}

func droppedName(dir string, n int) string {
	return filepath.Join(dir, stageName, "dropped-"+strconv.Itoa(n+1))
}

// ours reports whether a name may be that of a file of a delivery: below its
// folder, and none of the hidden ones of this package.
func ours(name string) bool {
	local := filepath.FromSlash(name)
	return filepath.IsLocal(local) && filepath.ToSlash(filepath.Clean(local)) == name && name != "." && !strings.HasPrefix(name, prefix)
}
