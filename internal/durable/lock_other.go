//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package durable

import "os"

// own always succeeds: without locks nobody cleans.
func own(*os.File) (bool, error) { return true, nil }

// removeStale leaves everything: without locks a living temporary cannot be
// told from a dead one.
func removeStale(string) (bool, error) { return false, nil }

// syncFolder does nothing where folders cannot be opened and synced.
func syncFolder(string) error { return nil }
