// Package book reads the journal by its catalogue: records, fiches, agents,
// documents, and the keys that open them.
//
// Glossary:
//
//	Book         a journal, its catalogue and its keys
//	Filed        a document with its record
//	Agent        whom documents are wrapped for
//	wrap         a key sealed to a public key of the vault; the newest intact counts
//	Openers      the private keys that open the wraps of a name
//	Envelopes    the keys of the envelopes that were opened last
//
// It writes nothing and asks nobody's rights: that is for the store above.
package book
