package xhl

import (
	"errors"
	"strconv"
	"strings"

	"paye/internal/xmlw"
)

// encoder appends elements to a buffer from the table, and checks what the
// schema says of them on the way.
type encoder struct {
	charset xmlw.Charset
	version Version
	compact bool

	path []*element
	who  string // matricule of the bulletin being written
}

const tabs = "\n\t\t\t\t\t\t\t\t\t\t\t\t"

// indent begins a line at the depth of the element about to be written.
func (w *encoder) indent(dst []byte, depth int) []byte {
	if w.compact {
		return dst
	}
	return append(dst, tabs[:depth+1]...)
}

// element appends one container with its children.
func (w *encoder) element(dst []byte, e *element, v any, depth int) ([]byte, error) {
	w.path = append(w.path, e)
	dst = w.indent(dst, depth)
	dst = append(append(append(dst, '<'), e.name...), '>')
	inside := len(dst)
	dst, err := w.children(dst, e, v, depth+1)
	if err != nil {
		return dst, err
	}
	if len(dst) == inside {
		dst = append(dst[:inside-1], "/>"...)
	} else {
		dst = w.indent(dst, depth)
		dst = append(append(append(dst, "</"...), e.name...), '>')
	}
	w.path = w.path[:len(w.path)-1]
	return dst, nil
}

func (w *encoder) children(dst []byte, e *element, v any, depth int) ([]byte, error) {
	chosen := e.chosen(v)
	if chosen < 0 {
		return dst, w.fault(Codes.New("XHL-308", e.name), nil)
	}
	var err error
	for _, c := range e.children {
		if c.choice != 0 && c.choice != chosen {
			continue
		}
		switch {
		case c.text != nil:
			s := *c.text(v)
			if s == "" && !c.value.canBeEmpty() {
				if c.min > 0 {
					return dst, w.fault(Codes.New("XHL-304", c.name), c)
				}
				continue
			}
			dst, err = w.leaf(dst, c, s, depth)
		case c.opt != nil:
			s, set := c.opt(v).get()
			if !set {
				if c.min > 0 {
					return dst, w.fault(Codes.New("XHL-304", c.name), c)
				}
				continue
			}
			dst, err = w.leaf(dst, c, s, depth)
		case c.item != nil:
			dst, err = w.leaves(dst, c, v, depth)
		default:
			dst, err = w.containers(dst, c, v, depth)
		}
		if err != nil {
			return dst, err
		}
	}
	return dst, nil
}

func (w *encoder) leaves(dst []byte, c *element, v any, depth int) ([]byte, error) {
	for i := 0; ; i++ {
		s := c.item(v, i)
		if s == nil {
			if i < c.min {
				return dst, w.fault(Codes.New("XHL-304", c.name), c)
			}
			return dst, nil
		}
		var err error
		if dst, err = w.leaf(dst, c, *s, depth); err != nil {
			return dst, err
		}
	}
}

func (w *encoder) containers(dst []byte, c *element, v any, depth int) ([]byte, error) {
	for count, cursor := 0, 0; ; count++ {
		var child any
		if child, cursor = c.at(v, cursor); child == nil {
			if count < c.min {
				return dst, w.fault(Codes.New("XHL-304", c.name), c)
			}
			return dst, nil
		}
		if !c.in(w.version) {
			return dst, w.fault(Codes.New("XHL-307", c.name), c)
		}
		var err error
		if dst, err = w.element(dst, c, child, depth); err != nil {
			return dst, err
		}
	}
}

func (w *encoder) leaf(dst []byte, c *element, s string, depth int) ([]byte, error) {
	if !c.in(w.version) {
		return dst, w.fault(Codes.New("XHL-307", c.name), c)
	}
	look := c.value.judge(s)
	if look == invalid {
		a := Codes.New("XHL-303", c.name)
		a.Attendu = c.value.String()
		return dst, w.fault(a, c)
	}
	if !w.compact {
		dst = append(dst, tabs[:depth+1]...)
	}
	dst = append(dst, c.open...)
	if look == validPlain {
		dst = append(dst, s...)
		return append(dst, `"/>`...), nil
	}
	dst, err := xmlw.AppendAttr(dst, s, w.charset)
	if err != nil {
		return dst, w.fault(Codes.New("XHL-309", c.name), c)
	}
	return append(dst, `"/>`...), nil
}

// chosen tells which alternative of a choice the values make: 0 without a
// choice, -1 when both are there.
func (e *element) chosen(v any) int {
	if !e.hasChoice {
		return 0
	}
	var there [3]bool
	for _, c := range e.children {
		switch {
		case c.choice == 0:
		case c.text != nil:
			there[c.choice] = there[c.choice] || *c.text(v) != ""
		case c.opt != nil:
			_, set := c.opt(v).get()
			there[c.choice] = there[c.choice] || set
		}
	}
	switch {
	case there[1] && there[2]:
		return -1
	case there[2]:
		return 2
	}
	return 1
}

