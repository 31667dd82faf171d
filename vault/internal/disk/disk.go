package disk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"paye/internal/durable"
)

// Disk is the door through which the store writes and syncs. The zero disk is
// the operating system's; a test sets fault, which is asked before each
// operation and may refuse it after short bytes were written.
type Disk struct {
	Fault func(op, path string, size int) (short int, err error)
}

// Check asks whether an operation fails before it is done.
func (d *Disk) Check(op, path string) error {
	if d == nil || d.Fault == nil {
		return nil
	}
	_, err := d.Fault(op, path, 0)
	return err
}

// Write writes b at offset.
func (d *Disk) Write(f *os.File, b []byte, offset int64) error {
	if d != nil && d.Fault != nil {
		if short, err := d.Fault("write", f.Name(), len(b)); err != nil {
			f.WriteAt(b[:min(short, len(b))], offset)
			return err
		}
	}
	_, err := durable.WriteAt(f, b, offset)
	return err
}

// Sync makes what was written durable; its error is an [ErrSync].
func (d *Disk) Sync(f *os.File) error {
	err := d.Check("sync", f.Name())
	if err == nil {
		err = durable.SyncFile(f)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSync, err)
	}
	return nil
}

// ErrSync is an fsync that failed: what is on the disk is not known any more,
// and trying again would say yes without having written.
var ErrSync = errors.New("sync failed")

// SyncPath syncs a file or a folder.
func SyncPath(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return durable.SyncFolder(path)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0) // Windows syncs what may be written
	if err != nil {
		return fmt.Errorf("sync %s: %w", filepath.Base(path), err)
	}
	defer f.Close()
	if err := durable.SyncFile(f); err != nil {
		return fmt.Errorf("sync %s: %w", filepath.Base(path), err)
	}
	return nil
}

// AllZero reports whether nothing but zeros is left.
func AllZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
