// Package token keeps the tokens with which programs speak in the name of an
// account: what each may do, until when, and when it was last used. A token is
// shown once; its digest alone is kept.
//
// Glossary:
//
//	Token  a word xhl_…, of an account
//	Scope  what it may do: check, prepare, flux
//
// It grants nothing that the account may not do, and knows no account: who asks
// looks the account up.
package token
