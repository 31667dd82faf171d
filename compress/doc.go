// Package compress gives the engine compressed bytes whose number is known
// before they are written, and reads compressed bytes that nobody vouches for.
//
// Writing rests on one idea: a [Block] is a run of deflate data that depends
// on nothing before it and ends on a byte, so blocks are compressed in
// parallel, once, and any sequence of them followed by [End] is a deflate
// stream. The size and the CRC-32 of a gzip member or a zip entry made of
// blocks are sums; none is ever estimated. Blocks of 1 MiB cost 1.5 % over one
// joint stream.
//
// Reading is streaming, in bounded memory, under [Limits]; whatever is wrong
// with the bytes is an anomaly of [Codes] with its offset, and errors of the
// reader below are returned as they came.
//
// Glossary:
//
//	Niveau        rapide, normal, dense: how hard to compress
//	Block         raw length, deflated size and CRC-32 of a run of deflate data
//	End           the two bytes that close a deflate stream made of blocks
//	Encoder       makes blocks; one a goroutine
//	GzipWriter    one gzip member out of blocks, nothing recompressed
//	StoredGzip    one gzip member that does not compress, for PDF and zip
//	Piece         a justificatif measured for transport: stored or deflated, whichever is smaller
//	ZipWriter     a zip archive whose entries are known beforehand
//	BlockReader   reader of blocks, of our own making
//	Gunzip        reader of one gzip member
//	ZipStream     reader of a zip archive that cannot be rewound
//	OpenJournal   the XHL bytes of a plain, gzipped or zipped journal
//	Limits        what a reader accepts at most
//
// Sources: RFC 1951 (deflate), RFC 1952 (gzip), RFC 4648 and XML Schema
// base64Binary (base64), PKWARE APPNOTE 6.3 (zip, zip64).
//
// It does not read or write encrypted, split or self-extracting archives, nor
// any method but store and deflate, and it never extracts to a folder.
package compress
