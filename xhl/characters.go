package xhl

import (
	"bytes"
	"unicode/utf8"

	"paye/internal/xmlr"
)

// Who copies parts of a journal as they are looks here at the bytes that tags do
// not tell: a journal is copied only if all of it is of its charset. Survey does
// it for bulletins. Decoding is more lenient: see XHL-014.

// PrologueCharacters refuses the bytes of a prologue that are no character of the
// journal's charset.
func (d *Decoder) PrologueCharacters(prologue []byte) error {
	return d.charactersAt(prologue, func() (int64, int64) { return 0, 1 })
}

// PartCharacters refuses those of the i-th part of seg.
func (d *Decoder) PartCharacters(seg *Segment, i int) error {
	p := seg.Parts[i]
	return d.charactersAt(seg.Raw[p.Start:p.End], func() (int64, int64) {
		return seg.Offset + int64(p.Start), seg.LigneAt(p.Start)
	})
}

// QueueCharacters refuses those of what follows the bulletins.
func (d *Decoder) QueueCharacters(q *Queue) error {
	offset, ligne := q.Offset, q.Ligne
	for _, raw := range [][]byte{q.Nomenclatures, q.RepartitionParNature, q.Fin} {
		if err := d.charactersAt(raw, func() (int64, int64) { return offset, ligne }); err != nil {
			return err
		}
		offset += int64(len(raw))
		ligne += int64(xmlr.CountLines(raw))
	}
	return nil
}

// charactersAt is characters with its place, asked for when there is a fault.
func (d *Decoder) charactersAt(raw []byte, place func() (offset, ligne int64)) error {
	err := d.characters(raw)
	if err == nil {
		return nil
	}
	offset, ligne := place()
	d.begin(raw, offset, ligne, "DocumentPaye")
	d.who = ""
	return d.fault(err)
}

// characters refuses the bytes that are no character of the journal's charset.
func (d *Decoder) characters(raw []byte) error {
	switch {
	case d.charset.Total():
		return nil
	case d.charset == xmlr.UTF8 && utf8.Valid(raw) && !bytes.Contains(raw, noCharacter):
		return nil
	}
	if bad := d.charset.Invalid(raw); bad >= 0 {
		return &malformed{code: "XHL-008", pos: bad}
	}
	return nil
}

// noCharacter begins the two code points of UTF-8 that are no character of XML,
// and few others.
var noCharacter = []byte("\xEF\xBF")
