// Package fluxbook is the book of what was produced, deposited at a tiers de
// télétransmission and acknowledged, flux by flux and piece by piece. It keeps
// a flux from leaving twice, an IdUnique from standing for two contents, and an
// answer from being lost.
//
// Glossary:
//
//	Paye        the payroll of a budget, a month and a train: a delivery of volumes
//	Edition     1, then one more for each delivery of a payroll that was sent already
//	Flux        one file, known by (NomFic, CodCol); volumes and resends are flux
//	Piece       a PJ of a flux, known by its IdUnique
//	Identifiant an IdUnique and the content that it stands for, for ever
//	Depot       one attempt to hand a flux to a TDT
//	Acquit      an acknowledgment, kept as it was received
//	Etat        state of a flux:  produit → en_envoi → depose → transmis → acquitte → clos,
//	            with incertain (it may have arrived), refuse and abandonne
//	EtatPiece   state of a piece: produite → envoyee → acceptee, refusee or sans_reponse;
//	            reprise (in a later flux), deja_la, abandonnee
//
// Sources: the keys of the exchange are those of the acquittal (NomFic, CodCol,
// IdUnique; XSD PES 5.30) and of what platforms refuse; the states are a choice
// of this product [I].
//
// It stands on the ledger, reads no XML, opens no connection, and knows nothing
// of what the pieces hold; names of pieces are not kept, since they may name a
// person.
package fluxbook
