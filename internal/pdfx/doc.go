// Package pdfx is the one door to the PDF library: it tells what a
// justificatif is from its first bytes, opens PDF as their readers will, and
// says which weigh more than they should.
//
// A justificatif is never rewritten unasked: what was signed is sent as it is.
//
// Glossary:
//
//	Type      the format of a piece, told from its content
//	Info      what a PDF is: pages, version, encryption, bytes a page
//	Advice    what would make a piece lighter
//
// The weights come from the DGFiP note of 30 November 2018 (bureau CL2C,
// 3.1): a signed document of three pages weighs 769 Ko at 400 dpi, 480 at
// 300, 267 at 200 and 116 at 100, in black and white. Taking a page well
// above 267/3 Ko for a colour or high-resolution scan is inferred.
//
// The library parses hostile input: its panics become anomalies, what it may
// allocate is bounded, and only so many bytes are open at once.
package pdfx
