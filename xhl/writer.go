package xhl

import (
	"errors"
	"fmt"
	"io"

	"paye/internal/room"
	"paye/internal/xmlw"
	"paye/xhl/internal/schema"
)

// WriterOptions say how a journal is written. The zero value writes schema 1.4
// in ISO-8859-1, indented by tabs.
type WriterOptions struct {
	Version Version
	Charset xmlw.Charset
	Compact bool // no line breaks

	// Agent, when not nil, is given the agent of each bulletin before it is
	// written, and may complete it. Several goroutines call it. It sees no more
	// of the bulletin: work time and amounts are out of its reach.
	Agent func(*Agent) `json:"-"`
}

// Writer makes a journal, bulletin after bulletin: WriteEntete, then for each
// établissement BeginGroupe and WriteBulletin, then WriteNomenclatures,
// WriteRepartition if the totals by nature are known, and Close. Another order
// is an error. What it writes is valid for the schema of its options; a value
// that is not is an *Anomalie that says where.
//
// A Writer that got an error writes nothing more.
type Writer struct {
	out    io.Writer
	opts   WriterOptions
	enc    schema.Encoder
	bullet *BulletinEncoder
	buf    []byte
	mem    *room.Block // that buf begins in
	state  writerState
	count  int // bulletins of the open groupe
	totals *Totaux
	nom    *Nomenclatures
	rep    *RepartitionParNature
	err    error
}

type writerState uint8

const (
	atEntete writerState = iota
	atFirstGroupe
	inGroupe
	atRepartition
	atClose
	closed
)

var stateNames = [...]string{"WriteEntete", "BeginGroupe", "WriteBulletin, BeginGroupe or WriteNomenclatures", "WriteRepartition or Close", "Close", "nothing"}

// ErrOrder is the error of a call that the state of a Writer does not allow.
var ErrOrder = errors.New("write journal: calls out of order")

// flushSize is how much a Writer holds back, in bytes, and worthWriting how much
// it writes without a copy.
const (
	flushSize    = 256 << 10
	worthWriting = 16 << 10
)

// NewWriter returns a Writer to out, which Close does not close.
func NewWriter(out io.Writer, o WriterOptions) *Writer {
	mem := room.Lend()
	return &Writer{out: out, opts: o, buf: mem[:0], mem: mem, totals: NewTotaux(), bullet: NewBulletinEncoder(o),
		enc: schema.Encoder{Charset: o.Charset, Only12b: o.Version == V12b, Compact: o.Compact}}
}

// expect returns an error unless the state is one of allowed.
func (w *Writer) expect(call string, allowed ...writerState) error {
	if w.err != nil {
		return w.err
	}
	for _, s := range allowed {
		if w.state == s {
			return nil
		}
	}
	w.err = fmt.Errorf("%w: %s where %s is expected", ErrOrder, call, stateNames[w.state])
	return w.err
}

// keep remembers the first error and writes the buffer out when it is long.
func (w *Writer) keep(err error) error {
	if err == nil && len(w.buf) >= flushSize {
		err = w.flush()
	}
	if err != nil && w.err == nil {
		w.err = err
	}
	return w.err
}

func (w *Writer) flush() error {
	_, err := w.out.Write(w.buf)
	w.buf = w.buf[:0]
	return writing(err)
}

// writing says of an error of the output what was done.
func writing(err error) error {
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return nil
}

// WriteEntete writes the declaration, the root tag and the head.
func (w *Writer) WriteEntete(e *Entete) error {
	if err := w.expect("WriteEntete", atEntete); err != nil {
		return err
	}
	w.state = atFirstGroupe
	var err error
	w.buf, err = w.enc.Prologue(w.buf, enteteElement, e)
	return w.keep(err)
}

// BeginGroupe opens a DonneesIndiv; etab may be nil.
func (w *Writer) BeginGroupe(etab *Etablissement) error {
	if err := w.expect("BeginGroupe", atFirstGroupe, inGroupe); err != nil {
		return err
	}
	if err := w.endGroupe(); err != nil {
		return w.keep(err)
	}
	w.state = inGroupe
	w.buf = w.enc.Indent(w.buf, 1)
	w.buf = append(w.buf, "<DonneesIndiv>"...)
	var err error
	if etab != nil {
		w.enc.Begin("")
		w.buf, err = w.enc.Element(w.buf, etablissementElement, etab, bulletinDepth)
	}
	return w.keep(err)
}

