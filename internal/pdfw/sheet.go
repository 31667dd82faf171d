package pdfw

import (
	"bytes"
	"compress/zlib"
	"strconv"
)

// Point is a length in 1/100 of a typographic point. Lengths are integers, so
// that every machine lays a document out alike.
type Point = int

// A4, standing.
const (
	A4Width  Point = 59528
	A4Height Point = 84189
)

// Style is how a text looks.
type Style struct {
	Face  Face
	Size  Point
	Color Color
}

// Align is where a text stands in its width.
type Align int

// The places.
const (
	Left Align = iota
	Right
	Center
)

// Sheet is a document being laid out. Distances down are from the top of the
// page. It is reused from one document to the next.
type Sheet struct {
	press         *Press
	width, height Point
	pages         [][]byte // content streams
	buf           []byte   // content of the current page
	fill          Color    // the colour of the graphics state
	jeu           jeu      // that the glyphs of the usual fonts are in
	wide          [faces]*subset

	set     *glyphs // that codes are of
	codes   []uint16
	lines   []segment
	scratch []byte
	packed  bytes.Buffer
	zip     *zlib.Writer
	offsets []int
}

// segment is a line of a text: codes, and their width in 1/1000 of the size.
type segment struct{ from, to, width int }

// reset forgets the document that was laid out.
func (s *Sheet) reset() {
	s.pages, s.buf, s.jeu, s.wide, s.set = s.pages[:0], nil, francais, [faces]*subset{}, nil
}

// NewPage begins a page.
func (s *Sheet) NewPage() {
	s.closePage()
	n := len(s.pages)
	if n < cap(s.pages) {
		s.pages = s.pages[:n+1] // with the buffer of an earlier document
	} else {
		s.pages = append(s.pages, nil)
	}
	s.buf = s.pages[n][:0]
	s.fill = Black
}

func (s *Sheet) closePage() {
	if n := len(s.pages); n > 0 {
		s.pages[n-1] = s.buf
	}
}

// EachPage gives every page again, to write its foot once their number is known.
func (s *Sheet) EachPage(write func(page, pages int)) {
	s.closePage()
	for i := range s.pages {
		s.buf, s.fill = s.pages[i], Color{1, 2, 3} // whatever it was, it is set again
		write(i+1, len(s.pages))
		s.pages[i] = s.buf
	}
}

// length appends a length in points.
func length(dst []byte, n Point) []byte {
	if n < 0 {
		dst = append(dst, '-')
		n = -n
	}
	dst = strconv.AppendInt(dst, int64(n/100), 10)
	if n %= 100; n != 0 {
		dst = append(dst, '.', byte('0'+n/10))
		if n%10 != 0 {
			dst = append(dst, byte('0'+n%10))
		}
	}
	return append(dst, ' ')
}

func (s *Sheet) color(c Color) {
	if c != s.fill {
		s.buf = append(c.append(s.buf), "rg\n"...)
		s.fill = c
	}
}

// Rectangle fills a box; y is its top.
func (s *Sheet) Rectangle(x, y, width, height Point, c Color) {
	s.color(c)
	for _, v := range [...]Point{x, s.height - y - height, width, height} {
		s.buf = length(s.buf, v)
	}
	s.buf = append(s.buf, "re f\n"...)
}

// Picture draws the picture of the press, y being its top.
func (s *Sheet) Picture(x, y, width, height Point) {
	s.buf = append(s.buf, "q "...)
	s.buf = length(s.buf, width)
	s.buf = append(s.buf, "0 0 "...)
	s.buf = length(s.buf, height)
	s.buf = length(s.buf, x)
	s.buf = length(s.buf, s.height-y-height)
	s.buf = append(s.buf, "cm /Logo Do Q\n"...)
}
