// Package etats derives, from the bulletins of a journal, what the accountant
// must be able to rebuild (état liquidatif, décompte of hours), and, from those
// of two months, the variations of the pay with the piece that each one needs.
// It is pure: bulletins go in, rows come out; it opens, prints and formats
// nothing.
//
// A [Lexique] numbers the codes and texts that two months share; a [Releve]
// turns bulletins into the compact form that a [Mois] keeps, some kilobytes an
// agent less than the journal has. [Compare] pairs the agents of two months and
// gives one [Variation] a cause.
//
// # Glossary
//
//	Go name       gloss
//	Mois          the compact index of the bulletins of a month
//	Fiche         what is kept of a bulletin, its lines apart
//	Lot           the fiches and lines of a run of bulletins
//	Ligne         a line of a bulletin, in 16 bytes
//	Releve        what turns bulletins into a Lot, one a goroutine
//	Rubrique      a pay item: its code and its nature, since one code may have several
//	Classe        what a rubrique pays: traitement, IFSE, heures… ; a proposal, that the user corrects
//	Variation     one cause of change of one agent, with the piece it needs
//	Generale      one cause that moved many agents alike: the index point, a rate
//	Couverture    whether the piece is there
//	Piece, Regle  a document of the month; a row of the table of expected pieces
//	Paire         a contract of an agent in both months
//
// # Sources
//
// The pieces are those of annexe I of the CGCT, rubriques 21 and 22, as the
// table pieces.csv marks them: [O07] text of 4 May 2007, [O+] a later codified
// text, [S] seen in files and case law, [I] a choice of this product, [U]
// unknown. Only the first two are shown as law.
//
// # What it does not do
//
// It does not say that a pay is irregular: what it infers is worded "à
// vérifier". It reads no document, and takes the declared net as it is: the
// meaning of MtNet differs between editors.
package etats
