// Package remise deposits the slips of a journal into a vault, here or on
// another machine, in one session that can be interrupted and resumed; and it
// gives the follow-up of the sessions, the suivi.
//
// Glossary:
//
//	Request     what is deposited: employer, month, source
//	Watch       how it is watched
//	Archive     the folder where PDFs are kept beside the vault, in clear
//	LigneSuivi  a session as people read it
//	écart       a slip that was not deposited, and why
//
// It renders nothing, asks for no right and keeps no book: documents come from
// the caller, the rest is the vault's.
package remise
