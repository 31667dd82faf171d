// Package schema is the grammar that the packages of the journal share: what an
// element of the table is, the types of values, how elements are written, and
// the registry of anomalies. The table itself, with the types that it fills, is
// in package xhl.
//
// # Glossary
//
//	Go name    wire name        gloss
//	Element    an element       a line of the table: name, occurrences, value or children, access to the Go value
//	Lexical    attribute V      the type of a value, with the verdict of libxml2
//	Encoder    -                appends elements by the table
//	Table      DocumentPaye     the tree, by its parts
//
// # Sources
//
// XSD "Paye" 1.4 and 1.2b; XML Schema part 2 for the values, as libxml2 2.9.14
// reads it.
//
// # What it does not do
//
// It reads no document.
package schema
