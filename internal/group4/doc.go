// Package group4 codes bitmaps as ITU-T T.6 says, which PDF calls
// CCITTFaxDecode with a K of -1: black and white pages as scanners send them.
//
// Glossary:
//
//	row      the pixels of a line, 64 a word, the leftmost first; 1 is black
//	Strip    rows coded under a white row: strips of pages are put together
//	         without coding them again, when each but the last ends with one
//	Writer   strips on their way to a page
//	a0, b1…  the changing elements of T.6, 2.2
//
// Sources: ITU-T T.4 (code words) and T.6.
//
// What it does not do: decode, or code the one- and two-dimensional forms of
// group 3.
package group4
