package disk

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"paye/internal/durable"
	"paye/vault/internal/faults"
)

// LockName is the file of the lock, below the folder of the vault.
const LockName = "verrou"

// Names that scratch folders below that of the vault begin with.
const (
	FsckFolder   = ".fsck-"
	ExportFolder = ".export-"
)

// FolderLock is held until Release.
type FolderLock struct {
	path string
	l    *durable.Lock
}

// LockFolder takes the lock of a vault, or answers COF-106: shared by those who
// use it, exclusive for recover, which replaces the catalogue under everybody's
// feet. Who wants to share it waits a moment for one that is held to see
// whether somebody is there.
func LockFolder(root string, mode durable.Mode) (*FolderLock, error) {
	l := &FolderLock{path: filepath.Join(root, LockName)}
	err := l.take(mode)
	if errors.Is(err, durable.ErrLocked) {
		return nil, faults.Codes.New("COF-106")
	}
	if err != nil {
		return nil, fmt.Errorf("lock the vault: %w", err)
	}
	return l, nil
}

const (
	lockTries = 20
	lockPause = 10 * time.Millisecond
)

func (l *FolderLock) take(mode durable.Mode) (err error) {
	l.l, err = durable.LockFile(l.path, mode)
	for range lockTries {
		if mode != durable.Shared || !errors.Is(err, durable.ErrLocked) {
			break
		}
		time.Sleep(lockPause)
		l.l, err = durable.LockFile(l.path, mode)
	}
	return err
}

// Alone reports whether nobody else holds a lock that is shared. It lets go of
// it for a moment.
func (l *FolderLock) Alone() (bool, error) {
	if err := l.l.Close(); err != nil {
		return false, fmt.Errorf("lock the vault: %w", err)
	}
	alone := l.take(durable.Exclusive) == nil
	if alone {
		if err := l.l.Close(); err != nil {
			return false, fmt.Errorf("lock the vault: %w", err)
		}
	}
	if err := l.take(durable.Shared); err != nil {
		return false, fmt.Errorf("lock the vault: %w", err)
	}
	return alone, nil
}

// Release lets go of the folder.
func (l *FolderLock) Release() error { return l.l.Close() }
