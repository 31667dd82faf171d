// Package courrier takes a file of declarations to its recipient by mail:
// signed and encrypted, in a message whose outside says nothing of what it
// holds, put in an outbox or handed to a server.
//
// Glossary:
//
//	Message    the parts of one mail: who, subject, note, the file
//	Scelle     the entity of a message once signed and encrypted
//	Scelleur   what signs and encrypts: OpenPGP, S/MIME, or an external program
//	Boite      the outbox, a folder of .eml files
//	Chemins    the three paths that the user confirms: keys, working folder, program
//
// Sources: RFC 3156 (OpenPGP/MIME), RFC 8551 (S/MIME), RFC 2047 (headers),
// RFC 5321 (SMTP). The S/MIME profile is the one that OpenSSL 3 reads:
// AES-256-CBC and RSA with PKCS #1 v1.5.
//
// It knows nothing of what the file declares and has no address of its own.
package courrier
