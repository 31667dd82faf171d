package lang

import (
	"errors"
	"syscall"
)

// Codes of Windows that have no name of their own elsewhere: the disk or the
// handle of a disk that is full; a file that is shared or locked.
var (
	nativeFull   = []syscall.Errno{112, 39}
	nativeShared = []syscall.Errno{32, 33}
)

func native(codes ...syscall.Errno) func(error) bool {
	return func(err error) bool {
		for _, c := range codes {
			if errors.Is(err, c) {
				return true
			}
		}
		return false
	}
}
