package durable

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

const (
	prefix = ".xhl-"
	suffix = ".tmp"
)

// worthSyncing is how many bytes make a file be synced while others compute, and
// how many are written before the disk is told to begin.
const worthSyncing = 8 << 20

// ErrDone is what the methods of a File return after Commit or Abort.
var ErrDone = errors.New("file is already committed or aborted")

// File is a file being written under a temporary name. It is not safe for
// concurrent use, WriteAt, ReadAt and Sync excepted.
type File struct {
	f    *os.File // nil after Commit or Abort
	path string

	of     *Delivery // which makes it visible; nil for a file of its own
	staged string    // where it waits for that
	whole  bool      // and on the disk, waiting for Publish

	written, begun int64 // bytes that Write took, and of those the disk was told

	mu  sync.Mutex // of err
	err error      // of the first write or sync that failed
}

// Create starts the file path in its folder, which must exist. The caller
// calls Commit once everything is written, and may defer Abort. What has that
// name and is not a regular file is an anomaly NotRegular, here and from Commit.
func Create(path string) (*File, error) {
	if err := replaceable(path); err != nil {
		return nil, err
	}
	dir := filepath.Dir(path)
	for {
		f, err := create(filepath.Join(dir, prefix+rand.Text()+suffix))
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("create %s: %w", path, err)
		}
		// A Clean that ran between the two calls above and below has the lock,
		// or has removed the file already: take another name.
		mine, err := own(f)
		if mine {
			return &File{f: f, path: path}, nil
		}
		discard(f)
		if err != nil {
			return nil, fmt.Errorf("create %s: lock its temporary: %w", path, err)
		}
	}
}

func create(path string) (*os.File, error) {
	if err := step(OpCreate, path); err != nil {
		return nil, &os.PathError{Op: "create", Path: path, Err: err}
	}
	f, err := openFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if g := grouping.Load(); g != nil && err == nil {
		g.note(f)
	}
	return f, err
}

// Name is the final path, as it was given to Create or to Rename.
func (f *File) Name() string { return f.path }

// Rename changes the name that the file will get in its folder: at Commit, or
// of a file of a Delivery at Publish.
func (f *File) Rename(name string) { f.path = filepath.Join(filepath.Dir(f.path), name) }

// Write appends p, and has the disk begin with what was written before, so that
// Commit waits for the rest only. After a write that failed, Commit refuses.
func (f *File) Write(p []byte) (int, error) {
	if f.f == nil {
		return 0, f.failed("write", ErrDone)
	}
	if err := step(OpWrite, f.path); err != nil {
		return 0, f.failed("write", err)
	}
	n, err := f.f.Write(p)
	if f.written += int64(n); f.written-f.begun >= worthSyncing {
		beginWriting(f.f, f.begun, f.written-f.begun)
		f.begun = f.written
	}
	return n, f.failed("write", err)
}

// WriteAt writes p at offset off without moving the place where Write appends.
func (f *File) WriteAt(p []byte, off int64) (int, error) {
	if f.f == nil {
		return 0, f.failed("write", ErrDone)
	}
	if err := step(OpWrite, f.path); err != nil {
		return 0, f.failed("write", err)
	}
	n, err := f.f.WriteAt(p, off)
	return n, f.failed("write", err)
}

// ReadAt reads back what was written, to verify it before Commit. Like any
// io.ReaderAt it returns io.EOF at the end.
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	if f.f == nil {
		return 0, fmt.Errorf("read %s: %w", f.path, ErrDone)
	}
	return f.f.ReadAt(p, off)
}

// Sync puts on the disk what was written so far, so that Commit has little left
// to wait for. It may run beside ReadAt. When it fails, Commit refuses. What is
// little anyhow is left to the sync that a group shares.
func (f *File) Sync() error {
	switch {
	case f.f == nil:
		return fmt.Errorf("sync %s: %w", f.path, ErrDone)
	case f.shares():
		return nil
	}
	return f.failed("sync", SyncFile(f.f))
}

