// Package pdfx is the one door to PDF: it tells what a justificatif is from
// its first bytes, opens PDF as their readers will, and says which weigh more
// than they should.
//
// Two depths. [Inspect] finds the objects and walks the page tree: what must
// hold for the accountant to open the document; it is made for thousands of
// pieces. [Look] sees every object, those of streams of objects and of former
// versions included: signatures, attachments, scripts. Whether every object
// is as ISO 32000 wants it is not asked: no reader minds.
//
// A justificatif is never rewritten unasked: what was signed is sent as it is.
// [Optimise] writes a lighter twin elsewhere, for who asks.
//
// Glossary:
//
//	Type      the format of a piece, told from its content
//	Content   what the bytes of a piece are; its Verdict, the same for every command
//	Info      what a PDF is: pages, version, encryption, bytes a page
//	Features  what a PDF holds beside pages: signatures, scripts, attachments
//	Image     the heaviest picture of a PDF: what tells a scan
//	Constat   what Examine finds in one file
//	Advice    what would make a piece lighter
//
// The weights come from the DGFiP note of 30 November 2018 (bureau CL2C,
// 3.1): a signed document of three pages weighs 769 Ko at 400 dpi, 480 at
// 300, 267 at 200 and 116 at 100, in black and white. Taking a page well
// above 267/3 Ko for a colour or high-resolution scan is inferred.
//
// Input is hostile: objects are read by internal/pdfx/cos, which bounds what a
// document may ask for; only so many bytes are open at once.
//
// What it does not do: repair a file on disk, open what wants a password, look
// into office documents.
package pdfx
