//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package durable

import "os"

const noFollow = 0

// movesOpen says that a folder may get another name while files in it are open.
const movesOpen = false

func lockFile(*os.File, Mode) (bool, error) { return false, errNoLocks }

func present(*os.File) (bool, error) { return true, nil }

// syncFolder does nothing where folders cannot be opened and synced.
func syncFolder(string) error { return nil }
