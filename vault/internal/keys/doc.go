// Package keys is what the vault encrypts with: the two ways to seal, the files
// that hold keys, and the keys of an open vault.
//
// Glossary:
//
//	Seal, Unseal          XChaCha20-Poly1305 under a key that the process holds
//	SealTo, UnsealWith    HPKE to a public key, X25519 with ML-KEM-768
//	Descriptor            coffre.json: which keys are the right ones; public
//	Ring                  the keys of an open vault; private ones are read when needed
//	Tag                   HMAC of a value that is looked up and not read
//	Fingerprint           8 bytes of a hash, in the name of a key's file
//
// Sources: RFC 9180 (HPKE), RFC 5869 (HKDF), the age format for files with a
// passphrase. It does not know what is sealed, and keeps no journal.
package keys
