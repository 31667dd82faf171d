// Package journal is the truth of the vault on the disk: records in frames in
// segments, each frame closed by a signed checkpoint of the Merkle tree.
//
// Glossary:
//
//	Record    a header, which is the leaf, and slots, which may be erased
//	Slot      an encrypted part of a record, with the hash it was written with
//	Frame     what one commit wrote, whole or not at all
//	Segments  the folder of the journal
//	Draft     an event that has no index yet
//	Genre     the kind of an event; the numbers are on the disk for ever
//	Point     a checkpoint: so many leaves had this root at this time
//
// Sources: RFC 6962 (leaves and tree), golang.org/x/mod/sumdb/note (signature).
// It does not index what it holds, and gives events no meaning.
package journal
