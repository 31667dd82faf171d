// Package xmlw appends XML 1.0 to a buffer: start tags, attributes, text and
// end tags, escaped and in the output's charset. It knows the grammar and
// nothing of what the elements mean, and does not allocate once its buffer
// has grown.
//
// It writes what XML 1.0 (fifth edition) calls a well-formed element: names
// are the caller's and are not checked; characters are, because they come from
// data. A character that XML forbids (section 2.2) is an error that says which
// one and where; it is never dropped or replaced.
//
// Glossary:
//
//	Charset    the encoding of the output: ISO88591, Windows1252 or UTF8
//	Writer     the state: the buffer, the open elements, the first error
//	CharError  a character that cannot stand in an XML 1.0 document
package xmlw
