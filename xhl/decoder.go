package xhl

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"paye/internal/xmlr"
	"paye/xhl/internal/schema"
)

// Decoder turns the raw bytes of parts into values. It takes what the schema
// refuses and readers of the field accept: prefixes, children in any order,
// missing and unknown elements. One Decoder serves one goroutine.
type Decoder struct {
	opts    Options
	charset *xmlr.Charset
	scan    xmlr.Scanner
	text    string // the part being decoded
	buf     []byte
	path    []*schema.Element
	base    int64 // offset of the part in the journal
	ligne   int64
	place   string // the part's own path
	who     string // the matricule of the bulletin being decoded, once known

	lies    int // windows-1252 bytes in an ISO-8859-1 journal
	notUTF8 int // values read as windows-1252 in a UTF-8 journal
	found   int // anomalies reported for this part, bounded
}

// maxFoundPerPart bounds what one part may report, so that a file that is all
// wrong does not drown its reader.
const maxFoundPerPart = 16

// NewDecoder returns a Decoder for the parts of a journal in encoding e.
func NewDecoder(e *Encoding, o Options) *Decoder {
	o.Defaults()
	d := &Decoder{opts: o, charset: e.charset}
	d.scan.MaxTag = o.MaxTag
	return d
}

// Entete decodes the head out of a prologue.
func (d *Decoder) Entete(prologue []byte) (*Entete, error) {
	e := new(Entete)
	d.begin(prologue, 0, 1, "DocumentPaye")
	if err := d.skipDeclaration(prologue); err != nil {
		return nil, err
	}
	var t xmlr.Token
	if err := d.next(&t); err != nil {
		return nil, err
	}
	if t.Kind == xmlr.EmptyTag {
		return e, nil
	}
	d.path = append(d.path, enteteElement)
	err := d.children(enteteElement, e, t.Name)
	if errors.Is(err, xmlr.ErrMore) { // the prologue stops before the root does
		err = nil
	}
	return e, d.fault(err)
}

func (d *Decoder) skipDeclaration(prologue []byte) error {
	if strings.HasPrefix(d.text, "\uFEFF") {
		d.scan.Pos = len("\uFEFF")
	}
	c := Cutter{}
	c.scan.Src, c.scan.Pos = prologue, d.scan.Pos
	if err := c.skipDeclaration(); err != nil {
		return d.fault(err)
	}
	d.scan.Pos = c.scan.Pos
	return nil
}

// Bulletin decodes the i-th part of seg, which is a bulletin, into b, reusing
// its lists. Strings stay valid; Lieu.Raw is the segment's.
func (d *Decoder) Bulletin(seg *Segment, i, rang int, b *Bulletin) error {
	return d.bulletin(seg, i, rang, b, bulletinElement)
}

// bulletin decodes a bulletin by its tree, whole or pruned.
func (d *Decoder) bulletin(seg *Segment, i, rang int, b *Bulletin, tree *schema.Element) error {
	p := seg.Parts[i]
	raw := seg.Raw[p.Start:p.End]
	b.Reset()
	b.Lieu = Lieu{Rang: rang, Raw: raw, Offset: seg.Offset + int64(p.Start)}
	if tree == payElement {
		d.beginShared(raw, b.Lieu.Offset)
	} else {
		d.begin(raw, b.Lieu.Offset, 0, "")
	}
	d.who = ""
	var t xmlr.Token
	err := d.next(&t)
	for err == nil && t.Kind != xmlr.EndTag && string(t.Local) != "PayeIndivMensuel" {
		err = d.aside(&t)
		if err == nil {
			err = d.next(&t)
		}
	}
	if err == nil && t.Kind == xmlr.StartTag {
		d.path = append(d.path, tree)
		err = d.children(tree, b, t.Name)
	}
	if err == nil && d.scan.Pos != len(raw) {
		err = &malformed{code: "XHL-002", pos: d.scan.Pos}
	}
	if err != nil {
		return d.segmentFault(err, seg, p.Start, rang)
	}
	return nil
}

// segmentFault finishes an anomaly with its line, which is only counted then.
func (d *Decoder) segmentFault(err error, seg *Segment, start, rang int) error {
	d.ligne = seg.LigneAt(start)
	d.place = "DocumentPaye/DonneesIndiv/PayeIndivMensuel[" + strconv.Itoa(rang+1) + "]"
	return d.fault(err)
}

// LigneAt returns the line, from 1 in the journal, of a place of Raw.
func (s *Segment) LigneAt(pos int) int64 {
	return s.Ligne + int64(xmlr.CountLines(s.Raw[:pos]))
}