func (w *encoder) fault(a *Anomalie, leaf *element) error {
	var path []string
	for _, e := range w.path {
		path = append(path, e.name)
	}
	if leaf != nil {
		path = append(path, leaf.name)
	}
	a.Chemin = strings.Join(path, "/")
	a.Matricule = w.who
	w.path = w.path[:0]
	return a
}

// BulletinEncoder appends bulletins as they stand in a journal, so that
// several goroutines can encode the bulletins of one.
type BulletinEncoder struct{ enc encoder }

// NewBulletinEncoder returns an encoder on the terms of a Writer.
func NewBulletinEncoder(o WriterOptions) *BulletinEncoder {
	return &BulletinEncoder{encoder{charset: o.Charset, version: o.Version, compact: o.Compact}}
}

// bulletinDepth is how deep a PayeIndivMensuel stands below the root.
const bulletinDepth = 2

// Append appends the bulletin to dst. A value that the schema refuses is an
// *Anomalie, and dst is returned as it was.
func (e *BulletinEncoder) Append(dst []byte, b *Bulletin) ([]byte, error) {
	e.enc.who = b.Agent.Matricule
	out, err := e.enc.element(dst, bulletinElement, b, bulletinDepth)
	if err != nil {
		return dst, err
	}
	return out, nil
}

// AppendPJRef returns the bytes that reference pieces refs, to stand before
// the end tag of the bulletin in raw, laid out like its other children, and
// the place in raw where they belong. Nothing else of raw changes.
func AppendPJRef(dst, raw []byte, refs []PJRef) ([]byte, int, error) {
	var t token
	s := scanner{src: raw, maxTag: len(raw) + 1}
	var end, lastEnd, lastStart, depth int
	var name []byte
	for {
		err := s.next(&t)
		if errors.Is(err, errMore) {
			break
		}
		if err != nil {
			return dst, 0, err
		}
		switch {
		case t.kind == tokStart:
			if depth == 1 {
				lastStart = t.start
			}
			depth++
		case t.kind == tokEmpty && depth == 1:
			lastStart, lastEnd = t.start, t.end
		case t.kind == tokEnd:
			depth--
			if depth == 1 {
				lastEnd = t.end
			}
			if depth == 0 {
				end, name = t.start, t.name
			}
		}
	}
	if end == 0 || string(localName(name)) != "PayeIndivMensuel" {
		return dst, 0, errors.New("insert PJRef: the raw bytes are not a bulletin")
	}
	if lastEnd == 0 {
		lastEnd = end
		lastStart = end
	}
	lead := blankBefore(raw, lastStart)
	inner := lead
	if strings.HasSuffix(lead, "\t") || lead == "" {
		inner = lead + strings.Repeat("\t", min(len(lead), 1))
	} else if n := strings.LastIndexByte(lead, '\n'); n >= 0 {
		inner = lead + "  "
	}
	prefix := string(name[:len(name)-len("PayeIndivMensuel")])
	for _, ref := range refs {
		dst = append(dst, lead...)
		dst = append(append(append(dst, '<'), prefix...), "PJRef>"...)
		for _, c := range pjRef {
			value, set := "", true
			if c.opt != nil {
				value, set = c.opt(&ref).get()
			} else {
				value = *c.text(&ref)
			}
			if !set {
				continue
			}
			if !c.value.valid(value) {
				a := Codes.New("XHL-303", "PJRef/"+c.name)
				a.Attendu = c.value.String()
				return dst, 0, a
			}
			dst = append(append(append(dst, inner...), '<'), prefix...)
			dst = append(append(dst, c.name...), ` V="`...)
			// References are ASCII whatever the journal's charset: other
			// characters go as numeric references.
			for _, r := range value {
				if r < 0x80 {
					var err error
					if dst, err = xmlw.AppendAttr(dst, string(r), xmlw.UTF8); err != nil {
						return dst, 0, Codes.New("XHL-309", "PJRef/"+c.name)
					}
					continue
				}
				dst = append(strconv.AppendInt(append(dst, "&#"...), int64(r), 10), ';')
			}
			dst = append(dst, `"/>`...)
		}
		dst = append(dst, lead...)
		dst = append(append(append(dst, "</"...), prefix...), "PJRef>"...)
	}
	return dst, lastEnd, nil
}

// blankBefore returns the white space that precedes place at of raw.
func blankBefore(raw []byte, at int) string {
	from := at
	for from > 0 && isBlank(raw[from-1]) {
		from--
	}
	return string(raw[from:at])
}
