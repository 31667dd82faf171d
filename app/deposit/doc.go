// Package deposit hands the slips of a payroll to a vault: it reads a journal,
// renders each bulletin as a PDF, adds the annexes, and deposits them in one
// session that goes on where it stopped when it is asked again. It prints
// nothing; the command, the console and the workers call it alike.
//
// Glossary:
//
//	Request   what is asked: a journal, annexes, an archive, a rectificatif
//	Watch     how it is watched
//	Job       a journal that was read to its end, ready to be deposited
//	Annexe    a PDF that goes with the slip of an agent
//	Result    what became of the slips
//
// The vault may be of this machine or of another. What it refuses, and why, is
// its own affair (package vault).
package deposit
