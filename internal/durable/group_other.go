//go:build !linux

package durable

import (
	"errors"
	"os"
)

// canShare is false where no system call puts a whole disk on the disk and
// tells its errors.
func canShare() bool { return false }

func device(*os.File) (uint64, bool) { return 0, false }

func deviceAt(string) (uint64, bool) { return 0, false }

func keeperOf(*os.File) (*os.File, error) { return nil, errors.ErrUnsupported }

func syncDisk(*os.File) error { return errors.ErrUnsupported }

func beginWriting(*os.File, int64, int64) {}
