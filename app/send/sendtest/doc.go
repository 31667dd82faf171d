// Package sendtest gives tests what a platform is on the wire: a server with
// the interface of S2LOW over TLS with client certificates, which misbehaves as
// the real one does, a real OpenSSH server, and acknowledgments.
package sendtest
