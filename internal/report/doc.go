// Package report lays one report out as text for a screen, as CSV, as a page
// of HTML that prints, and as PDF: what is said is decided once, by the
// caller, in its own language.
//
// Glossary:
//
//	Document  a report: a title, facts, tables, notes
//	Table     rows under headings, with the words to say when there is none
//	Fait      a name and a value, at the head of the report
//
// The HTML is one file without scripts, fonts or links. The PDF is what package
// pdfw writes, tagged, with the letters of every name. The same Document gives the
// same bytes.
package report

import "time"

// Document is one report.
type Document struct {
	Langue    string // "fr" or "en", for the HTML
	Titre     string
	SousTitre string
	Bandeau   string // at the head of each page of the PDF
	Faits     []Fait
	Tables    []Table
	Notes     []string
	Date      time.Time // when it was made: the date of the PDF
}

// Fait is one line at the head of a report.
type Fait struct{ Nom, Valeur string }

// Table is rows under headings; every row has as many cells as there are
// columns.
type Table struct {
	Titre    string
	Colonnes []Colonne
	Lignes   [][]string
	Vide     string // said when there is no row
}

// Colonne is a heading and its share of the width of a page.
type Colonne struct {
	Titre string
	Poids float64
}
