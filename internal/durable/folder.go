package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// MkdirAll makes the folder path and the missing folders above it, 0700, and
// syncs every folder that got a new name. Folders that exist keep their mode.
func MkdirAll(path string) error {
	grown, err := mkdirAll(path)
	if err != nil {
		return err
	}
	return settle(nil, grown...)
}

// mkdirAll returns the folders in which a name has appeared.
func mkdirAll(path string) (grown []string, err error) {
	for dir := filepath.Clean(path); ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			break
		}
		grown = append(grown, filepath.Dir(dir))
	}
	if len(grown) > 0 {
		if err := step(OpMkdir, path); err != nil {
			return nil, fmt.Errorf("make folder %s: %w", path, err)
		}
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("make folder %s: %w", path, err)
	}
	return grown, nil
}

// Clean removes from dir the temporaries left by processes that were killed,
// and returns how many there were. Those of a living process, this one
// included, are locked and stay. Folders below dir are not visited.
func Clean(dir string) (removed int, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, fmt.Errorf("clean %s: %w", dir, err)
	}
	var faults []error
	for _, e := range entries {
		if !temporary(e.Name()) || !e.Type().IsRegular() {
			continue
		}
		gone, err := removeStale(filepath.Join(dir, e.Name()))
		if gone {
			removed++
		}
		faults = append(faults, err)
	}
	if err := errors.Join(faults...); err != nil {
		return removed, fmt.Errorf("clean %s: %w", dir, err)
	}
	return removed, nil
}
