package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

const (
	besidePrefix = prefix + "new-"         // before the name of a folder that is to come
	besideName   = prefix + "journal.json" // in it: the lock, and then the journal
)

// besideOf is where the first delivery into the folder dir is made, which then
// gets the name of dir; false where a folder cannot be made so.
func besideOf(dir string) (stage string, ok bool) {
	base := filepath.Base(dir)
	const longest = 200 // bytes; most file systems take names of 255
	return filepath.Join(filepath.Dir(dir), besidePrefix+base), filepath.IsLocal(base) && base != "." && len(base) <= longest
}

// beginBeside begins a delivery into a folder that is not there yet. It returns
// nil where the delivery has to be made in the folder itself. Where no folder can
// be made so, the compiler leaves all of it out, which counts in a browser.
func beginBeside(dir string, o DeliveryOptions) (*Delivery, error) {
	if !movesOpen {
		return nil, nil
	}
	stage, ok := besideOf(dir)
	for ok && !exists(dir) {
		grown, err := mkdirAll(filepath.Dir(dir))
		if err != nil {
			return nil, err
		}
		made := mkdir(stage)
		if made != nil && !errors.Is(made, fs.ErrExist) {
			return nil, fmt.Errorf("make a folder for the delivery: %w", made)
		}
		lock, err := lockIn(filepath.Join(stage, besideName), dir, true)
		if errors.Is(err, fs.ErrNotExist) && !exists(stage) {
			continue // it got its name meanwhile, or was given up
		}
		if errors.Is(err, errElsewhere) {
			return nil, empty(stage, "")
		}
		if err != nil {
			return nil, err
		}
		if exists(dir) { // it has come meanwhile
			empty(stage, "")
			lock.leave()
			continue
		}
		if made != nil {
			err = empty(stage, lock.path)
		}
		if err != nil {
			lock.leave()
			return nil, fmt.Errorf("remove what a delivery left: %w", err)
		}
		return &Delivery{dir: dir, opts: o, lock: lock, stage: stage, beside: true, grown: append(grown, filepath.Dir(dir))}, nil
	}
	return nil, nil
}

// Alone reports whether the folder came with the delivery: nothing else is in it.
func (d *Delivery) Alone() bool { return d.appeared }

