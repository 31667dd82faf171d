package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// openFile opens so that the file can be renamed and removed while it is open,
// which os.OpenFile does not: files opened through a Root share their deletion.
// The Root is closed at once, since an open one keeps its folder from being
// renamed.
func openFile(path string, flag int, perm os.FileMode) (*os.File, error) {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.OpenFile(filepath.Base(path), flag, perm)
	var failed *fs.PathError
	if errors.As(err, &failed) {
		failed.Path = path
	}
	return f, err
}

// heldOpen reports whether a rename failed because another program has the
// file open: it is refused as a file without rights is, or as one that is in
// use.
func heldOpen(err error) bool {
	return errors.Is(err, windows.ERROR_ACCESS_DENIED) || errors.Is(err, windows.ERROR_SHARING_VIOLATION)
}
