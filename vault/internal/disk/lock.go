package disk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"paye/vault/internal/faults"
)

// The folder is locked while a vault is open: shared by those who use it,
// exclusive for recover, which replaces the catalogue under everybody's feet.
type lockMode uint8

const (
	LockShared lockMode = iota
	LockExclusive
)

// LockName is the file of the lock, below the folder of the vault.
const LockName = "verrou"

// ErrLocked is a lock that another process holds.
var ErrLocked = errors.New("locked by another process")

// FolderLock is held until Release.
type FolderLock struct{ f *os.File }

// LockFolder takes the lock of a vault, or answers COF-106 at once.
func LockFolder(root string, mode lockMode) (*FolderLock, error) {
	f, err := os.OpenFile(filepath.Join(root, LockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the vault: %w", err)
	}
	if err := LockFile(f, mode); err != nil {
		f.Close()
		if errors.Is(err, ErrLocked) {
			return nil, faults.Codes.New("COF-106")
		}
		return nil, fmt.Errorf("lock the vault: %w", err)
	}
	return &FolderLock{f}, nil
}

// Release lets go of the folder.
func (l *FolderLock) Release() error { return l.f.Close() }
