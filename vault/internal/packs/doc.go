// Package packs keeps ciphertext: the contract of a store of blobs, the form of
// a blob, and the embedded store, a folder of packs.
//
// Glossary:
//
//	Store   where blobs are kept by name: a Folder, or a bucket (package s3store)
//	blob    the ciphertext of one document, with its head
//	Folder  blobs/ of a vault: files to which blobs are appended
//	Lieu    where a blob is in a Folder; the journal keeps it
//	void    the place of a blob that was deleted: its mark, then zeros
//
// It knows no key but the one it is given for a blob, and no document.
package packs