// Etablissement decodes the opening of a groupe; nil when it has none.
func (d *Decoder) Etablissement(seg *Segment, i int) (*Etablissement, error) {
	p := seg.Parts[i]
	raw := seg.Raw[p.Start:p.End]
	d.begin(raw, seg.Offset+int64(p.Start), 0, "DocumentPaye/DonneesIndiv")
	var g Groupe
	var t xmlr.Token
	for {
		if err := d.next(&t); err != nil {
			if errors.Is(err, xmlr.ErrMore) {
				return g.Etablissement, nil
			}
			d.ligne = seg.LigneAt(p.Start)
			return nil, d.fault(err)
		}
		if string(t.Local) != "Etablissement" || t.Kind == xmlr.Text {
			continue
		}
		v := etablissementElement.Add(&g)
		if t.Kind == xmlr.StartTag {
			d.path = append(d.path, etablissementElement)
			if err := d.children(etablissementElement, v, t.Name); err != nil {
				d.ligne = seg.LigneAt(p.Start)
				return nil, d.fault(err)
			}
		}
	}
}

// Nomenclatures decodes the code lists; nil when the journal has none.
func (d *Decoder) Nomenclatures(q *Queue) (*Nomenclatures, error) {
	var into Fin
	err := d.fromQueue(q.Nomenclatures, q.Offset, q.Ligne, nomenclaturesElement, &into)
	return into.Nomenclatures, err
}

// RepartitionParNature decodes the last block; nil when the journal has none.
func (d *Decoder) RepartitionParNature(q *Queue) (*RepartitionParNature, error) {
	var into Fin
	lines := int64(xmlr.CountLines(q.Nomenclatures))
	err := d.fromQueue(q.RepartitionParNature, q.Offset+int64(len(q.Nomenclatures)), q.Ligne+lines, repartitionElement, &into)
	return into.RepartitionParNature, err
}

func (d *Decoder) fromQueue(raw []byte, offset, ligne int64, e *schema.Element, into *Fin) error {
	if len(raw) == 0 {
		return nil
	}
	d.begin(raw, offset, ligne, "DocumentPaye")
	var t xmlr.Token
	for {
		if err := d.next(&t); err != nil {
			return d.fault(err)
		}
		if t.Kind == xmlr.Text || string(t.Local) != e.Name {
			if err := d.aside(&t); err != nil {
				return d.fault(err)
			}
			continue
		}
		v := e.Add(into)
		if t.Kind == xmlr.EmptyTag {
			return nil
		}
		d.path = append(d.path, e)
		return d.fault(d.children(e, v, t.Name))
	}
}

// Finish reports what was counted over the whole journal, by d and by the others
// that had a part of it.
func (d *Decoder) Finish(others ...*Decoder) {
	for _, o := range others {
		d.lies += o.lies
		d.notUTF8 += o.notUTF8
		o.lies, o.notUTF8 = 0, 0
	}
	if d.lies > 0 {
		d.opts.report(schema.Codes.New("XHL-013", d.lies))
	}
	if d.notUTF8 > 0 {
		d.opts.report(schema.Codes.New("XHL-014", d.notUTF8))
	}
	d.lies, d.notUTF8 = 0, 0
}

func (d *Decoder) begin(raw []byte, offset, ligne int64, place string) {
	d.text = string(raw)
	d.scan.Src, d.scan.Pos = raw, 0
	d.base, d.ligne, d.place = offset, ligne, place
	d.path = d.path[:0]
	d.found = 0
}

func (d *Decoder) next(t *xmlr.Token) error { return d.scan.Next(t) }

// children reads the children of e into v up to the end tag called name.
func (d *Decoder) children(e *schema.Element, v any, name []byte) error {
	var t xmlr.Token
	expected := 0
	for {
		if err := d.scan.Next(&t); err != nil {
			return err
		}
		switch t.Kind {
		case xmlr.EndTag:
			if string(t.Name) != string(name) {
				return &malformed{"XHL-009", t.Start, []any{schema.Clip(string(t.Name)), schema.Clip(string(name))}}
			}
			d.path = d.path[:len(d.path)-1]
			return nil
		case xmlr.Text:
			d.tolerate("XHL-102", t.Start, e.Name)
			continue
		}
		c, at := e.Child(t.Local, expected)
		if c == nil {
			d.tolerate("XHL-101", t.Start, schema.Clip(string(t.Local)))
			if err := d.aside(&t); err != nil {
				return err
			}
			continue
		}
		expected = at
		if c.Value != nil {
			if err := d.leaf(c, v, &t); err != nil {
				return err
			}
			continue
		}
		if c.Add == nil { // passed over
			if err := d.aside(&t); err != nil {
				return err
			}
			continue
		}
		child := c.Add(v)
		if t.Kind == xmlr.EmptyTag {
			continue
		}
		if len(d.path) >= d.opts.MaxDepth {
			return &malformed{"XHL-004", t.Start, []any{d.opts.MaxDepth}}
		}
		d.path = append(d.path, c)
		if err := d.children(c, child, t.Name); err != nil {
			return err
		}
	}
}

