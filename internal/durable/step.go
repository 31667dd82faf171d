package durable

import (
	"os"
	"sync/atomic"
)

// Op is a kind of change of the disk.
type Op string

// What is done to a disk.
const (
	OpMkdir  Op = "mkdir"
	OpCreate Op = "create"
	OpWrite  Op = "write"
	OpSync   Op = "sync" // of a file or of a folder
	OpRename Op = "rename"
	OpRemove Op = "remove"
	OpCommit Op = "commit" // of a transaction of a database
)

// Step is a change of the disk that is about to be made.
type Step struct {
	Op   Op
	Path string // what it is done to; of a rename, the name that it gets
}

// watcher is what Intercept has set: one for the process, since what a power
// cut or a signal meets is the process and not a value in it.
var watcher atomic.Pointer[func(Step) error]

// Intercept lets f see every step of the process before it is made; an error of
// f takes the place of the step. It is the seam through which tests end,
// interrupt or fail a process at each of its steps. The function returned puts
// the former watcher back.
func Intercept(f func(Step) error) (restore func()) {
	former := watcher.Swap(&f)
	return func() { watcher.Store(former) }
}

func step(op Op, path string) error {
	if f := watcher.Load(); f != nil {
		return (*f)(Step{op, path})
	}
	return nil
}

// Commit tells that a transaction of the database at path is about to become
// true, as a step; an error means that it must not.
func Commit(path string) error {
	if err := step(OpCommit, path); err != nil {
		return &os.PathError{Op: "commit", Path: path, Err: err}
	}
	return nil
}

// Rename is os.Rename, as a step. What is at to is replaced where it is a file.
func Rename(from, to string) error {
	if err := step(OpRename, to); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return os.Rename(from, to)
}

// Remove is os.Remove, as a step.
func Remove(path string) error {
	if err := step(OpRemove, path); err != nil {
		return &os.PathError{Op: "remove", Path: path, Err: err}
	}
	return os.Remove(path)
}

// WriteAt is f.WriteAt, as a step.
func WriteAt(f *os.File, p []byte, off int64) (int, error) {
	if err := step(OpWrite, f.Name()); err != nil {
		return 0, &os.PathError{Op: "write", Path: f.Name(), Err: err}
	}
	return f.WriteAt(p, off)
}

// SyncFile puts on the disk what was written to f, as a step.
func SyncFile(f *os.File) error {
	if err := step(OpSync, f.Name()); err != nil {
		return &os.PathError{Op: "sync", Path: f.Name(), Err: err}
	}
	return together(f)
}

// SyncFolder puts on the disk the names that dir holds, as a step. Where
// folders cannot be synced it does nothing.
func SyncFolder(dir string) error {
	if err := step(OpSync, dir); err != nil {
		return &os.PathError{Op: "sync", Path: dir, Err: err}
	}
	return syncFolder(dir)
}

func mkdir(path string) error {
	if err := step(OpMkdir, path); err != nil {
		return &os.PathError{Op: "mkdir", Path: path, Err: err}
	}
	return os.Mkdir(path, 0o700)
}

// together syncs f, with others when there is a group.
func together(f *os.File) error {
	if g := grouping.Load(); g != nil {
		return g.sync(f)
	}
	return f.Sync()
}
