package group4

import "math/bits"

// Strip is rows coded in group 4 under a white row.
type Strip struct {
	Bytes []byte // the most significant bit first
	Bits  int
	Rows  int
}

// Writer puts bits and strips one after another. Its zero value is empty.
type Writer struct {
	Bytes []byte // whole bytes so far; give it room to write into
	acc   uint64
	n     int // bits in acc, fewer than 8 between calls
	total int
}

func (w *Writer) bits(v uint64, n int) {
	w.acc = w.acc<<n | v
	w.n += n
	w.total += n
	for w.n >= 8 {
		w.n -= 8
		w.Bytes = append(w.Bytes, byte(w.acc>>w.n))
	}
}

func (w *Writer) word(c word) { w.bits(uint64(c.bits), int(c.n)) }

// Strip appends a coded strip.
func (w *Writer) Strip(s Strip) {
	whole := s.Bits / 8
	if w.n == 0 {
		w.Bytes = append(w.Bytes, s.Bytes[:whole]...)
		w.total += whole * 8
	} else {
		shift := w.n
		carry := byte(w.acc << (8 - shift))
		for _, o := range s.Bytes[:whole] {
			w.Bytes = append(w.Bytes, carry|o>>shift)
			carry = o << (8 - shift)
		}
		w.acc = uint64(carry >> (8 - shift))
		w.total += whole * 8
	}
	if rest := s.Bits % 8; rest > 0 {
		w.bits(uint64(s.Bytes[whole]>>(8-rest)), rest)
	}
}

// Page ends a page, with the end of facsimile block, and returns its bytes.
func (w *Writer) Page() []byte {
	w.bits(0x001001, 24)
	return w.pad()
}

// pad fills the last byte with zeros.
func (w *Writer) pad() []byte {
	if w.n > 0 {
		w.Bytes = append(w.Bytes, byte(w.acc<<(8-w.n)))
		w.acc, w.n = 0, 0
	}
	return w.Bytes
}

// Encoder codes bitmaps and keeps its buffers. Its zero value is ready.
type Encoder struct {
	ref, cur []int
	width    int
	w        Writer
}

// Strip codes rows of width pixels that stand under a white row. The pixels of
// a row beyond the width do not count.
func (e *Encoder) Strip(width, rows int, row func(y int) []uint64) Strip {
	e.w = Writer{Bytes: e.w.Bytes[:0]}
	e.width = width
	e.ref = e.ended(e.ref[:0])
	for y := range rows {
		e.cur = e.ended(transitions(e.cur[:0], row(y), width))
		e.row()
		e.ref, e.cur = e.cur, e.ref
	}
	total := e.w.total
	return Strip{append([]byte(nil), e.w.pad()...), total, rows}
}

// Page codes a page.
func (e *Encoder) Page(width, rows int, row func(y int) []uint64) []byte {
	var w Writer
	w.Strip(e.Strip(width, rows, row))
	return w.Page()
}

// transitions appends the columns where the colour of a row changes, the first
// one being from white to black.
func transitions(dst []int, row []uint64, width int) []int {
	var carry uint64
	for i, w := range row {
		change := w ^ (w>>1 | carry<<63)
		carry = w & 1
		for change != 0 {
			n := bits.LeadingZeros64(change)
			if x := i*64 + n; x < width {
				dst = append(dst, x)
			}
			change &^= 1 << (63 - n)
		}
	}
	return dst
}

// ended ends a list of transitions so that looking ahead needs no test.
func (e *Encoder) ended(list []int) []int {
	return append(list, e.width, e.width, e.width, e.width)
}

// vertical holds the code words of a1 being 3 left to 3 right of b1 (T.6, 2.2.3).
var vertical = [...]word{{2, 7}, {2, 6}, {2, 3}, {1, 1}, {3, 3}, {3, 6}, {3, 7}}

// row codes the row whose transitions are in cur against those in ref; a0, a1,
// a2, b1 and b2 are those of T.6.
func (e *Encoder) row() {
	a0, black := -1, 0
	ai, bi := 0, 0
	for a0 < e.width {
		// b1 is the first change of ref right of a0 to the other colour.
		for bi > 0 && e.ref[bi-1] > a0 {
			bi--
		}
		for e.ref[bi] <= a0 && e.ref[bi] < e.width {
			bi++
		}
		if bi&1 != black && e.ref[bi] < e.width {
			bi++
		}
		a1, b1, b2 := e.cur[ai], e.ref[bi], e.ref[bi+1]
		switch delta := a1 - b1; {
		case b2 < a1:
			e.w.bits(1, 4)
			a0 = b2
		case -3 <= delta && delta <= 3:
			e.w.word(vertical[delta+3])
			a0 = a1
			ai++
			black ^= 1
		default:
			a2 := e.cur[ai+1]
			e.w.bits(1, 3)
			e.run(a1-max(a0, 0), black)
			e.run(a2-a1, black^1)
			a0 = a2
			ai += 2
		}
	}
}

// longest is the longest run of one make-up code.
const longest = 2560

// run codes a run of one colour.
func (e *Encoder) run(n, black int) {
	ends, runs := whiteEnds[:], whiteRuns[:]
	if black == 1 {
		ends, runs = blackEnds[:], blackRuns[:]
	}
	for ; n >= longest+64; n -= longest {
		e.w.word(runs[longest/64-1])
	}
	if n >= 64 {
		e.w.word(runs[n/64-1])
	}
	e.w.word(ends[n&63])
}
