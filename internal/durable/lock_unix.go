//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// errNoLocks is met on network file systems: there files are written as
// elsewhere, and never cleaned, since a dead one cannot be told from a living one.
var errNoLocks = errors.New("the file system has no locks")

// own locks a temporary for as long as it stays open and reports whether it is
// still there: false when a Clean took it first.
func own(f *os.File) (bool, error) {
	if locked, err := lock(f); errors.Is(err, errNoLocks) {
		return true, nil
	} else if !locked {
		return false, err
	}
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	return info.Sys().(*syscall.Stat_t).Nlink > 0, nil
}

// removeStale removes a temporary that nobody has locked. The lock is held
// until the name is gone, so that own cannot succeed on it.
func removeStale(path string) (bool, error) {
	f, err := os.OpenFile(path, os.O_RDWR|syscall.O_NOFOLLOW, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	if locked, err := lock(f); errors.Is(err, errNoLocks) || !locked && err == nil {
		return false, nil
	} else if err != nil {
		return false, err
	}
	// The owner may have committed between ReadDir and here: the name is then
	// gone, and the file under its final name is not ours to touch.
	if err := os.Remove(path); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	return true, nil
}

// lock takes the lock of f without waiting; false with no error when another
// process, or another File of this one, has it.
func lock(f *os.File) (bool, error) {
	for {
		switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		case errors.Is(err, syscall.ENOTSUP), errors.Is(err, syscall.ENOSYS), errors.Is(err, syscall.ENOLCK):
			return false, errNoLocks
		default:
			return false, fmt.Errorf("flock: %w", err)
		}
	}
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder %s: %w", dir, err)
	}
	defer d.Close()
	// Some network file systems refuse to sync a folder; they keep renames in
	// order themselves.
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return fmt.Errorf("sync folder %s: %w", dir, err)
	}
	return nil
}
