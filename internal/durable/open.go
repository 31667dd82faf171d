package durable

import (
	"io"
	"os"
)

// Open opens a file to read it. Meanwhile another process may replace or remove
// it, on Windows too.
func Open(path string) (*os.File, error) { return openFile(path, os.O_RDONLY, 0) }

// OpenFile is [os.OpenFile], with what [Open] says.
func OpenFile(path string, flag int, perm os.FileMode) (*os.File, error) {
	return openFile(path, flag, perm)
}

// ReadFile is [os.ReadFile], with what [Open] says.
func ReadFile(path string) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}
