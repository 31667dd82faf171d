// Package acts is what the events of the journal say: the bodies, whose JSON
// the leaves commit to, and the words that stand in them.
//
// Glossary:
//
//	Identite        whose a document is; prints as its matricule
//	Depot           body of a deposit, with the business key
//	Acte            who did what
//	Destruction     which copies were erased, why, and when that is complete
//	FicheBody       a version of a fiche
//	Renouvellement  what supersedes a sealed key
//
// The order of the fields and their keys are on the disk for ever. It seals
// nothing and looks nothing up.
package acts
