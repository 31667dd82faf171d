package schema

import (
	"strings"

	"paye/internal/anomalie"
	"paye/internal/xmlw"
)

// Encoder appends elements to a buffer from the table, and checks what the
// schema says of them on the way.
type Encoder struct {
	Charset xmlw.Charset
	Only12b bool // elements of schema 1.4 are refused
	Compact bool

	path  []*Element
	notes []*anomalie.Anomalie
	who   string // matricule of the bulletin being written
}

const tabs = "\n\t\t\t\t\t\t\t\t\t\t\t\t"

// Begin forgets where the last element stopped. who is the matricule that
// anomalies name, "" out of bulletins.
func (w *Encoder) Begin(who string) { w.path, w.who = w.path[:0], who }

// Indent begins a line at the depth of the element about to be written.
func (w *Encoder) Indent(dst []byte, depth int) []byte {
	if w.Compact {
		return dst
	}
	return append(dst, tabs[:depth+1]...)
}

// Element appends one container with its children.
func (w *Encoder) Element(dst []byte, e *Element, v any, depth int) ([]byte, error) {
	w.path = append(w.path, e)
	dst = w.Indent(dst, depth)
	dst = append(append(append(dst, '<'), e.Name...), '>')
	inside := len(dst)
	dst, err := w.children(dst, e, v, depth+1)
	if err != nil {
		return dst, err
	}
	if len(dst) == inside {
		dst = append(dst[:inside-1], "/>"...)
	} else {
		dst = w.Indent(dst, depth)
		dst = append(append(append(dst, "</"...), e.Name...), '>')
	}
	w.path = w.path[:len(w.path)-1]
	return dst, nil
}

func (w *Encoder) children(dst []byte, e *Element, v any, depth int) ([]byte, error) {
	chosen := e.Chosen(v)
	if chosen < 0 {
		return dst, w.fault(Codes.New("XHL-308", e.Name), nil)
	}
	var err error
	for _, c := range e.Children {
		if c.Choice != 0 && c.Choice != chosen {
			continue
		}
		switch {
		case c.Text != nil:
			s := *c.Text(v)
			if s == "" && !c.Value.CanBeEmpty() {
				if c.Min > 0 {
					return dst, w.fault(Codes.New("XHL-304", c.Name), c)
				}
				continue
			}
			dst, err = w.Leaf(dst, c, s, depth)
		case c.Opt != nil:
			s, set := c.Opt(v).Get()
			if !set {
				if c.Min > 0 {
					return dst, w.fault(Codes.New("XHL-304", c.Name), c)
				}
				continue
			}
			dst, err = w.Leaf(dst, c, s, depth)
		case c.Item != nil:
			dst, err = w.leaves(dst, c, v, depth)
		default:
			dst, err = w.Containers(dst, c, v, depth)
		}
		if err != nil {
			return dst, err
		}
	}
	return dst, nil
}

func (w *Encoder) leaves(dst []byte, c *Element, v any, depth int) ([]byte, error) {
	for i := 0; ; i++ {
		s := c.Item(v, i)
		if s == nil {
			if i < c.Min {
				return dst, w.fault(Codes.New("XHL-304", c.Name), c)
			}
			return dst, nil
		}
		var err error
		if dst, err = w.Leaf(dst, c, *s, depth); err != nil {
			return dst, err
		}
	}
}

func (w *Encoder) Containers(dst []byte, c *Element, v any, depth int) ([]byte, error) {
	for count, cursor := 0, 0; ; count++ {
		var child any
		if child, cursor = c.At(v, cursor); child == nil {
			if count < c.Min {
				return dst, w.fault(Codes.New("XHL-304", c.Name), c)
			}
			return dst, nil
		}
		if c.Only14 && w.Only12b {
			return dst, w.fault(Codes.New("XHL-307", c.Name), c)
		}
		var err error
		if dst, err = w.Element(dst, c, child, depth); err != nil {
			return dst, err
		}
	}
}

// Leaf appends one leaf.
func (w *Encoder) Leaf(dst []byte, c *Element, s string, depth int) ([]byte, error) {
	if c.Only14 && w.Only12b {
		return dst, w.fault(Codes.New("XHL-307", c.Name), c)
	}
	look := c.Value.judge(s)
	if look == invalid {
		a := Codes.New("XHL-303", c.Name)
		a.Attendu = c.Value.String()
		return dst, w.fault(a, c)
	}
	if c.Value.Kind == KindTexte && len(s) > c.Value.Max {
		w.noteLength(c, s)
	}
	if !w.Compact {
		dst = append(dst, tabs[:depth+1]...)
	}
	dst = append(dst, c.Open...)
	if look == validPlain {
		dst = append(dst, s...)
		return append(dst, `"/>`...), nil
	}
	dst, err := xmlw.AppendAttr(dst, s, w.Charset)
	if err != nil {
		return dst, w.fault(Codes.New("XHL-309", c.Name), c)
	}
	return append(dst, `"/>`...), nil
}

// maxNotes bounds the notes that wait to be taken.
const maxNotes = 20

// noteLength notes a text that the schema takes and that is too long as Java
// counts.
func (w *Encoder) noteLength(c *Element, s string) {
	units := UTF16Units(s)
	if units <= c.Value.Max || len(w.notes) == maxNotes {
		return
	}
	a := Codes.New("XHL-144", c.Name, units, c.Value.Max)
	w.locate(a, c)
	w.notes = append(w.notes, a)
}

// Notes returns what was noted of the values written since the last call, and
// forgets it.
func (w *Encoder) Notes() []*anomalie.Anomalie {
	notes := w.notes
	w.notes = nil
	return notes
}

func (w *Encoder) fault(a *anomalie.Anomalie, leaf *Element) error {
	w.locate(a, leaf)
	w.path = w.path[:0]
	return a
}

// locate says in which element an anomaly is.
func (w *Encoder) locate(a *anomalie.Anomalie, leaf *Element) {
	var path []string
	for _, e := range w.path {
		path = append(path, e.Name)
	}
	if leaf != nil {
		path = append(path, leaf.Name)
	}
	a.Chemin = strings.Join(path, "/")
	a.Matricule = w.who
}

// Prologue appends the declaration, the root tag and the head e, whose element
// is root.
func (w *Encoder) Prologue(dst []byte, root *Element, e any) ([]byte, error) {
	dst = append(dst, `<?xml version="1.0" encoding="`...)
	dst = append(append(dst, w.Charset.String()...), "\"?>\n"...)
	dst = append(dst, `<n:DocumentPaye xmlns:n="`+Namespace+`">`...)
	w.path = append(w.path[:0], root)
	dst, err := w.children(dst, root, e, 1)
	w.path = w.path[:0]
	return dst, err
}

func (w *Encoder) EndGroupe(dst []byte) []byte {
	return append(w.Indent(dst, 1), "</DonneesIndiv>"...)
}

// EndRoot is what a journal ends with.
const EndRoot = "\n</n:DocumentPaye>\n"
