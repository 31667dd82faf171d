// Package xmlr reads XML 1.0 as the files of this field use it: characters and
// charsets, the declaration, names, references, and tags. It knows grammar and
// nothing else; what elements mean is for its callers.
//
// A [Scanner] takes tokens out of a window of bytes that its caller holds, and
// asks for more when the window ends inside one. Values stay raw until
// [AppendValue] resolves them, since most are ASCII without references.
//
// # Glossary
//
//	Go name     in XML                      gloss
//	Charset     encoding="…"                which byte stands for which character
//	Encoding    byte order mark, encoding   what the first bytes say of the whole
//	Token       <a V="x">, </a>, text       what a Scanner finds
//	Fault       not well-formed             a breach of XML, with its place
//
// # Sources
//
// XML 1.0, fifth edition; Namespaces in XML 1.0. Which names of encodings are
// known was seen with libxml2 2.9.14 (through iconv of glibc) and with the
// parser of the JDK. The tables of charsets are those of
// golang.org/x/text/encoding/charmap.
//
// # What it does not do
//
// No document type declaration, hence no entities but the five of XML and no
// default attributes; no validation; no tree.
package xmlr
