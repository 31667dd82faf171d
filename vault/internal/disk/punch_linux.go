package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

// Punch gives the blocks of zeros in a file back to the disk, where it can.
func Punch(f *os.File, offset, size int64) {
	if size > 0 {
		_ = unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, offset, size)
	}
}
