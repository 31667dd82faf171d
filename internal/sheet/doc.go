// Package sheet stands between the tables that people keep in spreadsheets and
// the readers and writers of this product: the CSV run, justificatifs.csv, the
// hires. What a spreadsheet does to a value that it takes for a number, a date
// or a formula is known here and nowhere else.
//
//	[CSV], [Reader]         a table as CSV, whether it is one or a workbook .xlsx
//	[Workbook]              the sheets of an .xlsx as CSV files; [Write] makes one
//	[Kind.Read]             a cell as the value that was meant, or what happened to it
//	[Column]                what only a whole column shows: lost zeros, lost commas, lost letters
//	[Protect], [Unprotect]  a text that a spreadsheet keeps, and runs not, and the way back
//
// # Glossary
//
//	Kind    what the values of a column are: a code, a decimal, a date…
//	Cause   what a spreadsheet did to a cell, in words
//	Column  one column while it is read
//
// # Sources
//
// Seen in LibreOffice 7.4, Gnumeric 1.12 and Excel; docs/tableur.md says which
// program does what.
//
// # What it does not do
//
// It repairs nothing that it would have to guess: a lost zero is told, not put
// back. It opens .xlsx only; of other workbooks it says what they are.
package sheet
