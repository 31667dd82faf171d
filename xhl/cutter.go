package xhl

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"paye/internal/xmlr"
	"paye/xhl/internal/schema"
)

// Cutter cuts a journal into its prologue, runs of whole bulletins, and what
// follows the last one, looking into the tags only as far as that asks for.
// What it gives, put end to end, is the journal, byte for byte.
//
//	prologue    everything before the first DonneesIndiv
//	segments    parts: the opening of a groupe, bulletins, its closing
//	queue       Nomenclatures, RepartitionParNature, the end tag
type Cutter struct {
	opts Options
	src  io.Reader
	enc  Encoding
	scan scanner

	carry  []byte // what was read and belongs to the next segment
	eof    bool
	base   int64  // offset of carry in the journal
	ligne  int64  // line of carry, from 1
	rang   int    // bulletins given
	groupe int    // groupes opened, less one
	inside bool   // a groupe is open
	nom    []byte // of its element, as it is written
	done   bool   // no bulletin is left

	prologue []byte
	racine   string // the root's name as it is written
	vide     bool   // the root is an empty tag
}

// PartKind is what a Part holds.
type PartKind uint8

const (
	PartOuverture PartKind = iota // <DonneesIndiv> and its Etablissement
	PartBulletin                  // one PayeIndivMensuel
	PartFermeture                 // </DonneesIndiv>
)

// Part is a piece of a Segment, with the white space and comments before it.
type Part struct {
	Kind       PartKind
	Start, End int // in Segment.Raw
}

// Segment is a run of whole parts of a journal. Its buffers are its owner's,
// who gives it to Next again to reuse them.
type Segment struct {
	Raw    []byte
	Parts  []Part
	Offset int64 // of Raw in the journal
	Ligne  int64 // of the start of Raw
	Rang   int   // of its first bulletin in the journal
	Groupe int   // that is open at its start; of the first to open when none is
	Ouvert bool  // whether a groupe is open at its start
}

// Bulletins counts the bulletins of the segment.
func (s *Segment) Bulletins() int {
	n := 0
	for _, p := range s.Parts {
		if p.Kind == PartBulletin {
			n++
		}
	}
	return n
}

// NewCutter reads the encoding and the prologue of a journal.
func NewCutter(r io.Reader, o Options) (*Cutter, error) {
	o.Defaults()
	c := &Cutter{opts: o, src: r, ligne: 1, groupe: -1}
	c.scan.MaxTag = o.MaxTag
	if err := c.fill(xmlr.HeadSize); err != nil {
		return nil, err
	}
	enc := newEncoding(c.carry[:min(len(c.carry), xmlr.HeadSize)])
	if enc.charset == nil {
		return nil, c.fault(&malformed{"XHL-005", 0, []any{schema.Clip(enc.Declared)}}, c.carry)
	}
	c.enc, c.scan.Charset = enc, enc.charset
	bom := 0
	if enc.BOM {
		bom = len(xmlr.Mark)
	}
	if enc.utf16 != xmlr.NotUTF16 {
		c.src = enc.utf16.NewReader(io.MultiReader(bytes.NewReader(bytes.Clone(c.carry)), r))
		c.carry, c.eof = c.carry[:0], false
	}
	if err := c.readPrologue(bom); err != nil {
		return nil, err
	}
	return c, nil
}

// Encoding tells how the journal's bytes stand for characters.
func (c *Cutter) Encoding() *Encoding { return &c.enc }

// Prologue is everything before the first DonneesIndiv, or before Nomenclatures
// in a journal without bulletins.
func (c *Cutter) Prologue() []byte { return c.prologue }

// Racine is the name of the root element as it is written, with its prefix.
func (c *Cutter) Racine() string { return c.racine }

// fill reads until carry holds at least n bytes or the journal ends. It does not
// read far ahead: bulletins go into the buffers of segments.
func (c *Cutter) fill(n int) error {
	buf, err := c.read(c.carry, n, 16<<10)
	c.carry = buf
	return err
}

// read lengthens buf to n bytes at least, and has it keep so many bytes of room.
func (c *Cutter) read(buf []byte, n, room int) ([]byte, error) {
	for len(buf) < n && !c.eof {
		if cap(buf)-len(buf) < room/4 {
			grown := make([]byte, len(buf), max(2*cap(buf), n+room))
			copy(grown, buf)
			buf = grown
		}
		got, err := c.src.Read(buf[len(buf):cap(buf)])
		if c.enc.utf16 != xmlr.NotUTF16 {
			if bad := bytes.IndexByte(buf[len(buf):len(buf)+got], xmlr.BadUnit); bad >= 0 {
				return buf, c.fault(&malformed{code: "XHL-008", pos: len(buf) + bad}, buf)
			}
		}
		buf = buf[:len(buf)+got]
		switch {
		case errors.Is(err, io.EOF):
			c.eof = true
		case err != nil:
			return buf, fmt.Errorf("read journal at byte %d: %w", c.base+int64(len(buf)), err)
		}
	}
	return buf, nil
}

