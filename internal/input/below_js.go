package input

import (
	"errors"
	"io/fs"
	"os"
	"path"
)

// The files of a browser have no links, and a valid path does not lead out of its
// folder: nothing is left for a Root to look at, which it does name by name, and
// for hundreds of pieces. What is wrong is told as a Root tells it.

func (b below) open(name string) (*os.File, error) {
	f, err := os.Open(path.Join(b.root.Name(), name))
	return f, b.told("openat", name, err)
}

func (b below) Stat(name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	info, err := os.Stat(path.Join(b.root.Name(), name))
	return info, b.told("statat", name, err)
}

func (below) told(op, name string, err error) error {
	var fault *fs.PathError
	if errors.As(err, &fault) {
		return &fs.PathError{Op: op, Path: name, Err: fault.Err}
	}
	return err
}
