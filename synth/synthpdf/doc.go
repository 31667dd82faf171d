// Package synthpdf prints the justificatifs of a synthetic payroll run:
// contracts that look scanned and arrêtés that hold text, with the weights
// that the DGFiP note gives for such documents. Everything is derived from a
// seed, so that the same seed gives the same bytes.
//
// Two shapes, after the note of DGFiP bureau CL2C of 30 November 2018:
//
//	Contrat  three A4 pages, black and white at 200 dpi, CCITT group 4: 267 Ko
//	Arrete   four A4 pages of selectable text, with a coat of arms and a seal: 60 Ko
//
// Glossary:
//
//	Presse   the press: what every document of a family shares, made once
//	bande    a strip of a scanned page, coded once, whose last row is white
//	trame    a bitmap of one bit a pixel
//	Contrat  contrat d'engagement, signed, hence scanned
//	Arrete   decision of the authority; of an agent, or of general scope
//
// Why strips. Group 4 codes a row of pixels against the row above it only. A
// strip that begins under a white row and ends with one is therefore coded to
// the same bits wherever it stands, and a page is made by concatenating bits:
// the clauses that all contracts share are drawn and coded once, and only what
// belongs to one contract is drawn for it.
//
// Sources: ISO 32000-1 for the files, ITU-T T.4 and T.6 for the coding.
//
// What it does not do: lay out real documents (see package payslip), carry a
// legal text that is up to date, or embed a font of anyone else's.
package synthpdf
