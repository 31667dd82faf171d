package xhl

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"

	"paye/internal/repeats"
	"paye/internal/xmlr"
	"paye/xhl/internal/schema"
)

// Decoder turns the raw bytes of parts into values. It takes what the schema
// refuses and readers of the field accept: prefixes, children in any order,
// missing and unknown elements. One Decoder serves one goroutine.
type Decoder struct {
	opts    Options
	charset *xmlr.Charset
	strict  bool // some bytes stand for no character, and no tool of the field writes them under this name
	lenient bool // UTF-8, which such a tool says of windows-1252
	scan    scanner
	text    string // the part being decoded
	buf     []byte
	path    []*schema.Element
	token   xmlr.Token
	memory
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
	o.Defaults()
	d := &Decoder{opts: o, charset: e.charset, strict: e.charset != xmlr.UTF8 && !e.charset.Total(), lenient: e.charset == xmlr.UTF8 && e.Scanned()}
	d.scan.MaxTag, d.scan.Charset = o.MaxTag, e.charset
	if o.MaxTag >= minTrailTag {
		d.memory = remembered(d)
	}
	return d
}

// memory is what a Decoder learnt of tags, which is true of any journal: what was
// read once, tag by tag, means the same wherever the same bytes stand.
type memory struct {
	trail *trail                     // of Survey; nil to look at every tag
	steps map[*schema.Element]*steps // of Bulletin and the others; nil to look at every tag
	on    terms
}

// terms are what makes a difference to whether and how tags are read.
type terms struct {
	charset          *xmlr.Charset
	maxTag, maxDepth int
	strict, lenient  bool
}

func (d *Decoder) terms() terms {
	return terms{d.charset, d.opts.MaxTag, d.opts.MaxDepth, d.strict, d.lenient}
}

// memories are those of journals that were read.
var memories sync.Pool

// remembered is what another journal taught on the terms of d.
func remembered(d *Decoder) memory {
	if m, ok := memories.Get().(*memory); ok && m.on == d.terms() {
		return *m
	}
	return memory{new(trail), make(map[*schema.Element]*steps), d.terms()}
}

// Release leaves to another Decoder what d learnt; d must not be used afterwards.
func (d *Decoder) Release() {
	if d.trail != nil {
		m := d.memory
		memories.Put(&m)
		d.memory = memory{}
	}
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
	return d.bulletin(seg, i, rang, b, bulletinElement, d.begin)
}

// Passing is Bulletin for who is done with b before the next use of seg: the texts
// of b are those of the segment, and end with it.
func (d *Decoder) Passing(seg *Segment, i, rang int, b *Bulletin) error {
	return d.bulletin(seg, i, rang, b, bulletinElement, d.beginShared)
}

// bulletin decodes a bulletin by its tree, whole or pruned.
func (d *Decoder) bulletin(seg *Segment, i, rang int, b *Bulletin, tree *schema.Element, begin func(raw []byte, offset, ligne int64, place string)) error {
	p := seg.Parts[i]
	raw := seg.Raw[p.Start:p.End]
	b.Reset()
	b.Lieu = Lieu{Rang: rang, Raw: raw, Offset: seg.Offset + int64(p.Start)}
	begin(raw, b.Lieu.Offset, 0, "")
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

// Nomenclatures decodes the code lists; nil when the journal has none. They may be
// shared with other journals: nobody changes them.
func (d *Decoder) Nomenclatures(q *Queue) (*Nomenclatures, error) {
	if n, known := codeLists.Find(d.terms(), q.Nomenclatures); known {
		return n, nil
	}
	var into Fin
	told := d.lies + d.notUTF8
	err := d.fromQueue(q.Nomenclatures, q.Offset, q.Ligne, nomenclaturesElement, &into)
	if err == nil && d.found == 0 && d.lies+d.notUTF8 == told { // else it is told of each journal
		codeLists.Keep(d.terms(), q.Nomenclatures, into.Nomenclatures)
	}
	return into.Nomenclatures, err
}

// codeLists are those of the journals that were read last.
var codeLists repeats.Of[terms, *Nomenclatures]

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
