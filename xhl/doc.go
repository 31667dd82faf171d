// Package xhl reads, writes and describes the journal des payes of a French
// local authority: the XHL file ("XML Hélios paye"), schemas 1.2b and 1.4.
//
// A [Reader] gives the bulletins of a journal one after the other, each with
// its raw bytes; a [Cutter] cuts a journal into whole parts without decoding
// them, so that several cores can work on one file; a [Writer] makes a journal
// that the schema accepts. Memory does not grow with the journal.
//
// Package xhl/check judges a journal by the schema, with the verdict of
// libxml2, and by the rules of the trade; package xhl/run makes journals of
// runs (run.jsonl, or a folder of CSV files), which hold the same tree in other
// clothes, and runs of journals. All of them share one table, the tree of
// schema.go.
//
// # Glossary
//
//	Go name               wire name             gloss
//	Entete                IdVer … Employeur     what identifies a journal: period, train, budget, employer
//	Bulletin              PayeIndivMensuel      the pay slip of one agent for one month
//	Groupe                DonneesIndiv          a run of bulletins of one établissement
//	LigneP                TraitBrut, Retenue…   one line of a bulletin; its Nature is the element's name
//	Nature                -                     the kind of a line, in the order of the schema
//	Nomenclatures         Nomenclatures         the code lists of the HR package
//	Rubrique              Correspondance        one pay item of NomenclatureRubriquePaye
//	Repartition           Repartition           one account of RepartitionParNature, with its amount
//	PJRef                 PJRef                 the reference of a bulletin to a justificatif
//	Montant               Mt                    an amount, in centimes
//	Decimal, Date         V                     a value as it is written, read on demand
//	Nominatif             V                     a personal value, which prints itself masked
//	Opt                   V                     the value of an element that may be absent
//	Version               -                     a version of the schema: V14 or V12b
//	Fin                   -                     what follows the bulletins
//
// # Sources
//
// The element tree is that of the official XSD set "Paye" 1.4 (2011-08-17),
// entry point DocumentPaye.xsd, and of 1.2b (2008-04-25), which lacks Train,
// NomenclatureTrain and the choice of BIC and IBAN. What readers accept beyond
// the schema was seen in files; what is inferred is marked so where it stands.
//
// # What it does not do
//
// It opens no file, decompresses nothing, and does not know how journals
// travel: see packages compress, splitter and pespj.
package xhl