// readPrologue leaves carry at the first element after the head.
func (c *Cutter) readPrologue(bom int) error {
	var t xmlr.Token
	s := &c.scan
	for {
		s.Src, s.Pos = c.carry, bom
		depth := 0
		var err error
		if err = c.skipDeclaration(); err == nil {
			for {
				before := s.Pos
				if err = s.Next(&t); err != nil {
					break
				}
				if t.Kind == xmlr.Text && depth == 0 {
					return c.fault(&malformed{code: "XHL-017", pos: t.Start}, c.carry)
				}
				if depth == 0 && t.Kind != xmlr.EndTag {
					if string(t.Local) != "DocumentPaye" {
						return c.fault(&malformed{"XHL-006", t.Start, []any{schema.Clip(string(t.Local))}}, c.carry)
					}
					c.racine = string(t.Name)
					if t.Kind == xmlr.EmptyTag {
						before, c.vide, c.done = t.End, true, true
					}
				}
				stop := depth == 1 && (t.Kind == xmlr.EndTag || t.Kind != xmlr.Text && isBody(t.Local))
				if stop || c.vide {
					c.prologue = bytes.Clone(c.carry[:before])
					c.advance(c.carry, before)
					return nil
				}
				switch t.Kind {
				case xmlr.StartTag:
					depth++
				case xmlr.EndTag:
					depth--
				}
			}
		}
		if !errors.Is(err, xmlr.ErrMore) {
			return c.fault(err, c.carry)
		}
		if c.eof && c.racine == "" && !xmlr.OpensMarkup(c.carry[min(s.Pos, len(c.carry)):]) {
			return c.fault(&malformed{code: "XHL-017", pos: 0}, c.carry)
		}
		if c.eof {
			return c.fault(&malformed{"XHL-001", len(c.carry), []any{0}}, c.carry)
		}
		if len(c.carry) > c.opts.MaxTete {
			return c.fault(&malformed{"XHL-004", 0, []any{c.opts.MaxTete}}, c.carry)
		}
		if err := c.fill(2*len(c.carry) + xmlr.HeadSize); err != nil {
			return err
		}
	}
}

// isBody reports whether an element of the root comes after its head.
func isBody(local []byte) bool {
	switch string(local) {
	case "DonneesIndiv", "Nomenclatures", "RepartitionParNature":
		return true
	}
	return false
}

// skipDeclaration passes the XML declaration, which is not a token.
func (c *Cutter) skipDeclaration() error {
	s := &c.scan
	if s.Pos > len(s.Src) {
		return xmlr.ErrMore
	}
	rest := s.Src[s.Pos:]
	if !bytes.HasPrefix(rest, []byte("<?xml")) || len(rest) > 5 && !xmlr.IsBlank(rest[5]) {
		return nil
	}
	end := bytes.Index(rest, []byte("?>"))
	if end < 0 {
		return xmlr.ErrMore
	}
	if _, ok := xmlr.ReadDeclaration(rest); !ok {
		return &malformed{code: "XHL-002", pos: s.Pos}
	}
	s.Pos += end + 2
	return nil
}

// endTagMax is more than the window may hold of the end tag of a bulletin that
// it does not hold whole.
const endTagMax = 1 << 10

// advance drops the first n bytes of buf, which becomes the carry.
func (c *Cutter) advance(buf []byte, n int) {
	c.base += int64(n)
	c.ligne += int64(xmlr.CountLines(buf[:n]))
	c.carry = append(c.carry[:0], buf[n:]...)
}

// Next fills seg with the next run of parts, of Options.Segment bytes at
// least, and returns io.EOF after the last bulletin. An anomaly, *Anomalie,
// says what is wrong with the journal; other errors come from its reader. The
// parts that seg holds then come before the fault and are whole.
func (c *Cutter) Next(seg *Segment) error {
	seg.Raw, seg.Parts = seg.Raw[:0], seg.Parts[:0]
	seg.Offset, seg.Ligne, seg.Rang = c.base, c.ligne, c.rang
	seg.Groupe, seg.Ouvert = max(c.groupe, 0), c.inside
	if !c.inside {
		seg.Groupe = c.groupe + 1
	}
	if c.done {
		return io.EOF
	}
	buf := append(seg.Raw, c.carry...)
	f := framer{cutter: c, seg: seg}
	defer func() { seg.Raw = buf[:f.part] }()
	for {
		err := f.run(buf)
		if err == nil {
			break
		}
		if !errors.Is(err, xmlr.ErrMore) {
			return c.fault(err, buf)
		}
		if c.eof {
			return c.fault(&malformed{"XHL-001", len(buf), []any{c.rang}}, buf)
		}
		switch {
		case f.inside && f.tooLong(len(buf)-endTagMax):
			return c.fault(&malformed{"XHL-004", f.open, []any{c.opts.MaxBulletin}}, buf)
		case !f.inside && len(buf)-f.part > c.opts.MaxBulletin:
			return c.fault(&malformed{"XHL-004", f.part, []any{c.opts.MaxBulletin}}, buf)
		}
		if buf, err = c.read(buf, max(len(buf)+1, c.opts.Segment), 256<<10); err != nil {
			return err
		}
	}
	c.advance(buf, f.part)
	if len(seg.Parts) == 0 {
		return io.EOF
	}
	return nil
}

// fault turns a breach of XML into an anomaly with its place in the journal;
// buf begins at c.base.
func (c *Cutter) fault(err error, buf []byte) error {
	m := asMalformed(err)
	if m == nil {
		return err
	}
	pos := min(m.pos, len(buf))
	a := schema.Codes.New(m.code, m.args...)
	return a.At(c.opts.Fichier, c.base+int64(pos), c.ligne+int64(xmlr.CountLines(buf[:pos])))
}
