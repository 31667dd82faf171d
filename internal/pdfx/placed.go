package pdfx

import (
	"math"

	"paye/internal/pdfx/cos"
)

// matrix maps the unit square of a picture to a page (8.3.4).
type matrix [6]float64

// times is the matrix that applies m, then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// sides are the lengths of the sides of a picture on the page, in points.
func (m matrix) sides() (x, y float64) {
	return math.Hypot(m[0], m[1]), math.Hypot(m[2], m[3])
}

// box is the rectangle around a picture.
func (m matrix) box() rectangle {
	x := [...]float64{m[4], m[4] + m[0], m[4] + m[2], m[4] + m[0] + m[2]}
	y := [...]float64{m[5], m[5] + m[1], m[5] + m[3], m[5] + m[1] + m[3]}
	return rectangle{min(x[0], x[1], x[2], x[3]), min(y[0], y[1], y[2], y[3]), max(x[0], x[1], x[2], x[3]), max(y[0], y[1], y[2], y[3])}
}

// rectangle is left, bottom, right, top.
type rectangle [4]float64

func (r rectangle) area() float64 { return max(r[2]-r[0], 0) * max(r[3]-r[1], 0) }

// within is the part of r that is in s.
func (r rectangle) within(s rectangle) rectangle {
	return rectangle{max(r[0], s[0]), max(r[1], s[1]), min(r[2], s[2]), min(r[3], s[3])}
}

// Placed is a picture where a page shows it.
type Placed struct {
	number     int // of its object; 0 for an inline picture
	object     cos.Object
	m          matrix
	DPIX, DPIY float64
}

// shown is what a page shows.
type shown struct {
	doc      *cos.Document
	pictures []Placed
	ink      bool // text or drawing that is seen
	work     int  // operators
	depth    int  // of forms
	unit     float64
}

// Bounds of what is read of the content of a page.
const (
	maxContent   = 16 << 20 // bytes
	maxOperators = 2_000_000
	maxForms     = 8 // in each other
	maxSaved     = 512
)

// state is the part of the graphics state that matters here.
type state struct {
	m         matrix
	white     bool // what is filled is white
	invisible bool // text is
}

// shownOn reads the content of a page.
func shownOn(doc *cos.Document, p cos.Page) shown {
	s := shown{doc: doc, unit: 1}
	if u, ok := doc.Get(p.Object, "UserUnit").Float(); ok && u > 0 {
		s.unit = u
	}
	s.run(contentOf(doc, p.Object.Get("Contents")), doc.Resolve(p.Resources), matrix{1, 0, 0, 1, 0, 0})
	return s
}

// contentOf returns the content of a page, whose parts are read as one.
func contentOf(doc *cos.Document, o cos.Object) []byte {
	o = doc.Resolve(o)
	if o.Kind() == cos.Stream {
		data, _, _ := doc.Decode(o, maxContent)
		return data
	}
	var all []byte
	for _, item := range o.Items() {
		data, _, _ := doc.Decode(doc.Resolve(item), maxContent)
		if all = append(append(all, data...), '\n'); len(all) > maxContent {
			break
		}
	}
	return all
}

// run interprets a content stream.
func (s *shown) run(content []byte, resources cos.Object, m matrix) {
	now := state{m: m}
	var saved []state
	s.work += cos.Operators(content, func(op string, a []cos.Object) bool {
		switch op {
		case "q":
			if len(saved) < maxSaved {
				saved = append(saved, now)
			}
		case "Q":
			if n := len(saved); n > 0 {
				now, saved = saved[n-1], saved[:n-1]
			}
		case "cm":
			if n, ok := numbers(a, 6); ok {
				now.m = matrix(n).times(now.m)
			}
		case "Do":
			if len(a) > 0 {
				s.object(resources, a[0].Name(), now)
			}
		case "BI":
			if len(a) > 0 {
				s.picture(0, a[0], now)
			}
		default:
			s.paint(op, a, &now)
		}
		return s.work < maxOperators
	})
}

// paint follows colours and modes, and notes what leaves ink.
func (s *shown) paint(op string, a []cos.Object, now *state) {
	switch op {
	case "g", "rg", "k", "sc", "scn":
		n, ok := numbers(a, len(a))
		now.white = ok && len(n) > 0
		for _, v := range n {
			now.white = now.white && (op == "k" && v == 0 || op != "k" && v == 1)
		}
		if op == "sc" || op == "scn" {
			now.white = now.white && len(n) < 4
		}
	case "cs":
		now.white = false
	case "Tr":
		if n, ok := numbers(a, 1); ok {
			now.invisible = n[0] == 3 || n[0] == 7
		}
	case "Tj", "TJ", "'", "\"":
		s.ink = s.ink || !now.invisible
	case "f", "F", "f*":
		s.ink = s.ink || !now.white
	case "B", "B*", "b", "b*", "S", "s", "sh":
		s.ink = true
	}
}

func numbers(a []cos.Object, n int) ([]float64, bool) {
	if len(a) < n {
		return nil, false
	}
	list := make([]float64, 0, 6)
	for _, o := range a[len(a)-n:] {
		v, ok := o.Float()
		if !ok {
			return nil, false
		}
		list = append(list, v)
	}
	return list, true
}

// object shows an external object: a picture, or a form, whose content is run.
func (s *shown) object(resources cos.Object, name string, now state) {
	ref := s.doc.Get(resources, "XObject").Get(name)
	o := s.doc.Resolve(ref)
	switch s.doc.Get(o, "Subtype").Name() {
	case "Image":
		s.picture(ref.Number(), o, now)
	case "Form":
		if s.depth >= maxForms {
			s.ink = true
			return
		}
		m := now.m
		if items := s.doc.Get(o, "Matrix").Items(); len(items) == 6 {
			if n, ok := numbers(items, 6); ok {
				m = matrix(n).times(m)
			}
		}
		own := s.doc.Get(o, "Resources")
		if !own.IsDict() {
			own = resources
		}
		content, _, _ := s.doc.Decode(o, maxContent)
		s.depth++
		s.run(content, own, m)
		s.depth--
	default:
		s.ink = true
	}
}

// maxPlaced bounds the pictures of a page.
const maxPlaced = 4096

func (s *shown) picture(number int, o cos.Object, now state) {
	if len(s.pictures) >= maxPlaced {
		s.ink = true
		return
	}
	p := Placed{number: number, object: o, m: now.m}
	w, h := float64(positive(s.doc, o, "Width")), float64(positive(s.doc, o, "Height"))
	if x, y := now.m.sides(); x > 0 && y > 0 {
		p.DPIX, p.DPIY = w*72/(x*s.unit), h*72/(y*s.unit)
	}
	s.pictures = append(s.pictures, p)
}
