// Package intake tells what a person dropped: which of many files is the
// journal or the run, which are justificatifs, which is their index. A zip of
// justificatifs is opened; one that is a journal's archive is left as it is.
//
// Glossary:
//
//	Drop    a folder with what was dropped, as it came
//	Entree  the journal or the run, as app/build takes it
//	PJ      the folder of the justificatifs
//	Index   justificatifs.csv, or a workbook of that name
//
// It judges no content beyond what a name and the first bytes say, and prints
// nothing.
package intake
