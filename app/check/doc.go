// Package check judges files and sets of files as the command "check" does:
// it tells each by its content, opens what is inside in the same pass, and
// holds the files of a set against one another and against their manifest.
//
// It wires the judges of the public packages together, xhl/check.Journal, pespj.Check,
// pespj.ReadAcquit and compress.ZipStream, and adds the rules that none of them
// can know alone. It prints nothing: a [Rapport] is data, and WriteHTML makes
// one page of it that a payroll office can mail.
//
// # Glossary
//
//	Go name   wire name    gloss
//	Fichier   -            one file and the verdict on it
//	Genre     -            what a file is: journal, flux, acquittal, archive
//	Journal   DocumentPaye a journal, bare or inside a flux or an archive
//	Lot       lot          the files made from one journal: a set
//	Constats  -            the anomalies of a file by code, counted, with examples
//	Piece     PJ           a justificatif inside a file, or beside a bare journal
//
// # Sources
//
// The DGFiP note of 30 November 2018 (bureau CL2C): schema conformity is that
// of the set, RepartitionParNature stands in its first file only. XSD Paye 1.4
// and 1.2b, XSD PES 5.30 through the packages above. The layout of an archive
// de paye, the journal at the root and the pieces below PJ/<SIRET>, is that of
// the official example of a sibling document type; for payroll it is inferred.
//
// # What it does not do
//
// It repairs nothing, knows no register of what was sent, and never writes
// beside what it reads. Memory does not grow with the files, but for some
// thirty bytes a bulletin of a set and the distinct pieces, all bounded.
package check
