// Package input opens what a command reads, without ever waiting where nothing
// can end the wait, and holds a file against itself once it was read.
//
// Glossary:
//
//	File    a regular file that is read from its beginning to its end
//	Held    whether it is still what it was when it was opened and read
//	stream  a file, or a pipe or device that gives bytes until it ends
//
// A regular file never waits. Anything else does, for a writer or for bytes:
// Open refuses it, Stream gives the wait up when its context ends.
//
// Whoever overwrites a file while it is read makes what was read a mixture that
// nobody wrote. Size and time tell that of nearly all writers; a digest of what
// was read, compared with the file at the end, tells it of those who set the
// time back and of file systems that keep none.
//
// What is read through ReadAt is not in the digest: it is for containers, which
// bring checksums of their own.
package input
