// Package cos reads the objects of a PDF as its viewers do: what the standard
// forbids and viewers forgive is forgiven, and what is damaged is looked for
// by scanning the whole file, once.
//
// Nothing is kept of a document but where its objects are: an object is
// parsed each time it is asked for, so that memory does not grow with the
// number of objects. Everything is bounded: nesting, what is inflated, how
// many nodes of the page tree are visited.
//
// Glossary (the terms of ISO 32000-1, 7.2 to 7.5):
//
//	Object     one of the basic types: null, boolean, number, string, name,
//	           array, dictionary, stream, or a reference to one
//	Document   the objects of a file by number, and its trailer
//	section    a run of entries of a cross-reference table or stream
//	entry      where an object is: at an offset, or in an object stream
//	repair     finding objects by their "12 0 obj", when a table lies
//	filter     how a stream is coded; Flate and its kin are decoded here, the
//	           codings of pictures are not
//
// Sources: ISO 32000-1:2008, 7.2 to 7.7; ISO 32000-2:2020, 7.6 for encryption
// of revision 6; annex H of the Adobe PDF Reference 1.7 for what viewers
// forgive. What several viewers do beyond that was seen by running them.
//
// What it does not do: write, decode pictures, or open what wants a password
// that is not empty.
package cos