// leaf stores the value of a leaf and passes its end tag.
func (d *Decoder) leaf(c *schema.Element, v any, t *xmlr.Token) error {
	if t.HasV {
		value := d.text[t.V0:t.V1]
		if t.Special && !c.Raw {
			var err error
			if value, err = d.decode(t); err != nil {
				return err
			}
		}
		switch {
		case c.Text != nil:
			*c.Text(v) = value
		case c.Opt != nil:
			c.Opt(v).Put(value)
		default:
			*c.Push(v) = value
		}
		if c == matriculeElement {
			d.who = value
		}
	}
	if t.Kind == xmlr.EmptyTag {
		return nil
	}
	return d.aside(t)
}

func (d *Decoder) decode(t *xmlr.Token) (string, error) {
	raw := d.scan.Src[t.V0:t.V1]
	buf, fault := xmlr.AppendValue(d.buf[:0], raw, d.charset, &d.lies)
	if fault == xmlr.ValueCharacter && d.charset.IsUTF8() {
		// Tolerated as XéMéLios users know it: a file labelled UTF-8 that a tool
		// wrote in windows-1252.
		if buf, fault = xmlr.AppendValue(d.buf[:0], raw, xmlr.Windows1252, &d.lies); fault == xmlr.ValueOK {
			d.notUTF8++
		}
	}
	d.buf = buf
	switch fault {
	case xmlr.ValueReference:
		return "", &malformed{code: "XHL-010", pos: t.Start}
	case xmlr.ValueCharacter:
		return "", &malformed{code: "XHL-008", pos: t.Start}
	}
	return string(buf), nil
}

// aside passes the element whose start tag t is, or text.
func (d *Decoder) aside(t *xmlr.Token) error {
	if t.Kind != xmlr.StartTag {
		return nil
	}
	open := [][]byte{t.Name}
	for len(open) > 0 {
		if err := d.scan.Next(t); err != nil {
			return err
		}
		switch t.Kind {
		case xmlr.StartTag:
			if open = append(open, t.Name); len(open)+len(d.path) > d.opts.MaxDepth {
				return &malformed{"XHL-004", t.Start, []any{d.opts.MaxDepth}}
			}
		case xmlr.EndTag:
			if string(t.Name) != string(open[len(open)-1]) {
				return &malformed{"XHL-009", t.Start, []any{schema.Clip(string(t.Name)), schema.Clip(string(open[len(open)-1]))}}
			}
			open = open[:len(open)-1]
		}
	}
	return nil
}

func (d *Decoder) tolerate(code string, pos int, args ...any) {
	if d.found++; d.found > maxFoundPerPart || d.opts.Anomalie == nil {
		return
	}
	d.opts.report(d.locate(schema.Codes.New(code, args...), pos))
}

func (d *Decoder) locate(a *Anomalie, pos int) *Anomalie {
	pos = min(pos, len(d.text))
	ligne := int64(0)
	if d.ligne > 0 {
		ligne = d.ligne + int64(strings.Count(d.text[:pos], "\n"))
	}
	a.At(d.opts.Fichier, d.base+int64(pos), ligne)
	a.Chemin, a.Matricule = d.place, strings.Clone(d.who)
	path := d.path
	if len(path) > 0 && (path[0] == bulletinElement || path[0] == payElement || path[0].Name == "DocumentPaye") {
		path = path[1:]
	}
	for _, e := range path {
		a.Chemin += "/" + e.Name
	}
	a.Chemin = strings.TrimPrefix(a.Chemin, "/")
	return a
}

// fault turns a breach of XML into an anomaly.
func (d *Decoder) fault(err error) error {
	switch m := asMalformed(err); {
	case err == nil:
		return nil
	case errors.Is(err, xmlr.ErrMore):
		return d.locate(schema.Codes.New("XHL-002"), len(d.text))
	case m != nil:
		return d.locate(schema.Codes.New(m.code, m.args...), m.pos)
	}
	return fmt.Errorf("decode journal: %w", err)
}

func (b *Bulletin) Reset() {
	keep := *b
	*b = Bulletin{}
	b.Evenement = keep.Evenement[:0]
	b.NBI = keep.NBI[:0]
	b.Remuneration.Lignes = keep.Remuneration.Lignes[:0]
	b.Remuneration.Commentaire = keep.Remuneration.Commentaire[:0]
	b.RepartitionBudget = keep.RepartitionBudget[:0]
	b.PJRef = keep.PJRef[:0]
}

// Clone returns a copy that shares nothing with b but its Etablissement.
func (b *Bulletin) Clone() *Bulletin {
	c := *b
	c.Evenement = slices.Clone(b.Evenement)
	c.NBI = slices.Clone(b.NBI)
	c.Remuneration.Lignes = slices.Clone(b.Remuneration.Lignes)
	c.Remuneration.Commentaire = slices.Clone(b.Remuneration.Commentaire)
	c.RepartitionBudget = slices.Clone(b.RepartitionBudget)
	c.PJRef = slices.Clone(b.PJRef)
	c.Lieu.Raw = slices.Clone(b.Lieu.Raw)
	return &c
}
