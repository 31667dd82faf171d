// Package disk is the door through which the vault writes, syncs and locks, so
// that a test can make any of it fail.
//
// Glossary:
//
//	Disk        the operating system's writes and syncs, or a test's
//	ErrSync     an fsync that failed: the vault stops, nobody tries again
//	FolderLock  shared by who uses a vault, exclusive for who rebuilds it
//	Punch       gives blocks of zeros back to the disk, where it can
//
// It opens no file for its callers and knows no format.
package disk
