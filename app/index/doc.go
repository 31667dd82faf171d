// Package index proposes which justificatif justifies which agent, for a person
// to correct: the lines of a justificatifs.csv, made of a folder of files and of
// the journal that they go with.
//
// A file is placed by what its own bytes and name say: a PJRef of the journal
// that names it, the same content as another file, a matricule of the journal in its
// name or in the text of its PDF, the name of an agent in its name. Each line
// says how sure that is, and why; a file that nothing places is told.
//
// # Glossary
//
//	Line        a file and an agent
//	Confidence  sure, probable, or to be checked
//	Stray       a file that is not placed
//
// # What it does not do
//
// It reads no scans: a picture has no text. It writes nothing; [WriteCSV] and
// [WriteXLSX] write a proposal where they are told to.
package index
