// Package payslip renders bulletins de paie as PDF: one document for one agent
// and one month, the same bytes every time, to be handed over on paper or put
// in a vault. It shows what the journal says and computes nothing but the
// totals of the columns that it prints.
//
// # What a document is
//
// What package internal/pdfw writes: PDF 1.7 made to the rules of PDF/A-2u (ISO
// 19005-2) and tagged as PDF/UA-1 (ISO 14289-1) asks. That claim comes from the
// construction and the tests of the two packages; no certified validator has been
// run on it.
//
// # Glossary
//
//	Go name     gloss
//	Renderer    what makes the documents of one employer
//	Lecteur     what reads the text of such documents back
//	layout      the bulletin being laid out, and where the page stands
//	rang        a row of the table: a line of the agent, of the employer, or both
//	point       the unit of lengths, 1/100 of a typographic point
//	mentions    the legal notes at the foot of each page
//
// # Rows
//
// Lines are grouped by their kind, or by the class that the employer's own table
// gives them, the groups in the order of their first line; within a group they
// come in the order of their Ordre, whatever their place in the journal.
// A Cotisation stands beside the Deduction of the same caisse, base and period
// when their codes, or their labels without the words that tell one part from
// the other ("part patronale"), are the same [I]. That moves it on the page and
// changes no figure. An amount is in "À payer", "À déduire" or "Part employeur"
// by its Nature alone: signs are shown as they are written, since they have no
// convention across payroll programs [S]. A unit stands by a base or a rate where
// the figures of the line agree on it, nowhere else.
//
// # What is computed
//
// The totals of the columns; the net before the income tax and what the employer
// pays in all, with an asterisk, where the lines give the net of the journal. The
// lines of the tax and of the montant net social are known by their labels [I].
// docs/bulletin.md has the list, and that of what the schema has no place for.
//
// # What is left out
//
// References to justificatifs and RepartitionBudget, which are for the
// accountant; bank accounts but their last four characters. It does not check
// a bulletin: package xhl/check does. A value that is not what its type says is shown
// as it is written.
package payslip
