// Package check judges a journal des payes: by the schema, with the verdict of
// libxml2, and by the rules of the trade.
//
// [Journal] reads a journal once, on all cores, and goes on after a fault. A
// walker judges a window of bytes: dash passes the tags that stand as the
// schema and the usual writing have them, comparing words; whatever is not so
// goes to stride, which takes one token of any shape. The tests hold both
// against a plain checker (twin_test.go) and against libxml2 itself.
//
// # Glossary
//
//	Go name       wire name           gloss
//	Bilan         -                   the verdict on a journal, with counts by code
//	BulletinVu    PayeIndivMensuel    what is told of a bulletin to who compares journals
//	Reference     PJRef               a PJRef with its place, for whoever looks for the file
//	PartieDeLot   -                   the role of a file in a set of volumes
//	Signe         -                   how a journal writes what is withheld
//
// # Sources
//
// The XSD "Paye" 1.4 and 1.2b, as libxml2 2.9.14 applies them; the note of the
// DGFiP, bureau CL2C, of 30 November 2018, for the files of a set. The rules
// that the anomalies mark [S] were seen in files and programs, those marked [I]
// are inferred.
//
// # What it does not do
//
// It opens no attachment and no archive, and repairs nothing.
package check