// SyncBeside is Sync beside what the caller does next; the function returned waits
// for it.
func (f *File) SyncBeside() (wait func() error) {
	if f.shares() {
		return func() error { return nil }
	}
	done := make(chan error, 1)
	go func() { done <- f.Sync() }()
	return func() error { return <-done }
}

// shares reports whether the sync of a group will do.
func (f *File) shares() bool {
	return f.f != nil && f.of != nil && grouping.Load() != nil && f.written < worthSyncing
}

// Commit makes the file visible under its name, replacing what was there, and
// returns once that is on the disk. When it fails nothing of the file is left
// and what was there before is untouched, unless the very last step failed:
// the sync of the folder, where the new file is in place but may not survive a
// power cut.
//
// Commit of a file of a Delivery puts its content on the disk, which in a group
// may wait for Publish, and closes it; Publish makes it visible.
func (f *File) Commit() error {
	if f.f == nil {
		return fmt.Errorf("commit %s: %w", f.path, ErrDone)
	}
	if f.err != nil {
		err := f.err
		f.Abort()
		return fmt.Errorf("commit after a failed write: %w", err)
	}
	if f.of != nil && f.of.defers(f.f) {
		f.f, f.whole = nil, true
		return nil
	}
	if err := SyncFile(f.f); err != nil {
		f.Abort()
		return fmt.Errorf("sync %s: %w", f.path, err)
	}
	if f.of == nil {
		if err := f.place(); err != nil {
			f.Abort()
			return err
		}
	}
	err := f.f.Close()
	f.f = nil
	if err != nil {
		return fmt.Errorf("close %s: %w", f.path, err)
	}
	if f.of != nil {
		f.whole = true
		return nil
	}
	return SyncFolder(filepath.Dir(f.path))
}

// place gives the file its name, before it is closed: closing drops the lock
// that keeps Clean away.
func (f *File) place() error {
	if err := replaceable(f.path); err != nil {
		return err
	}
	if err := Rename(f.f.Name(), f.path); err != nil {
		if heldOpen(err) && exists(f.path) {
			return Codes.New(FileHeld, f.path)
		}
		return fmt.Errorf("put %s in place: %w", f.path, err)
	}
	return nil
}

// Abort removes the temporary. After Commit or Abort it does nothing, so that
// it can be deferred.
func (f *File) Abort() {
	if f.f == nil {
		return
	}
	discard(f.f)
	f.f = nil
}

// WriteFile writes data to path, whole or not at all.
func WriteFile(path string, data []byte) error {
	f, err := Create(path)
	if err != nil {
		return err
	}
	defer f.Abort()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Commit()
}

// Content is a file and what it will hold.
type Content struct {
	Path string
	Data []byte
}

// WriteFiles writes files, each whole or not at all, and returns once all are on
// the disk: they wait for it together. After an error some may be in place.
func WriteFiles(list []Content) error {
	defer Group()()
	var files []*File
	defer func() {
		for _, f := range files {
			f.Abort()
		}
	}()
	var written []*os.File
	for _, c := range list {
		f, err := Create(c.Path)
		if err != nil {
			return err
		}
		files, written = append(files, f), append(written, f.f)
		if _, err := f.Write(c.Data); err != nil {
			return err
		}
	}
	if err := settle(written); err != nil {
		return fmt.Errorf("sync %d files: %w", len(files), err)
	}
	var folders []string
	for _, f := range files {
		if err := f.place(); err != nil {
			return err
		}
		err := f.f.Close()
		f.f = nil
		if err != nil {
			return fmt.Errorf("close %s: %w", f.path, err)
		}
		folders = append(folders, filepath.Dir(f.path))
	}
	slices.Sort(folders)
	return settle(nil, slices.Compact(folders)...)
}

func (f *File) failed(doing string, err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s %s: %w", doing, f.path, err)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
	return err
}

// discard removes before it closes, for the reason given at place. What
// cannot be removed stays for a later Clean.
func discard(f *os.File) {
	Remove(f.Name())
	f.Close()
}

// temporary reports whether a file of this name is one of ours.
func temporary(name string) bool {
	return strings.HasPrefix(name, prefix) && strings.HasSuffix(name, suffix)
}
