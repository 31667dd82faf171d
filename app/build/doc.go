// Package build is the main job: from a journal or a run and its justificatifs
// to a folder of volumes that were written, read back and verified, with the
// manifest that lists them.
//
// It wires the public packages together, so that the command line, the server
// and the workers do the same work in the same order:
//
//	Prepare   open the input, measure the pieces, read the journal, plan
//	Write     write the volumes under temporary names, read them back, compare
//	          with the source, and only then give them their names
//	Online   both in one pass over a run, which may come from a pipe
//
// # Glossary
//
//	Go name      domain            gloss
//	Request      -                 what is asked: input, limit, format, header of the flux
//	Job        dépôt             a prepared job: the book, its pieces, the plan
//	Index        justificatifs.csv which piece justifies which bulletin
//	Manifeste    manifest.json     what was made, for the next program
//	Progress   -                 counters that an interface may read at any time
//
// It prints nothing, sends nothing, and does not know the ledger.
package build
