package disk

import (
	"errors"
	"fmt"
	"path/filepath"

	"paye/internal/durable"
	"paye/vault/internal/faults"
)

// LockName is the file of the lock, below the folder of the vault.
const LockName = "verrou"

// FolderLock is held until Release.
type FolderLock struct{ l *durable.Lock }

// LockFolder takes the lock of a vault, or answers COF-106 at once: shared by
// those who use it, exclusive for recover, which replaces the catalogue under
// everybody's feet.
func LockFolder(root string, mode durable.Mode) (*FolderLock, error) {
	l, err := durable.LockFile(filepath.Join(root, LockName), mode)
	if errors.Is(err, durable.ErrLocked) {
		return nil, faults.Codes.New("COF-106")
	}
	if err != nil {
		return nil, fmt.Errorf("lock the vault: %w", err)
	}
	return &FolderLock{l}, nil
}

// Release lets go of the folder.
func (l *FolderLock) Release() error { return l.l.Close() }
