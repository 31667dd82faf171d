// Package durable writes files that are either whole or absent: under a
// hidden temporary name in their own folder, synced, renamed, their folder
// synced. What [File.Commit] has accepted survives a power cut; what it has
// not leaves nothing under the final name.
//
// Files are made 0600 and folders 0700, since nearly everything here is
// personal data.
//
// Glossary:
//
//	File        a file being written, not yet visible under its name
//	temporary   its hidden name, ".xhl-<random>.tmp", locked while its process lives
//	Commit      make it visible, durably
//	Abort       forget it
//	Clean       remove the temporaries of processes that died
//
// It does not make a group of files appear together: write the file that names
// the others (a manifest) last.
package durable
