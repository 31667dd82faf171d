package xhl

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Decoder turns the raw bytes of parts into values. It takes what the schema
// refuses and readers of the field accept: prefixes, children in any order,
// missing and unknown elements. One Decoder serves one goroutine.
type Decoder struct {
	opts  Options
	kind  charsetKind
	scan  scanner
	text  string // the part being decoded
	buf   []byte
	path  []*element
	base  int64 // offset of the part in the journal
	ligne int64
	place string // the part's own path
	who   string // the matricule of the bulletin being decoded, once known

	lies    int // windows-1252 bytes in an ISO-8859-1 journal
	notUTF8 int // values read as windows-1252 in a UTF-8 journal
	found   int // anomalies reported for this part, bounded
}

// maxFoundPerPart bounds what one part may report, so that a file that is all
// wrong does not drown its reader.
const maxFoundPerPart = 16

// NewDecoder returns a Decoder for the parts of a journal in encoding e.
func NewDecoder(e *Encoding, o Options) *Decoder {
	o.defaults()
	d := &Decoder{opts: o, kind: e.kind}
	d.scan.maxTag = o.MaxTag
	return d
}

// Entete decodes the head out of a prologue.
func (d *Decoder) Entete(prologue []byte) (*Entete, error) {
	e := new(Entete)
	d.begin(prologue, 0, 1, "DocumentPaye")
	if err := d.skipDeclaration(prologue); err != nil {
		return nil, err
	}
	var t token
	if err := d.next(&t); err != nil {
		return nil, err
	}
	if t.kind == tokEmpty {
		return e, nil
	}
	root := &element{name: "DocumentPaye", children: enteteElements}
	d.path = append(d.path, root)
	err := d.children(root, e, t.name)
	if errors.Is(err, errMore) { // the prologue stops before the root does
		err = nil
	}
	return e, d.fault(err)
}

func (d *Decoder) skipDeclaration(prologue []byte) error {
	if strings.HasPrefix(d.text, "\uFEFF") {
		d.scan.pos = len("\uFEFF")
	}
	c := Cutter{}
	c.scan.src, c.scan.pos = prologue, d.scan.pos
	if err := c.skipDeclaration(); err != nil {
		return d.fault(err)
	}
	d.scan.pos = c.scan.pos
	return nil
}

