//go:build !windows

package durable

import "os"

// openFile is os.OpenFile: here an open file can be renamed and removed.
func openFile(path string, flag int, perm os.FileMode) (*os.File, error) {
	return os.OpenFile(path, flag, perm)
}

// heldOpen reports whether a rename failed because another program has the
// file open, which nothing does here.
func heldOpen(error) bool { return false }
