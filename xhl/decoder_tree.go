package xhl

import (
	"errors"
	"fmt"
	"strings"

	"paye/internal/xmlr"
	"paye/xhl/internal/schema"
)

// begin begins a part, whose values are copied out of raw.
func (d *Decoder) begin(raw []byte, offset, ligne int64, place string) {
	d.beginText(string(raw), raw, offset, ligne, place)
}

func (d *Decoder) beginText(text string, raw []byte, offset, ligne int64, place string) {
	d.text = text
	d.scan.Src, d.scan.Pos = raw, 0
	d.base, d.ligne, d.place = offset, ligne, place
	d.path = d.path[:0]
	d.found = 0
}

func (d *Decoder) next(t *xmlr.Token) error { return d.scan.Next(t) }

// children reads the children of e into v up to the end tag called name.
func (d *Decoder) children(e *schema.Element, v any, name []byte) error {
	return d.walk(e, v, name, d.stepsOf(e))
}

func (d *Decoder) walk(e *schema.Element, v any, name []byte, s *steps) error {
	t := &d.token
	expected, before := 0, 0
	for {
		from := d.scan.Pos
		h := s.next(before, d.scan.Src[from:])
		if h != nil {
			switch {
			case h.to == stepEnd:
				if h.gap[h.tag+len("</"):len(h.gap)-len(">")] == string(name) {
					d.scan.Pos = from + len(h.gap)
					d.path = d.path[:len(d.path)-1]
					return nil
				}
			case h.steps != nil:
				d.scan.Pos = from + len(h.gap)
				tag := d.scan.Src[from+h.tag : d.scan.Pos]
				if err := d.container(h.child, v, from+h.tag, tag[len("<"):len(tag)-len(">")], h.steps); err != nil {
					return err
				}
				expected, before = h.to, h.to+1
				continue
			default:
				done, err := d.value(h, v)
				if err != nil {
					return err
				}
				if done {
					expected, before = h.to, h.to+1
					continue
				}
			}
		}
		if err := d.scan.Next(t); err != nil {
			return err
		}
		switch t.Kind {
		case xmlr.EndTag:
			if err := ends(t, name); err != nil {
				return err
			}
			if h == nil {
				d.learn(s, before, from, t, stepEnd, nil)
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
			if err := d.aside(t); err != nil {
				return err
			}
			continue
		}
		if h == nil && (c.Value != nil || c.Add != nil) {
			d.learn(s, before, from, t, at, c)
		}
		expected, before = at, at+1
		if c.Value != nil {
			if err := d.leaf(c, v, t); err != nil {
				return err
			}
			continue
		}
		if c.Add == nil { // passed over
			if err := d.aside(t); err != nil {
				return err
			}
			continue
		}
		if t.Kind == xmlr.EmptyTag {
			c.Add(v)
			continue
		}
		if err := d.container(c, v, t.Start, t.Name, d.stepsOf(c)); err != nil {
			return err
		}
	}
}

// container reads a container whose start tag, of that name, begins at pos and was
// passed.
func (d *Decoder) container(c *schema.Element, v any, pos int, name []byte, s *steps) error {
	child := c.Add(v)
	if len(d.path) >= d.opts.MaxDepth {
		return &malformed{"XHL-004", pos, []any{d.opts.MaxDepth}}
	}
	d.path = append(d.path, c)
	return d.walk(c, child, name, s)
}

// leaf stores the value of a leaf and passes its end tag.
func (d *Decoder) leaf(c *schema.Element, v any, t *xmlr.Token) error {
	if t.HasV {
		value := d.text[t.V0:t.V1]
		if t.Special {
			var err error
			if value, err = d.special(c, t, value); err != nil {
				return err
			}
		}
		d.store(c, v, value)
	}
	if t.Kind == xmlr.EmptyTag {
		return nil
	}
	return d.aside(t)
}

// store puts the value of a leaf where it lives in v.
func (d *Decoder) store(c *schema.Element, v any, value string) {
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

// special is a value that is not what is written, value: as it is read, or as it
// is written for a leaf that keeps it so.
func (d *Decoder) special(c *schema.Element, t *xmlr.Token, value string) (string, error) {
	if d.strict && d.charset.Invalid(d.scan.Src[t.V0:t.V1]) >= 0 {
		return "", &malformed{code: "XHL-008", pos: t.Start}
	}
	if c.Raw {
		return value, nil
	}
	return d.decode(t)
}

func (d *Decoder) decode(t *xmlr.Token) (string, error) {
	raw := d.scan.Src[t.V0:t.V1]
	buf, fault := xmlr.AppendValue(d.buf[:0], raw, d.charset, &d.lies)
	if fault == xmlr.ValueCharacter && d.lenient {
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
	return d.scan.passElement(t, len(d.path), d.opts.MaxDepth)
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