func (w *Writer) endGroupe() error {
	if w.state != inGroupe {
		return nil
	}
	if w.count == 0 {
		return schema.Codes.New("XHL-304", "PayeIndivMensuel")
	}
	w.count = 0
	w.buf = w.enc.EndGroupe(w.buf)
	return nil
}

// WriteBulletin writes a bulletin of the open groupe and adds its lines to the
// totals by nature.
func (w *Writer) WriteBulletin(b *Bulletin) error {
	if err := w.expect("WriteBulletin", inGroupe); err != nil {
		return err
	}
	w.count++
	w.totals.Add(b)
	var err error
	w.buf, err = w.bullet.Append(w.buf, b)
	return w.keep(err)
}

// WriteEncoded writes bulletins of the open groupe that a BulletinEncoder with
// the same options made, count of them, with their totals by nature.
func (w *Writer) WriteEncoded(raw []byte, count int, totals *Totaux) error {
	if err := w.expect("WriteEncoded", inGroupe); err != nil {
		return err
	}
	w.count += count
	w.totals.Merge(totals)
	if len(raw) < worthWriting {
		w.buf = append(w.buf, raw...)
		return w.keep(nil)
	}
	if err := w.flush(); err != nil {
		return w.keep(err)
	}
	_, err := w.out.Write(raw)
	return w.keep(writing(err))
}

// WriteNomenclatures closes the last groupe and writes the code lists.
func (w *Writer) WriteNomenclatures(n *Nomenclatures) error {
	if err := w.beginNomenclatures(n); err != nil {
		return err
	}
	w.enc.Begin("")
	var err error
	w.buf, err = w.enc.Element(w.buf, nomenclaturesElement, n, 1)
	return w.keep(err)
}

func (w *Writer) beginNomenclatures(n *Nomenclatures) error {
	if err := w.expect("WriteNomenclatures", inGroupe); err != nil {
		return err
	}
	if err := w.endGroupe(); err != nil {
		return w.keep(err)
	}
	w.state, w.nom = atRepartition, n
	return nil
}

// WriteEncodedNomenclatures is WriteNomenclatures of the code lists that
// AppendNomenclatures made raw of, with the same options.
func (w *Writer) WriteEncodedNomenclatures(raw []byte, n *Nomenclatures) error {
	if err := w.beginNomenclatures(n); err != nil {
		return err
	}
	w.buf = append(w.buf, raw...)
	return w.keep(nil)
}

// WriteRepartition gives the totals by nature, which otherwise come from the
// lines.
func (w *Writer) WriteRepartition(r *RepartitionParNature) error {
	if err := w.expect("WriteRepartition", atRepartition); err != nil {
		return err
	}
	w.state, w.rep = atClose, r
	return nil
}

// Close writes RepartitionParNature, computed if it was not given, and the end
// of the document. It returns an anomaly when no line has an account to be
// charged to. It does not close the underlying writer.
func (w *Writer) Close() error {
	if err := w.expect("Close", atRepartition, atClose); err != nil {
		return err
	}
	w.state = closed
	if w.rep == nil {
		w.rep = w.totals.Repartition(w.nom).RepartitionParNature
		if len(w.rep.Repartition) == 0 {
			return w.keep(schema.Codes.New("XHL-203"))
		}
	}
	w.enc.Begin("")
	var err error
	if w.buf, err = w.enc.Element(w.buf, repartitionElement, w.rep, 1); err != nil {
		return w.keep(err)
	}
	w.buf = append(w.buf, schema.EndRoot...)
	err = w.keep(w.flush())
	w.mem.Give()
	w.buf, w.mem = nil, nil
	return err
}

// Notes returns what BulletinEncoder.Notes does, of all that was written but
// what WriteEncoded was given.
func (w *Writer) Notes() []*Anomalie { return append(w.enc.Notes(), w.bullet.Notes()...) }

// AppendNomenclatures appends the code lists as a Writer would, and says what it
// would note of them.
func AppendNomenclatures(dst []byte, n *Nomenclatures, o WriterOptions) ([]byte, []*Anomalie, error) {
	enc := schema.Encoder{Charset: o.Charset, Only12b: o.Version == V12b, Compact: o.Compact}
	dst, err := enc.Element(dst, nomenclaturesElement, n, 1)
	return dst, enc.Notes(), err
}

// AppendRepartition appends the block RepartitionParNature as a Writer would.
func AppendRepartition(dst []byte, r *RepartitionParNature, o WriterOptions) ([]byte, error) {
	enc := schema.Encoder{Charset: o.Charset, Only12b: o.Version == V12b, Compact: o.Compact}
	return enc.Element(dst, repartitionElement, r, 1)
}
