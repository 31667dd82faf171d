// Package due prepares hiring declarations and follows them: it checks the
// sheets and the contracts, writes the file, keeps the state of each
// declaration, and reads the answers. It sends nothing by itself; its
// subpackage courrier and package app/hire do, when an operator asks.
//
// Glossary:
//
//	DUE, DPAE       déclaration (unique, préalable à l'embauche): hiring declaration
//	Embauche        a hire as its source gives it: sheet (Salarie) and contract (Contrat)
//	Declaration     a hire as it is declared: folded, within its widths, complete
//	Lot             batch: the declarations of one file
//	Indicateur      FR_DUE_Upload.Test.Indicator: Essai is 1, Reel is 120
//	FR_DUE_Upload   the XML of the declaration
//	DUETXT01        our own fixed-width dpae.txt; DUEAR001 is its acknowledgment
//	AR              accusé de réception: the answer about a Lot
//	AEE, ARE        receipt and rejection of a deposit (level 1 of the returns)
//	Constat         one finding of a check; Bilan is all of them
//	Registre        the memory of what was declared, in the ledger
//	étape 4, 5, 6   the steps of the set-up: encryption, server, final key
//
// Sources: Code du travail, R.1221-1 and R.1221-4, for the content and the
// eight days; the XML was observed in public clients of the service, for want
// of a public schema, so its order and cardinalities are not normative; the
// three levels of the returns were observed too. DUETXT01 and DUEAR001 are not
// official formats.
//
// The package claims no conformity with a norm of the administration, knows no
// address of it, and has no list of URSSAF codes or health services.
package due
