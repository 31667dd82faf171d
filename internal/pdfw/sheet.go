package pdfw

import (
	"bytes"
	"strconv"

	"github.com/klauspost/compress/zlib"
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
	font          byte     // and its font, 0 when none is set
	size          Point
	texts         bool // a text object is open
	textX, textY  Point
	jeu           jeu // that the glyphs of the usual fonts are in
	wide          [faces]*subset

	parts   []part    // of the structure tree
	current int32     // the part that is open
	aside   bool      // what is drawn is decoration
	marked  int32     // what the marked content that is open belongs to
	owners  [][]int32 // of each page, the parts that its marks belong to

	set     *glyphs // that codes are of
	codes   []uint16
	lines   []segment
	scratch []byte
	head    []byte // a second scratch
	starts  []int
	packed  bytes.Buffer
	zip     *zlib.Writer
	offsets []int
}

// segment is a line of a text: codes, and their width in 1/1000 of the size.
type segment struct{ from, to, width int }

// reset forgets the document that was laid out.
func (s *Sheet) reset() {
	s.pages, s.buf, s.jeu, s.wide, s.set = s.pages[:0], nil, francais, [faces]*subset{}, nil
	s.parts, s.current, s.marked, s.owners = s.parts[:0], none, unmarked, s.owners[:0]
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
	if n < cap(s.owners) {
		s.owners = s.owners[:n+1]
		s.owners[n] = s.owners[n][:0]
	} else {
		s.owners = append(s.owners, nil)
	}
	s.buf = s.pages[n][:0]
	s.fill, s.font = Black, 0
}

func (s *Sheet) closePage() {
	s.finish()
	if n := len(s.pages); n > 0 {
		s.pages[n-1] = s.buf
	}
}

// finish closes what is open in the content of the page.
func (s *Sheet) finish() {
	s.endText()
	s.unmark()
}

// EachPage gives every page again, to write its foot once their number is known:
// decoration.
func (s *Sheet) EachPage(write func(page, pages int)) {
	s.closePage()
	for i := range s.pages {
		s.buf, s.fill, s.font = s.pages[i], Color{1, 2, 3}, 0 // whatever they were, they are set again
		write(i+1, len(s.pages))
		s.finish()
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
	s.Boxes(c, [][4]Point{{x, y, width, height}})
}

// Boxes fills several boxes in one colour: left, top, width, height.
func (s *Sheet) Boxes(c Color, boxes [][4]Point) {
	if len(boxes) == 0 {
		return
	}
	s.endText()
	s.mark(decoration)
	s.color(c)
	for _, b := range boxes {
		for _, v := range [...]Point{b[0], s.height - b[1] - b[3], b[2], b[3]} {
			s.buf = length(s.buf, v)
		}
		s.buf = append(s.buf, "re\n"...)
	}
	s.buf = append(s.buf, "f\n"...)
}

// Figure draws the picture of the press, y being its top; alt says what it
// shows.
func (s *Sheet) Figure(x, y, width, height Point, alt string) {
	box := append(length(length(nil, x), s.height-y-height), length(length(nil, x+width), s.height-y)...)
	s.Open(Figure, Attr("/Alt"+string(appendText(nil, alt))+"/A<</O/Layout/Placement/Block/BBox["+string(box)+"]>>"))
	defer s.Close()
	s.endText()
	s.mark(s.current)
	s.buf = append(s.buf, "q "...)
	s.buf = length(s.buf, width)
	s.buf = append(s.buf, "0 0 "...)
	s.buf = length(s.buf, height)
	s.buf = length(s.buf, x)
	s.buf = length(s.buf, s.height-y-height)
	s.buf = append(s.buf, "cm /Logo Do Q\n"...)
}
