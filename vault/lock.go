package vault

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// The folder is locked while a vault is open: shared by those who use it,
// exclusive for recover, which replaces the catalogue under everybody's feet.
type lockMode uint8

const (
	lockShared lockMode = iota
	lockExclusive
)

const lockName = "verrou"

var errLocked = errors.New("locked by another process")

type folderLock struct{ f *os.File }

func lockFolder(root string, mode lockMode) (*folderLock, error) {
	f, err := os.OpenFile(filepath.Join(root, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the vault: %w", err)
	}
	if err := lockFile(f, mode); err != nil {
		f.Close()
		if errors.Is(err, errLocked) {
			return nil, Codes.New("COF-106")
		}
		return nil, fmt.Errorf("lock the vault: %w", err)
	}
	return &folderLock{f}, nil
}

func (l *folderLock) release() error { return l.f.Close() }
