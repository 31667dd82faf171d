package xhl

import (
	"paye/internal/xmlr"
	"paye/xhl/internal/schema"
)

// Bulletins say the same elements in the same order, with the same blanks between
// them. A Decoder remembers what stood between two children of a container and
// where it led; where it stands again, byte for byte, it steps to the next value
// without looking at the tags. Anything else is left to the plain walk, which the
// steps are learnt from: nothing is believed that was not read once, tag by tag.
type steps struct {
	after [][]step // by the index of the child before plus one; 0 after the start tag
	last  []int    // of each, the step that was taken last
}

// step is what stood between two children, or before the end of a container.
type step struct {
	gap   string // to the beginning of the value of a leaf, else to the end of the tag
	tag   int    // where the tag begins in gap
	to    int    // index of the child; stepEnd for the end of the container
	child *schema.Element
	steps *steps // of a child that is a container
}

const stepEnd = -1

// stepsOf returns what is known of a container; nil for a Decoder that looks at
// every tag.
func (d *Decoder) stepsOf(e *schema.Element) *steps {
	if d.steps == nil {
		return nil
	}
	s := d.steps[e]
	if s == nil {
		s = &steps{after: make([][]step, len(e.Children)+1), last: make([]int, len(e.Children)+1)}
		d.steps[e] = s
	}
	return s
}

func (h *step) stands(src []byte) bool {
	return len(src) >= len(h.gap) && string(src[:len(h.gap)]) == h.gap
}

// next returns the step that src begins with, after the child before; nil when
// none of those that are known is.
func (s *steps) next(before int, src []byte) *step {
	if s == nil {
		return nil
	}
	list := s.after[before]
	if len(list) == 0 {
		return nil
	}
	if h := &list[s.last[before]]; h.stands(src) {
		return h
	}
	for i := range list {
		if h := &list[i]; h.stands(src) {
			s.last[before] = i
			return h
		}
	}
	return nil
}

// learn remembers the token that was read at from, after the child before.
func (d *Decoder) learn(s *steps, before, from int, t *xmlr.Token, to int, c *schema.Element) {
	src := d.scan.Src
	h := step{to: to, tag: t.Start - from, child: c}
	switch {
	case s == nil:
		return
	case to == stepEnd:
		if t.End-t.Start != len("</>")+len(t.Name) {
			return
		}
		h.gap = string(src[from:t.End])
	case !usual(t):
		return
	case t.HasV:
		if t.Kind != xmlr.EmptyTag || string(src[t.V1:t.End]) != emptyEnd || c.Value == nil {
			return
		}
		h.gap = string(src[from:t.V0])
	default:
		if t.Kind != xmlr.StartTag || c.Value != nil {
			return
		}
		h.gap, h.steps = string(src[from:t.End]), d.stepsOf(c)
	}
	for i := range h.tag {
		if !xmlr.IsBlank(h.gap[i]) {
			return
		}
	}
	if len(h.gap) > maxTrailGap {
		return
	}
	list := s.after[before]
	if len(list) == maxTrailHops {
		list = list[:0]
	}
	s.after[before], s.last[before] = append(list, h), len(list)
}

// value steps to the value of a leaf, stores it, and reports whether it could:
// what has to be looked at is left where it is.
func (d *Decoder) value(h *step, v any) (bool, error) {
	src, v0 := d.scan.Src, d.scan.Pos+len(h.gap)
	end := v0
	for end < len(src) && !valueKept[src[end]] {
		end++
	}
	special := end < len(src) && src[end] != '"'
	for special && end < len(src) && !valuePassed[src[end]] {
		end++
	}
	if len(src)-end < len(emptyEnd) || string(src[end:end+len(emptyEnd)]) != emptyEnd || end-v0 > maxTrailValue {
		return false, nil
	}
	value := d.text[v0:end]
	if special {
		var err error
		if value, err = d.special(h.child, &xmlr.Token{Start: d.scan.Pos + h.tag, V0: v0, V1: end}, value); err != nil {
			return false, err
		}
	}
	d.store(h.child, v, value)
	d.scan.Pos = end + len(emptyEnd)
	return true, nil
}
