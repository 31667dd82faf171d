// Package splitter cuts a payroll journal and its justificatifs into volumes
// whose exact size is known before they are written.
//
// The journal is read once into a [Livre]: deflate blocks of about 1 MiB in a
// spool, and some forty bytes of memory a bulletin. A [Plan] then decides
// which bulletins and pieces each volume holds; the XHL of a volume is put
// together from the blocks of the spool, recompressing only those that a
// boundary crosses, so that planning knows sizes to the byte and writing
// copies bytes. What the files of a volume look like is a [Format]'s matter:
// zip archives and bare XHL are here, PES PJ elsewhere.
//
// Of a large journal that can be read again, and whose plan will be scattered over
// the book, the spool holds samples: the volumes are compressed from the journal
// itself, once, and sizes are known to the byte from then on.
//
// A book can also be cut while it is read ([Online]): volumes are then closed
// on the way, on measured sizes all the same, and never looked at again.
//
// Bulletins leave as they came, byte for byte, but for the PJRef that are
// inserted on demand. The head of the journal, the opening of an
// établissement and the Nomenclatures are repeated in each volume;
// RepartitionParNature is in the first one only, as the DGFiP note of 30
// November 2018 recommends.
//
// # Glossary
//
//	Go name        domain                     gloss
//	Livre          livre de paye              the journal, read and compressed, ready to be cut
//	Volume         volume                     a slice of the journal with its pieces, one file
//	Justificatif   pièce justificative        a document that bulletins reference by IdUnique
//	General        portée générale            a piece that no bulletin references; it travels once in the set
//	Run            -                          bulletins that follow each other in the book
//	Plan           plan                       the volumes, the lower bound, the bytes spent twice
//	Borne          borne inférieure           a number of volumes that no plan can beat
//	Online        en ligne                   cut in one pass, before the rest of the book is known
//	Original      -                          the journal, where it can be read again
//	Format         -                          what a volume's file holds around the journal, and what that weighs
//
// It opens no input file and makes none but its spool; it does not know PES,
// transmission platforms, or PDF.
package splitter
