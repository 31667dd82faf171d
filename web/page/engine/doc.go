// Package engine is what the page asks for, without the browser: check, plan
// and build over the files below the working folder, by the packages that the
// command asks. Wishes and answers are JSON; what the command prints as JSON
// lines is in the answer as it prints it.
//
// Glossary:
//
//	Ask       one wish: what to do, with which files, in which language
//	Answer    the lines of the command, and a View of them for people
//	Settings  how a payroll becomes volumes, as they were typed
//	Drop      the folder of what was dropped
//
// It reads no network and no clock of its own, and prints nothing.
package engine
