package durable

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// canShare reports whether syncfs tells errors of writing back, which it does
// from Linux 5.8 on.
func canShare() bool {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return false
	}
	parts := strings.FieldsFunc(unix.ByteSliceToString(u.Release[:]), func(r rune) bool { return r < '0' || r > '9' })
	if len(parts) < 2 {
		return false
	}
	major, err1 := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(parts[1])
	return err1 == nil && err2 == nil && (major > 5 || major == 5 && minor >= 8)
}

// device is the file system of f. Those of a network promise nothing of the
// kind: they are left to the sync of each file.
func device(f *os.File) (uint64, bool) {
	var st unix.Stat_t
	if unix.Fstat(int(f.Fd()), &st) != nil {
		return 0, false
	}
	return st.Dev, true
}

// deviceAt is the file system of what stands at path.
func deviceAt(path string) (uint64, bool) {
	var st unix.Stat_t
	if unix.Stat(path, &st) != nil {
		return 0, false
	}
	return st.Dev, true
}

// localDisks are the file systems known to keep what syncfs promises.
var localDisks = []int64{unix.EXT4_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.TMPFS_MAGIC}

// keeperOf opens the folder of f for as long as the group lasts.
func keeperOf(f *os.File) (*os.File, error) {
	var st unix.Statfs_t
	if err := unix.Fstatfs(int(f.Fd()), &st); err != nil {
		return nil, err
	}
	for _, magic := range localDisks {
		if int64(st.Type) == magic {
			return os.Open(filepath.Dir(f.Name()))
		}
	}
	return nil, unix.ENOTSUP
}

func syncDisk(keeper *os.File) error { return unix.Syncfs(int(keeper.Fd())) }

// beginWriting has the disk take n bytes of f from the offset on, and does not wait.
// What goes wrong with them, the sync tells.
func beginWriting(f *os.File, off, n int64) {
	unix.SyncFileRange(int(f.Fd()), off, n, unix.SYNC_FILE_RANGE_WRITE)
}
