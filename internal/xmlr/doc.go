// Package xmlr reads XML 1.0 as the files of this field use it: characters and
// charsets, the declaration, names, references, and tags. It knows grammar and
// nothing else; what elements mean is for its callers.
//
// A [Scanner] takes tokens out of a window of bytes that its caller holds, and
// asks for more when the window ends inside one; it goes on where it is told,
// whatever it found wrong before. A [Document] reads a stream from end to end
// and answers for its being well-formed, namespaces included; it takes its tags
// from a Scanner. Values stay raw until [AppendValue] resolves them, since most
// are ASCII without references.
//
// # Glossary
//
//	Go name     in XML                      gloss
//	Charset     encoding="…"                which byte stands for which character
//	Encoding    byte order mark, encoding   what the first bytes say of the whole
//	Token       <a V="x">, </a>, text       what a Scanner finds
//	Event       the same, and the end       what a Document stops at
//	Class       -                           what the bytes of a text are: base64 for the most part
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
