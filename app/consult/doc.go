// Package consult looks into a payroll: it finds the journals in what was
// dropped (a journal, fluxes, archives, a set of volumes), reads them once, keeps
// in memory what a search needs, and opens one bulletin at a time from the file.
//
// Glossary:
//
//	Book    a payroll that is open: its index, and the way to its bulletins
//	Piece   a justificatif that is there, wherever it came from
//	Ref     a justificatif as the bulletins name it
//	Entry   one bulletin in the index
//	Query   what is searched: words, établissement, service, grade, code
//	fold    a text without accents, ligatures and capitals, as words are compared
//
// The index is some 60 bytes and a folded name a bulletin; a search walks it,
// 60,603 bulletins in about a millisecond. It is never written: nothing personal
// is on the disk but the file that was given, and a raw copy beside it when that
// file is compressed, which Close takes away.
//
// It judges nothing: app/check does. It prints nothing.
package consult
