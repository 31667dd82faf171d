// Package pdfw writes PDF: pages of text, fills and one picture, laid out by
// the caller in integers, the same bytes every time.
//
// A file is PDF 1.7 made to the rules of PDF/A-2u (ISO 19005-2): fonts embedded,
// every character with its Unicode value, an output intent, metadata as XMP, no
// encryption and no active content. It is tagged as PDF/UA-1 (ISO 14289-1) asks,
// which it does not claim: parts of the page are opened and closed as they are
// drawn, in the order in which they are read, and what is drawn outside of them is
// decoration. Package pdfwtest checks that.
//
// The fonts are Go Regular and Go Bold, of Bigelow & Holmes, under the licence
// of the Go project. They are cut down and compressed once a [Press], in two
// sets: the characters of French, which nearly every document is content with,
// and all that the fonts have. A text that they lack letters for is set in DejaVu
// Sans Condensed, of which the document carries the letters that it shows. A
// character that no font has is drawn as its letter without accents, or as a
// square, and read back as what it is. The page in the browser goes without the
// wider font, for its size.
//
// Glossary:
//
//	Press   what documents of one look have in common: fonts, picture
//	Sheet   a document being laid out: its pages, and where it stands
//	Tag     what a part of the page is: a heading, a cell
//	Point   the unit of lengths, 1/100 of a typographic point
//	File    the objects of a PDF, one after the other, and the table of them
package pdfw
