// Package keep looks after a vault that stands in a folder of this machine: where
// its documents are when they are in a bucket, whether the lock of that bucket
// was proved, what is done once a day, and what its health is.
//
// Glossary:
//
//	Place     the note, beside the vault, that says which bucket has its documents
//	Proof     the note that keeps when a canary last proved the lock of the bucket
//	Rounds    what is done once a day
//
// No secret is kept: whoever opens the bucket gives the credentials.
package keep
