// Package gestion is the console of the payroll office: what it opens every
// morning to prepare a payroll, look into one, check a file, follow the fluxes,
// deposit bulletins, declare hires, and see who may do what.
//
// A page is one Go file with its template beside it in templates/. No rule of
// the domain is here: pages ask app/*, vault, due, hr and etats, as the command
// line does.
//
// Glossary:
//
//	Console      the pages and what they stand on
//	dossier      what a person dropped and what is made of it, with an end that is shown
//	preparation  a dossier that becomes volumes
//	examen       a dossier that is checked
//	consultation a dossier that is looked into
//	Dépôt, Suivi the two actions of the coffre-fort
//
// Who may do what: anybody who is signed in works on the files that he dropped
// himself; what is of an employer asks for a right of the vault over that
// employer. What is another's answers as what does not exist.
package gestion
