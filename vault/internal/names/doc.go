// Package names holds the two names that everything below the vault shares.
//
// Glossary:
//
//	ID        128 random bits that name a document, an agent or a session
//	BlobName  the SHA-256 of a ciphertext
//
// It knows nothing of what is named.
package names
