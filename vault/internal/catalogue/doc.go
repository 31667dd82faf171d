// Package catalogue is the index of the journal: a SQLite file derived from
// records and nothing else, which can be thrown away and made again.
//
// Glossary:
//
//	Schema      the tables; personal fields are in them as HMAC only
//	Applier     writes what the records of a frame mean
//	Erasure     what a record wants gone from the disk
//	Builder     makes a catalogue from a journal, past what is damaged
//	HashReader  the stored hashes of the Merkle tree
//
// It decides no right, and reads no document.
package catalogue
