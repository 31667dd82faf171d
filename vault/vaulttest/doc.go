// Package vaulttest is the contract of vault.Store as tests: what a store of
// any kind must do, run over the embedded one, one on S3, and one over the
// network.
//
// Glossary:
//
//	Banc   the bench: a vault, and how each user reaches it
//	Poste  a user's place: the verbs of a store, with the sessions of deposit
//	anne   deposits, follows, reads and destroys; bob validates; eve may nothing
//
// The rules are those of the documentation of vault.Store; the eight verbs are
// those of NF Z42-020, which was not read. It does not try damage, kills or bad
// networks: each store does that itself.
package vaulttest
