package run

import (
	"bytes"
	"errors"

	"paye/internal/repeats"
	"paye/internal/xmlr"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// LineDecoder decodes lines of a run. One serves one goroutine.
type LineDecoder struct {
	opts xhl.Options
	src  []byte
	pos  int
	path []string
	who  string
	buf  []byte
}

// NewLineDecoder returns a decoder on the terms of a RunReader.
func NewLineDecoder(o xhl.Options) *LineDecoder {
	o.Defaults()
	return &LineDecoder{opts: o}
}

// Decode reads raw into line; a bulletin is read into b, whose lists are
// reused. An error is an *Anomalie.
func (d *LineDecoder) Decode(raw RawLine, line *RunLine, b *xhl.Bulletin) error {
	*line = RunLine{}
	d.src, d.pos, d.path, d.who = raw.Bytes, 0, d.path[:0], ""
	err := d.line(line, b)
	var a *xhl.Anomalie
	if errors.As(err, &a) {
		a.At(d.opts.Fichier, raw.Offset+int64(d.pos), raw.Ligne)
		if a.Code == "XHL-301" {
			a.Args = []any{raw.Ligne}
		}
		for i, name := range d.path {
			if i > 0 {
				a.Chemin += "/"
			}
			a.Chemin += name
		}
		a.Matricule = d.who
	}
	return err
}

func (d *LineDecoder) line(line *RunLine, b *xhl.Bulletin) error {
	if !d.accept('{') {
		return d.syntax()
	}
	key, err := d.string()
	if err != nil {
		return err
	}
	if !d.accept(':') {
		return d.syntax()
	}
	switch key {
	case keyEntete, keyEtablissement, keyBulletin, keyNomenclatures, keyRepartition:
		d.path = append(d.path, key)
	}
	switch key {
	case keyEntete:
		line.Entete = new(xhl.Entete)
		err = d.object(xhl.Table.Entete, line.Entete, 0)
	case keyEtablissement:
		line.Groupe = true
		if !d.null() {
			var g xhl.Groupe
			err = d.object(xhl.Table.Etablissement, xhl.Table.Etablissement.Add(&g), 0)
			line.Etablissement = g.Etablissement
		}
	case keyBulletin:
		b.Reset()
		line.Bulletin = b
		err = d.object(xhl.Table.Bulletin, b, 0)
	case keyNomenclatures:
		n, known := nomenclatures.Find(d.opts.MaxDepth, d.src)
		if known {
			line.Nomenclatures, d.path, d.pos = n, d.path[:0], len(d.src)
			return nil
		}
		line.Nomenclatures = new(xhl.Nomenclatures)
		err = d.object(xhl.Table.Nomenclatures, line.Nomenclatures, 0)
	case keyRepartition:
		line.Repartition = new(xhl.RepartitionParNature)
		err = d.array(xhl.Table.RepartitionParNature.Children[0], line.Repartition, 0)
	default:
		return schema.Codes.New("XHL-302", misspelt(key, keyEntete, keyEtablissement, keyBulletin, keyNomenclatures, keyRepartition))
	}
	if err != nil {
		return err
	}
	d.path = d.path[:0]
	if !d.accept('}') {
		return d.syntax()
	}
	d.blank()
	if d.pos != len(d.src) {
		return d.syntax()
	}
	if line.Nomenclatures != nil {
		nomenclatures.Keep(d.opts.MaxDepth, d.src, line.Nomenclatures)
	}
	return nil
}

// nomenclatures are those of the lines that were read last, by the depth that was
// allowed.
var nomenclatures repeats.Of[int, *xhl.Nomenclatures]

func (d *LineDecoder) syntax() error { return schema.Codes.New("XHL-301", 0) }

func (d *LineDecoder) blank() {
	for d.pos < len(d.src) && xmlr.IsBlank(d.src[d.pos]) {
		d.pos++
	}
}

// accept passes the byte c if it is next.
func (d *LineDecoder) accept(c byte) bool {
	d.blank()
	if d.pos < len(d.src) && d.src[d.pos] == c {
		d.pos++
		return true
	}
	return false
}

func (d *LineDecoder) null() bool {
	d.blank()
	if bytes.HasPrefix(d.src[d.pos:], []byte("null")) {
		d.pos += 4
		return true
	}
	return false
}

// object reads the children of e into v.
func (d *LineDecoder) object(e *schema.Element, v any, depth int) error {
	if depth > d.opts.MaxDepth {
		return schema.Codes.New("XHL-004", d.opts.MaxDepth)
	}
	if !d.accept('{') {
		return d.wanted("{…}", e.Name)
	}
	if d.accept('}') {
		return nil
	}
	var seen uint64
	expected := 0
	for {
		d.blank()
		key, err := d.stringBytes()
		if err != nil {
			return err
		}
		c, at := e.Child(key, expected)
		if c == nil || e == xhl.Table.Etablissement && c == xhl.Table.Bulletin {
			names := make([]string, len(e.Children))
			for i, c := range e.Children {
				names[i] = c.Name
			}
			return schema.Codes.New("XHL-302", misspelt(string(key), names...))
		}
		expected = at
		if seen&(1<<at) != 0 {
			return d.syntax()
		}
		seen |= 1 << at
		if !d.accept(':') {
			return d.syntax()
		}
		d.path = append(d.path, c.Name)
		if err := d.value(c, v, depth); err != nil {
			return err
		}
		d.path = d.path[:len(d.path)-1]
		if d.accept('}') {
			return nil
		}
		if !d.accept(',') {
			return d.syntax()
		}
	}
}

func (d *LineDecoder) value(c *schema.Element, v any, depth int) error {
	switch {
	case c.Many:
		return d.array(c, v, depth)
	case c.Value == nil:
		if c.Min == 0 && d.null() {
			return nil
		}
		return d.object(c, c.Add(v), depth+1)
	}
	s, err := d.text(c)
	if err != nil {
		return err
	}
	if c.Text != nil {
		*c.Text(v) = s
	} else {
		c.Opt(v).Put(s)
	}
	if c == xhl.Table.Matricule {
		d.who = s
	}
	return nil
}

// text is a value of c, which must be a string.
func (d *LineDecoder) text(c *schema.Element) (string, error) {
	d.blank()
	if d.pos >= len(d.src) || d.src[d.pos] != '"' {
		return "", d.wanted(`"…"`, c.Name)
	}
	return d.string()
}

func (d *LineDecoder) wanted(shape, name string) error {
	return schema.Codes.New("XHL-306", shape, name)
}

func (d *LineDecoder) array(c *schema.Element, v any, depth int) error {
	if !d.accept('[') {
		return d.wanted("[…]", c.Name)
	}
	if d.accept(']') {
		return nil
	}
	for {
		if c.Push != nil {
			s, err := d.text(c)
			if err != nil {
				return err
			}
			*c.Push(v) = s
		} else if err := d.object(c, c.Add(v), depth+1); err != nil {
			return err
		}
		if d.accept(']') {
			return nil
		}
		if !d.accept(',') {
			return d.syntax()
		}
	}
}
