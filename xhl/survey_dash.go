package xhl

import (
	"bytes"

	"paye/internal/xmlr"
)

// Bulletins are regular: after the value of a leaf comes, mostly, what came after
// it the last time, byte for byte, up to the next value. A trail remembers what
// stood between two leaves, and what it meant; where it stands again, a Survey
// hops from value to value without looking at the tags. Anything else is left to
// the plain walk, which the trail learns from.
//
// The same bytes after a leaf in the same elements always mean the same, so that
// nothing is believed that was not read once, tag by tag.
type trail struct {
	leaves map[string]*trailLeaf // by its path
	key    []byte
}

// trailLeaf is a leaf in its place.
type trailLeaf struct {
	open [][]byte // names of the elements that it is in
	act  surveyAct
	last int // index in next of the hop that came last
	next []trailHop
}

// trailHop is what stands between two leaves.
type trailHop struct {
	gap  string // from the quote after the one value to the beginning of the other
	to   *trailLeaf
	mean trailMeaning
}

// trailMeaning is what the tags of a gap do, in this order.
type trailMeaning struct {
	ends   int // lines that end
	begins int // lines that begin, of which line is the one
	line   surveyLine
	refs   int // PJRef that begin
}

// Limits of what a trail remembers; a hostile journal makes it forget.
const (
	maxTrailLeaves = 2048
	maxTrailPath   = 512 // bytes of the names that lead to a leaf
	maxTrailHops   = 8   // of a leaf
	maxTrailGap    = 128 // bytes
	maxTrailValue  = 1024
	minTrailTag    = maxTrailGap + maxTrailValue + len(emptyEnd) // no tag of a hop is longer
)

// emptyEnd is what a leaf ends with, its quote included.
const emptyEnd = `"/>`

// leaf returns the leaf of that name in the open elements; nil for one whose
// names are too long to be remembered.
func (t *trail) leaf(open [][]byte, name []byte) *trailLeaf {
	t.key = t.key[:0]
	for _, o := range open {
		t.key = append(append(t.key, o...), '/')
	}
	if t.key = append(t.key, name...); len(t.key) > maxTrailPath {
		return nil
	}
	if l := t.leaves[string(t.key)]; l != nil {
		return l
	}
	if t.leaves == nil || len(t.leaves) == maxTrailLeaves {
		t.leaves = make(map[string]*trailLeaf)
	}
	names := bytes.Split(bytes.Clone(t.key), []byte("/"))
	l := &trailLeaf{open: names[:len(open)], act: surveyActOf(open, xmlr.LocalName(name))}
	t.leaves[string(t.key)] = l
	return l
}

// learn adds a hop to what follows a leaf.
func (l *trailLeaf) learn(gap []byte, to *trailLeaf, m trailMeaning) {
	if len(gap) > maxTrailGap || m.ends > 1 || m.begins > 1 || m.refs > 1 {
		return
	}
	if l.last = len(l.next); l.last == maxTrailHops {
		l.next, l.last = l.next[:0], 0
	}
	l.next = append(l.next, trailHop{string(gap), to, m})
}

// hop returns what follows the leaf whose value ends at q, or nil.
func (l *trailLeaf) hop(src []byte, q int) *trailHop {
	if len(l.next) == 0 {
		return nil
	}
	if h := &l.next[l.last]; len(src)-q > len(h.gap) && string(src[q:q+len(h.gap)]) == h.gap {
		return h
	}
	for i := range l.next {
		if h := &l.next[i]; len(src)-q > len(h.gap) && string(src[q:q+len(h.gap)]) == h.gap {
			l.last = i
			return h
		}
	}
	return nil
}

// dash goes on from the leaf whose value ends at q, as far as what follows is
// known, and returns the last leaf that it took and where its value ends.
func (d *Decoder) dash(s *Survey, l *trailLeaf, q int, line *surveyLine) (*trailLeaf, int) {
	src := d.scan.Src
	for {
		h := l.hop(src, q)
		if h == nil {
			return l, q
		}
		v0 := q + len(h.gap)
		stop := valueStop[h.to.act]
		end := v0
		for end < len(src) && !stop[src[end]] {
			end++
		}
		if len(src)-end < len(emptyEnd) || string(src[end:end+len(emptyEnd)]) != emptyEnd || end-v0 > maxTrailValue {
			return l, q
		}
		if h.mean.ends > 0 {
			s.totals.addRaw(line.nature, line.code, line.mt)
			*line = surveyLine{}
		}
		if h.mean.begins > 0 {
			*line = h.mean.line
		}
		if h.mean.refs > 0 {
			s.PJRef = append(s.PJRef, PJRef{})
		}
		if l, q = h.to, end; l.act != surveyNothing && (l.act < surveyCode || line.open) {
			s.take(l.act, src[v0:end], line)
		}
	}
}

// valuePassed tells the bytes at which a value between double quotes is no more what
// it seems: where it ends, is refused, or refers to something. valueKept tells those
// too that stand for something else in the value that is kept.
var valuePassed, valueKept = func() (passed, kept [256]bool) {
	for b := range 256 {
		blank := b == '\t' || b == '\n' || b == '\r'
		passed[b] = b == '"' || b == '<' || b == '&' || b < 0x20 && !blank
		kept[b] = passed[b] || blank || b >= 0x80
	}
	return passed, kept
}()

// valueStop is one of them for each act.
var valueStop = func() (stops [surveyMt + 1]*[256]bool) {
	for act := range stops {
		stops[act] = &valueKept
	}
	stops[surveyNothing] = &valuePassed
	return stops
}()