// Bulletin decodes the i-th part of seg, which is a bulletin, into b, reusing
// its lists. Strings stay valid; Lieu.Raw is the segment's.
func (d *Decoder) Bulletin(seg *Segment, i, rang int, b *Bulletin) error {
	p := seg.Parts[i]
	raw := seg.Raw[p.Start:p.End]
	b.reset()
	b.Lieu = Lieu{Rang: rang, Raw: raw, Offset: seg.Offset + int64(p.Start)}
	d.begin(raw, b.Lieu.Offset, 0, "")
	d.who = ""
	var t token
	err := d.next(&t)
	for err == nil && t.kind != tokEnd && string(t.local) != "PayeIndivMensuel" {
		err = d.aside(&t)
		if err == nil {
			err = d.next(&t)
		}
	}
	if err == nil && t.kind == tokStart {
		d.path = append(d.path, bulletinElement)
		err = d.children(bulletinElement, b, t.name)
	}
	if err == nil && d.scan.pos != len(raw) {
		err = &malformed{code: "XHL-002", pos: d.scan.pos}
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
	return s.Ligne + int64(countLines(s.Raw[:pos]))
}

func countLines(b []byte) int { return bytes.Count(b, newline) }

// Etablissement decodes the opening of a groupe; nil when it has none.
func (d *Decoder) Etablissement(seg *Segment, i int) (*Etablissement, error) {
	p := seg.Parts[i]
	raw := seg.Raw[p.Start:p.End]
	d.begin(raw, seg.Offset+int64(p.Start), 0, "DocumentPaye/DonneesIndiv")
	var g groupe
	var t token
	for {
		if err := d.next(&t); err != nil {
			if errors.Is(err, errMore) {
				return g.Etablissement, nil
			}
			d.ligne = seg.LigneAt(p.Start)
			return nil, d.fault(err)
		}
		if string(t.local) != "Etablissement" || t.kind == tokText {
			continue
		}
		v := etablissementElement.add(&g)
		if t.kind == tokStart {
			d.path = append(d.path, etablissementElement)
			if err := d.children(etablissementElement, v, t.name); err != nil {
				d.ligne = seg.LigneAt(p.Start)
				return nil, d.fault(err)
			}
		}
	}
}

// Nomenclatures decodes the code lists; nil when the journal has none.
func (d *Decoder) Nomenclatures(q *Queue) (*Nomenclatures, error) {
	var into queue
	err := d.fromQueue(q.Nomenclatures, q.Offset, q.Ligne, nomenclaturesElement, &into)
	return into.Nomenclatures, err
}

// RepartitionParNature decodes the last block; nil when the journal has none.
func (d *Decoder) RepartitionParNature(q *Queue) (*RepartitionParNature, error) {
	var into queue
	lines := int64(countLines(q.Nomenclatures))
	err := d.fromQueue(q.RepartitionParNature, q.Offset+int64(len(q.Nomenclatures)), q.Ligne+lines, repartitionElement, &into)
	return into.RepartitionParNature, err
}

func (d *Decoder) fromQueue(raw []byte, offset, ligne int64, e *element, into *queue) error {
	if len(raw) == 0 {
		return nil
	}
	d.begin(raw, offset, ligne, "DocumentPaye")
	var t token
	for {
		if err := d.next(&t); err != nil {
			return d.fault(err)
		}
		if t.kind == tokText || string(t.local) != e.name {
			if err := d.aside(&t); err != nil {
				return d.fault(err)
			}
			continue
		}
		v := e.add(into)
		if t.kind == tokEmpty {
			return nil
		}
		d.path = append(d.path, e)
		return d.fault(d.children(e, v, t.name))
	}
}

// Finish reports what was counted over the whole journal.
func (d *Decoder) Finish() {
	if d.lies > 0 {
		d.opts.report(Codes.New("XHL-013", d.lies))
	}
	if d.notUTF8 > 0 {
		d.opts.report(Codes.New("XHL-014", d.notUTF8))
	}
	d.lies, d.notUTF8 = 0, 0
}

func (d *Decoder) begin(raw []byte, offset, ligne int64, place string) {
	d.text = string(raw)
	d.scan.src, d.scan.pos = raw, 0
	d.base, d.ligne, d.place = offset, ligne, place
	d.path = d.path[:0]
	d.found = 0
}

func (d *Decoder) next(t *token) error { return d.scan.next(t) }

// children reads the children of e into v up to the end tag called name.
func (d *Decoder) children(e *element, v any, name []byte) error {
	var t token
	expected := 0
	for {
		if err := d.scan.next(&t); err != nil {
			return err
		}
		switch t.kind {
		case tokEnd:
			if string(t.name) != string(name) {
				return &malformed{"XHL-009", t.start, []any{clip(string(t.name)), clip(string(name))}}
			}
			d.path = d.path[:len(d.path)-1]
			return nil
		case tokText:
			d.tolerate("XHL-102", t.start, e.name)
			continue
		}
		c, at := e.child(t.local, expected)
		if c == nil {
			d.tolerate("XHL-101", t.start, clip(string(t.local)))
			if err := d.aside(&t); err != nil {
				return err
			}
			continue
		}
		expected = at
		if c.value != nil {
			if err := d.leaf(c, v, &t); err != nil {
				return err
			}
			continue
		}
		child := c.add(v)
		if t.kind == tokEmpty {
			continue
		}
		if len(d.path) >= d.opts.MaxDepth {
			return &malformed{"XHL-004", t.start, []any{d.opts.MaxDepth}}
		}
		d.path = append(d.path, c)
		if err := d.children(c, child, t.name); err != nil {
			return err
		}
	}
}

// leaf stores the value of a leaf and passes its end tag.
func (d *Decoder) leaf(c *element, v any, t *token) error {
	if t.hasV {
		value := d.text[t.v0:t.v1]
		if t.special {
			var err error
			if value, err = d.decode(t); err != nil {
				return err
			}
		}
		switch {
		case c.text != nil:
			*c.text(v) = value
		case c.opt != nil:
			c.opt(v).set(value)
		default:
			*c.push(v) = value
		}
		if c == matriculeElement {
			d.who = value
		}
	}
	if t.kind == tokEmpty {
		return nil
	}
	return d.aside(t)
}

// matriculeElement names the bulletin in anomalies.
var matriculeElement = func() *element {
	agent, _ := bulletinElement.child([]byte("Agent"), 0)
	matricule, _ := agent.child([]byte("Matricule"), 0)
	return matricule
}()

func (d *Decoder) decode(t *token) (string, error) {
	raw := d.scan.src[t.v0:t.v1]
	buf, fault := decodeValue(d.buf[:0], raw, d.kind, &d.lies)
	if fault == decodeCharacter && d.kind == utf8Bytes {
		// Tolerated as XéMéLios users know it: a file labelled UTF-8 that a tool
		// wrote in windows-1252.
		if buf, fault = decodeValue(d.buf[:0], raw, cp1252Bytes, &d.lies); fault == decodeOK {
			d.notUTF8++
		}
	}
	d.buf = buf
	switch fault {
	case decodeEntity:
		return "", &malformed{code: "XHL-010", pos: t.start}
	case decodeCharacter:
		return "", &malformed{code: "XHL-008", pos: t.start}
	}
	return string(buf), nil
}

// aside passes the element whose start tag t is, or text.
func (d *Decoder) aside(t *token) error {
	if t.kind != tokStart {
		return nil
	}
	open := [][]byte{t.name}
	for len(open) > 0 {
		if err := d.scan.next(t); err != nil {
			return err
		}
		switch t.kind {
		case tokStart:
			if open = append(open, t.name); len(open)+len(d.path) > d.opts.MaxDepth {
				return &malformed{"XHL-004", t.start, []any{d.opts.MaxDepth}}
			}
		case tokEnd:
			if string(t.name) != string(open[len(open)-1]) {
				return &malformed{"XHL-009", t.start, []any{clip(string(t.name)), clip(string(open[len(open)-1]))}}
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
	d.opts.report(d.locate(Codes.New(code, args...), pos))
}

func (d *Decoder) locate(a *Anomalie, pos int) *Anomalie {
	pos = min(pos, len(d.text))
	ligne := int64(0)
	if d.ligne > 0 {
		ligne = d.ligne + int64(strings.Count(d.text[:pos], "\n"))
	}
	a.At(d.opts.Fichier, d.base+int64(pos), ligne)
	a.Chemin, a.Matricule = d.place, d.who
	path := d.path
	if len(path) > 0 && (path[0] == bulletinElement || path[0].name == "DocumentPaye") {
		path = path[1:]
	}
	for _, e := range path {
		a.Chemin += "/" + e.name
	}
	a.Chemin = strings.TrimPrefix(a.Chemin, "/")
	return a
}

// fault turns a breach of XML into an anomaly.
func (d *Decoder) fault(err error) error {
	var m *malformed
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errMore):
		return d.locate(Codes.New("XHL-002"), len(d.text))
	case errors.As(err, &m):
		return d.locate(Codes.New(m.code, m.args...), m.pos)
	}
	return fmt.Errorf("decode journal: %w", err)
}

func (b *Bulletin) reset() {
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
