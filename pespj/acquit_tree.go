package pespj

import (
	"bytes"
	"iter"
	"strings"

	"github.com/beevik/etree"

	"paye/internal/xmlr"
)

// tree is the elements of an acquittal, the root first.
type tree []node

// node is an element: its name without a prefix, and its attribute V.
type node struct {
	name, v     string
	first, next int // first child, next brother; 0 for none
}

// children gives the children of an element that have a name, in order; all of
// them for the empty one.
func (t tree) children(i int, name string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for c := t[i].first; c > 0; c = t[c].next {
			if (name == "" || t[c].name == name) && !yield(c) {
				return
			}
		}
	}
}

// value is the V of the first child of that name.
func (t tree) value(i int, name string) string {
	for c := range t.children(i, name) {
		return t[c].v
	}
	return ""
}

// readTree reads an acquittal: at a glance what is well-formed, the rest with the
// patience of another library.
func readTree(raw []byte, fichier string, l Limites, a *Acquit) (tree, error) {
	if t := readAtAGlance(raw, l); t != nil {
		return t, nil
	}
	doc, err := newDoc(raw, fichier, l, a)
	if err != nil || doc.Root() == nil {
		return nil, err
	}
	return treeOf(doc.Root()), nil
}

// treeOf is the tree of an element.
func treeOf(e *etree.Element) (t tree) {
	var add func(e *etree.Element)
	add = func(e *etree.Element) {
		n := node{name: e.Tag}
		for i := range e.Attr {
			if a := &e.Attr[i]; a.Key == "V" && a.Space != "xmlns" {
				n.v = onOneLine(a.Value)
				break
			}
		}
		at := len(t)
		t = append(t, n)
		last := 0
		for _, child := range e.ChildElements() {
			if last == 0 {
				t[at].first = len(t)
			} else {
				t[last].next = len(t)
			}
			last = len(t)
			add(child)
		}
	}
	add(e)
	return t
}

// onOneLine is a value without blanks around it, and spaces for those in it.
func onOneLine(s string) string {
	s = strings.TrimSpace(s)
	if strings.ContainsAny(s, "\t\r\n") {
		s = strings.NewReplacer("\r\n", " ", "\t", " ", "\r", " ", "\n", " ").Replace(s)
	}
	return s
}

// maxNames is how many names of elements are kept as one string.
const maxNames = 256

// readAtAGlance reads in one pass an acquittal that is well-formed, and whose charset
// is the one that it announces. It returns nil for any other.
func readAtAGlance(raw []byte, l Limites) tree {
	doc, err := xmlr.NewDocument(bytes.NewReader(raw), "", xmlr.Limits{Depth: maxAcquitDepth(l), Tag: l.Balise, Attrs: l.Attributs})
	if err != nil || doc.UTF16 != xmlr.NotUTF16 || doc.Charset == xmlr.Latin1 && xmlr.ClassOf(raw)&xmlr.High != 0 && xmlr.UTF8.Invalid(raw) < 0 {
		return nil
	}
	type place struct{ from, to int }
	type open struct{ at, last int } // last child
	var (
		t      tree
		values []byte
		places []place // in values, of each element
		above  []open
		names  = make(map[string]string)
	)
	for {
		event, err := doc.Next()
		switch {
		case err != nil:
			return nil
		case event == xmlr.Closed:
			above = above[:len(above)-1]
		case event == xmlr.Opened:
			_, local := xmlr.SplitName(doc.Name)
			if bytes.IndexByte(local, ':') >= 0 {
				return nil
			}
			name, known := names[string(local)]
			if !known {
				name = string(local)
				if len(names) < maxNames {
					names[name] = name
				}
			}
			from, found := len(values), false
			for i := range doc.Attrs {
				_, local := xmlr.SplitName(doc.Attrs[i].Name)
				if bytes.IndexByte(local, ':') >= 0 {
					return nil
				}
				if !found && string(local) == "V" {
					found = true
					values = append(values, doc.Attrs[i].Value...)
				}
			}
			if n := len(above); n > 0 {
				if p := &above[n-1]; p.last == 0 {
					t[p.at].first, p.last = len(t), len(t)
				} else {
					t[p.last].next, p.last = len(t), len(t)
				}
			}
			above = append(above, open{at: len(t)})
			t, places = append(t, node{name: name}), append(places, place{from, len(values)})
		case event == xmlr.Ended:
			if doc.NUL != nil {
				return nil
			}
			text := string(values)
			for i, p := range places {
				t[i].v = onOneLine(text[p.from:p.to])
			}
			return t
		}
	}
}

// maxAcquitDepth bounds the elements that are open at once.
func maxAcquitDepth(l Limites) int { return min(l.Profondeur, 64) }
