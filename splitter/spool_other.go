//go:build !windows

package splitter

import (
	"errors"
	"os"
)

// openSpool makes a file and takes its name away.
func openSpool(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, "xhl-spool-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
