package vault

import (
	"errors"
	"fmt"
	"os"
)

// disk is the door through which the store writes and syncs. The zero disk is
// the operating system's; a test sets fault, which is asked before each
// operation and may refuse it after short bytes were written.
type disk struct {
	fault func(op, path string, size int) (short int, err error)
}

func (d *disk) check(op, path string) error {
	if d == nil || d.fault == nil {
		return nil
	}
	_, err := d.fault(op, path, 0)
	return err
}

func (d *disk) write(f *os.File, b []byte, offset int64) error {
	if d != nil && d.fault != nil {
		if short, err := d.fault("write", f.Name(), len(b)); err != nil {
			f.WriteAt(b[:min(short, len(b))], offset)
			return err
		}
	}
	_, err := f.WriteAt(b, offset)
	return err
}

func (d *disk) sync(f *os.File) error {
	err := d.check("sync", f.Name())
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errSync, err)
	}
	return nil
}

// errSync is an fsync that failed: what is on the disk is not known any more,
// and trying again would say yes without having written.
var errSync = errors.New("sync failed")
