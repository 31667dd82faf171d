// Package folder reads sheets and absences that an HR tool has exported as
// files of one folder. It is an [hr.Source] for who has no interface to speak
// to, or does not want one.
//
// Glossary:
//
//	agents.csv, agents.xlsx      a sheet a line; the first line names the columns
//	absences.csv, absences.xlsx  an absence a line
//	column                       the path that mapping.yaml names
//
// Columns of its own: id (needed), etablissement; for absences id, date, demi
// (matin, apres-midi or jour), compte, libelle. A column that is not there is
// a value that the source does not say; an empty cell is an empty value.
//
// CSV is UTF-8 or windows-1252, with ; or , between columns. Of XLSX the first
// sheet is read; identifiers are best kept as text there, since a number has
// no leading zero. What it does not do: formulas, passwords, ODS.
package folder
