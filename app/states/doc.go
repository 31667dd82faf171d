// Package states answers for the états of a month and for its variations: it
// opens journals, fluxes, archives and sets of volumes, has package etats
// derive rows, and lays them out as CSV, XLSX, PDF and JSON. It prints nothing:
// the command line, a console and a worker call the same functions.
//
// # Glossary
//
//	Go name     gloss
//	Request     what is asked, serialisable; its zero value works
//	Watch       how the work is watched: anomalies, progress
//	Table       rows under columns, whatever they become
//	Progress    counts the bytes that were read
//
// # What it does not do
//
// In a browser it writes neither workbooks nor papers: the page shows the tables.
//
// It knows no flag. It writes the files that it is given writers for, and
// leaves their durability to the caller.
package states
