// Package pespj writes, reads and judges PES PJ flux, the files that carry
// payroll documents to the public accountant's Hélios, and reads the
// acquittals that come back. A flux of any size is streamed; its length is
// known to the byte before it is written.
//
// Glossary:
//
//	Flux         PES_Aller          a file: envelope, header, pieces ("PJ autonomes")
//	PJ           PES_PJ/PJ          a piece: a gzip stream in base64, its names and references
//	RefCompta    RefCompta          the mandat (or titre, budget, marché) that a piece justifies
//	IdUnique     IdUnique           identity of a piece for the employer, for ever
//	NomFic       NomFic             name of a flux, the key that the acquittal returns
//	IdColl       IdColl             SIRET of the budget
//	IdPost       IdPost             codique of the accountant's office
//	CodCol       CodCol             code of the collectivité in that office
//	CodBud       CodBud             code of its budget
//	FinJur       FinJur             FINESS number, hospitals and some care homes only
//	TypePJ       TypePJ             kind of piece: 004 état de paye, 003 dépense, …
//	Domaine      Domaine            what a RefCompta points into: 01 dépense, 02 recette, …
//	Acquit       PES_ACQUIT         the answer of Hélios to a flux
//	Element      ElementACQUIT      the answer about one piece, bordereau or marché
//	EtatAck      EtatAck            accepted or not
//	Plateforme                      a channel of transmission and its limit in bytes
//	Bilan                           what a check found, in figures
//	PJLue                           a piece being read
//
// Sources: XSD PES 5.30 of the DGFiP, rule texts included, for the structure;
// the DGFiP note of 30 November 2018 for limits; the public code of platforms
// for what they refuse. Each rule of [Codes] names its source, and a rule of
// this product is marked [I].
//
// What it does not do: it does not know what a piece holds (a check hands the
// content to its caller in the same pass), it does not sign, does not write
// accounting domains (it reads over them), and sends nothing.
package pespj
