package durable

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Scratch is a folder for what only one work needs, until Close or the end of
// the process.
type Scratch struct {
	Dir  string
	lock *os.File
}

// scratchLock is the file in a scratch folder that is locked while its process
// lives.
const scratchLock = prefix + "scratch"

// NewScratch makes a folder below dir whose name begins with name, after it has
// removed those that processes which died have left there.
func NewScratch(dir, name string) (*Scratch, error) {
	SweepScratch(dir, name)
	for {
		s := &Scratch{Dir: filepath.Join(dir, name+rand.Text())}
		if err := os.Mkdir(s.Dir, 0o700); err != nil {
			return nil, fmt.Errorf("make a scratch folder: %w", err)
		}
		// A sweep that ran between has the lock, or has removed the folder
		// already: take another name.
		f, err := openFile(filepath.Join(s.Dir, scratchLock), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		mine := false
		if err == nil {
			s.lock = f
			mine, err = own(f)
		}
		if mine {
			return s, nil
		}
		if f != nil {
			f.Close()
		}
		if err != nil && !errors.Is(err, fs.ErrExist) && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("make a scratch folder: %w", errors.Join(err, os.RemoveAll(s.Dir)))
		}
	}
}

// Close removes the folder and all that is in it.
func (s *Scratch) Close() error { return clearScratch(s.Dir, s.lock) }

// SweepScratch removes from dir the scratch folders whose name begins with name
// and whose process died. Those of living ones are locked and stay. Nothing is
// told: what cannot be removed is tried again by the next one.
func SweepScratch(dir, name string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), name) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		f, err := openFile(filepath.Join(path, scratchLock), os.O_RDWR|os.O_CREATE|noFollow, 0o600)
		if err != nil {
			continue // removed meanwhile, or not ours
		}
		// Where files have no locks, a living one cannot be told from a dead one.
		// A lock without a name is that of another sweep, and says nothing of a
		// maker that came after it.
		locked, err := lockFile(f, Exclusive)
		if err == nil && locked {
			locked, err = present(f)
		}
		if err != nil || !locked {
			f.Close()
			continue
		}
		clearScratch(path, f)
	}
}

// clearScratch removes a scratch folder whose lock is held. The lock goes last, so that
// what a removal which is interrupted leaves can be told from a living one.
func clearScratch(dir string, lock *os.File) error {
	defer lock.Close()
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	faults := []error{err}
	for _, e := range entries {
		if e.Name() != scratchLock {
			faults = append(faults, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(dir, scratchLock)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	lock.Close() // Windows lets a folder go once nothing in it is open
	// One that is not empty has another sweep at it.
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
