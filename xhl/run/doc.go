// Package run makes journals of runs and runs of journals. A run is a payroll as
// a program other than ours writes it: a run.jsonl, or a folder of CSV files.
//
// [EncodeJSON] and [EncodeCSV] write the journal of a run, bulletins encoded on
// all cores; [DecodeJSON] and [DecodeCSV] write the run of a journal. Both
// shapes are drawn from the table of the schema: a key or a column is the name
// of an element.
//
// # Glossary
//
//	Go name     in a run                    gloss
//	RunLine     a line of run.jsonl         an entete, an établissement, a bulletin, the lists or the répartition
//	CSVEntete   entete.csv                  the head, then a line a DonneesIndiv
//	CSVAgents   agents.csv                  a line a bulletin
//	CSVLignes   lignes.csv                  a line an element that a bulletin repeats
//	Annonce     -                           what a run has given of the end before the first bulletin
//
// # Sources
//
// docs/formats.md describes both shapes; the values are those of XSD "Paye".
//
// # What it does not do
//
// It opens no file but those of the folder that it is given, and computes
// nothing but the répartition par nature that a run leaves out.
package run
