// Package sync brings agents and absences from an HR source into the payroll
// side: one call a wish, so that the command line, the console and the workers
// do the same work. It prints nothing; clock and randomness are given to it.
//
// Glossary:
//
//	Job      an open synchronisation: settings, memory, source
//	staging  the pages that were read, on the disk, until the run that read them ends
//	Report   how a run ended
//	Lot      absences that were fetched and wait to be imported
//
// A run takes the lock of the employer, reads the source page by page into the
// staging, normalises, matches, compares, lets the guards judge, writes in one
// transaction, and tells. A run that was killed is resumed from its staging.
// Nothing is ever written to the source.
package sync
