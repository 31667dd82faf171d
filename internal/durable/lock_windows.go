package durable

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

const noFollow = 0 // files opened through a Root follow no link

// movesOpen says that a folder may get another name while files in it are open.
const movesOpen = false

// beyond is where the byte that stands for the lock is, far behind any
// content: here a lock keeps others from reading and writing what it covers.
const beyond = 0x7fffffff

// lockFile takes the lock of f without waiting; false with no error when
// another process, or another open file of this one, has it.
func lockFile(f *os.File, mode Mode) (bool, error) {
	flags := uint32(windows.LOCKFILE_FAIL_IMMEDIATELY)
	if mode == Exclusive {
		flags |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{OffsetHigh: beyond})
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, windows.ERROR_LOCK_VIOLATION), errors.Is(err, windows.ERROR_IO_PENDING):
		return false, nil
	case errors.Is(err, windows.ERROR_NOT_SUPPORTED), errors.Is(err, windows.ERROR_INVALID_FUNCTION):
		return false, errNoLocks
	}
	return false, fmt.Errorf("LockFileEx: %w", err)
}

// present reports whether the open file still has a name.
func present(f *os.File) (bool, error) {
	var info windows.ByHandleFileInformation
	if err := windows.GetFileInformationByHandle(windows.Handle(f.Fd()), &info); err != nil {
		return false, err
	}
	return info.NumberOfLinks > 0, nil
}

// syncFolder does nothing: folders cannot be synced here, and NTFS journals
// the names itself.
func syncFolder(string) error { return nil }