// place starts file n of the delivery in the stage: where that is to become the
// folder, under the name that it mostly keeps.
func (d *Delivery) place(f *File, n int, name string) (err error) {
	if movesOpen && d.beside && ours(name) && filepath.Base(name) == name {
		f.staged = filepath.Join(d.stage, name)
		if f.f, err = create(f.staged); !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	f.staged = d.numbered(n)
	f.f, err = create(f.staged)
	return err
}

// numbered is where file n waits that has no name yet, or cannot have it.
func (d *Delivery) numbered(n int) string {
	if d.beside { // where no name of a file is
		return filepath.Join(d.stage, besidePrefix+strconv.Itoa(n+1))
	}
	return stagedName(d.stage, n)
}

// appear gives the stage the name of the folder, with all files in it: that is
// the decision. When false is returned without an error, the folder has come
// meanwhile, or the system does not rename one, and nothing has happened.
func (d *Delivery) appear(s *swap) (done bool, err error) {
	if exists(d.dir) {
		return false, nil
	}
	folders, err := d.name(s)
	if err != nil {
		return false, err
	}
	if err := d.sign(s, folders); err != nil {
		return false, err
	}
	if err := Rename(d.stage, d.dir); err != nil {
		return false, nil
	}
	d.appeared, d.lock.path = true, filepath.Join(d.dir, besideName)
	if err := settle(nil, filepath.Dir(d.dir)); err != nil {
		return d.takeBack(err)
	}
	if d.opts.Published != nil {
		err = d.opts.Published(s.Note)
	}
	var refused *Refused
	if errors.As(err, &refused) {
		return d.takeBack(err)
	}
	if err == nil {
		err = Remove(d.lock.path)
	}
	if err == nil && grouping.Load() == nil {
		err = settle(nil, d.dir)
	}
	if err != nil {
		return true, fmt.Errorf("the delivery is in place, but could not be ended: %w", err)
	}
	return true, nil
}

// takeBack makes the folder the stage again, because of err.
func (d *Delivery) takeBack(err error) (bool, error) {
	undo := Rename(d.dir, d.stage)
	if undo == nil {
		undo = settle(nil, filepath.Dir(d.dir))
	}
	if undo != nil {
		return true, errors.Join(err, fmt.Errorf("take the delivery back: %w; the next run in the folder completes it", undo))
	}
	d.appeared, d.lock.path = false, filepath.Join(d.stage, besideName)
	return true, err
}

// name gives the staged files their names, and returns the folders that hold
// names which the disk must know.
func (d *Delivery) name(s *swap) (folders []string, err error) {
	for _, p := range s.Put { // out of the way of others first
		f := d.files[p.N]
		if numbered := d.numbered(p.N); f.staged != d.named(p) && f.staged != numbered {
			if err := Rename(f.staged, numbered); err != nil {
				return nil, fmt.Errorf("deliver: %w", err)
			}
			f.staged = numbered
		}
	}
	folders = []string{d.stage}
	for _, p := range s.Put {
		f, target := d.files[p.N], d.named(p)
		if dir := filepath.Dir(target); !slices.Contains(folders, dir) {
			grown, err := mkdirAll(dir)
			if err != nil {
				return nil, err
			}
			folders = append(folders, append(grown, dir)...)
		}
		if f.staged == target {
			continue
		}
		if err := Rename(f.staged, target); err != nil {
			return nil, fmt.Errorf("deliver: %w", err)
		}
		f.staged = target
	}
	slices.Sort(folders)
	return slices.Compact(folders), nil
}

// named is the path in the stage of a file under its name.
func (d *Delivery) named(p staged) string {
	return filepath.Join(d.stage, filepath.FromSlash(p.Name))
}

// number gives the files their numbers, by which a delivery into a folder that is
// there knows them.
func (d *Delivery) number() error {
	for n, f := range d.files {
		numbered := d.numbered(n)
		if !f.whole || f.staged == numbered {
			continue
		}
		if err := Rename(f.staged, numbered); err != nil {
			return err
		}
		f.staged = numbered
	}
	return nil
}

// sign writes the journal into the lock, and puts all on the disk.
func (d *Delivery) sign(s *swap, folders []string) error {
	err := step(OpWrite, d.lock.path)
	if err == nil {
		err = d.lock.tell(&s.journal)
	}
	if err != nil {
		return fmt.Errorf("write the journal of the delivery: %w", err)
	}
	files := append(d.waits, d.lock.f)
	err = settle(files, append(folders, d.grown...)...)
	for _, f := range d.waits {
		if failed := f.Close(); err == nil {
			err = failed
		}
	}
	d.waits = nil
	if err != nil {
		return fmt.Errorf("write the journal of the delivery: %w", err)
	}
	return nil
}

// enter goes on in the folder itself, which is there now.
func (d *Delivery) enter() error {
	if err := d.number(); err != nil {
		return fmt.Errorf("deliver: %w", err)
	}
	in, err := beginIn(d.dir, d.opts)
	if err != nil {
		return err
	}
	for n, f := range d.files {
		if f.whole && err == nil {
			err = Rename(f.staged, stagedName(in.stage, n))
		}
	}
	if err == nil {
		err = empty(d.stage, "")
	}
	if err != nil {
		in.Abort()
		return fmt.Errorf("deliver: %w", err)
	}
	d.lock.leave()
	d.lock, d.stage, d.beside, d.grown = in.lock, in.stage, false, append(d.grown, in.grown...)
	d.Completed, d.Refused, d.Aside = in.Completed, in.Refused, in.Aside
	return nil
}

// adopt makes the journal of a delivery that got the name of the folder, and was
// not ended, that of one which was decided in the folder.
func (d *Delivery) adopt() error {
	path := filepath.Join(d.dir, besideName)
	err := replaceable(path)
	if err != nil || !exists(path) {
		return err
	}
	f, err := openFile(path, os.O_RDWR|noFollow, 0)
	if err != nil {
		return fmt.Errorf("open the journal of a delivery: %w", err)
	}
	lock := &folderLock{path, f}
	defer lock.leave()
	err = LockOpen(f, Exclusive)
	switch {
	case errors.Is(err, ErrLocked):
		return Codes.New(FolderHeld, d.dir, readHolder(f).said())
	case err != nil:
		return err
	case !lock.stands():
		return nil // ended meanwhile
	}
	if err := sweep(d.stage); err != nil {
		return err
	}
	if err := mkdir(d.stage); err != nil {
		return fmt.Errorf("make a folder for the delivery: %w", err)
	}
	return Rename(path, filepath.Join(d.stage, journalName))
}
