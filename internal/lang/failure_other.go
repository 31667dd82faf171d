//go:build !windows

package lang

import "syscall"

// The numbers of Windows mean something else here.
var nativeFull, nativeShared []syscall.Errno

func native(...syscall.Errno) func(error) bool { return func(error) bool { return false } }
