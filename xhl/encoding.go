package xhl

import (
	"paye/internal/xmlr"
	"paye/internal/xmlw"
)

// Encoding is how the bytes of a journal stand for characters. Journals in an
// encoding that extends ASCII byte by byte are scanned as they are; those in
// UTF-16 are scanned in UTF-8, and Native turns raw bytes back into the
// journal's.
type Encoding struct {
	Declared string // as the XML declaration has it, or "" without one
	BOM      bool

	name    string
	charset *xmlr.Charset // nil when the name is not known
	utf16   xmlr.Order
}

func newEncoding(head []byte) Encoding {
	e := xmlr.Detect(head)
	return Encoding{Declared: e.Declared, BOM: e.BOM, name: e.String(), charset: e.Charset.AsRead(), utf16: e.UTF16}
}

// String names the encoding.
func (e *Encoding) String() string { return e.name }

// Native appends raw bytes that a Reader or a Cutter gave to dst as they were
// in the journal.
func (e *Encoding) Native(dst, raw []byte) ([]byte, error) {
	if e.Scanned() {
		return append(dst, raw...), nil
	}
	return e.utf16.AppendUTF16(dst, raw), nil
}

// Scanned reports whether raw bytes are those of the journal.
func (e *Encoding) Scanned() bool { return e.utf16 == xmlr.NotUTF16 }

// Charset is the charset to write in beside raw bytes of a journal in encoding
// e: where it is none that can be written, ASCII, which all of them extend.
func (e *Encoding) Charset() xmlw.Charset {
	switch e.charset {
	case xmlr.UTF8:
		return xmlw.UTF8
	case xmlr.Latin1As1252:
		return xmlw.ISO88591
	case xmlr.Windows1252:
		return xmlw.Windows1252
	}
	return xmlw.ASCII
}
