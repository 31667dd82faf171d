// Package hire is the declarations office of one employer: it joins the
// settings, the memory, the keys and the mail, and does what a person asks for
// in one call each: check, export, send, receive, set up.
//
// Glossary:
//
//	Bureau    an open office: settings, ledger, clock
//	Mode      Test prepares and reports, and nothing leaves; Reel sends
//	outbox    the folder travail/outbox, where messages wait as .eml
//	AR        the folder travail/AR, where answers are put to be read
//
// The rules are those of package due, the transport that of due/courrier.
package hire
