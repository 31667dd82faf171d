//go:build !windows

package durable

import "os"

// openFile is os.OpenFile: here an open file can be renamed and removed.
func openFile(path string, flag int, perm os.FileMode) (*os.File, error) {
	return os.OpenFile(path, flag, perm)
}
