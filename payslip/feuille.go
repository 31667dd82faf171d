package payslip

import (
	"bytes"
	"compress/zlib"
	"strconv"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// point is a length in 1/100 of a typographic point. Lengths are integers, so
// that every machine lays a document out alike.
type point = int

// A4, and the margins.
const (
	pageWidth  point = 59528
	pageHeight point = 84189
	left       point = 3400
	right      point = pageWidth - 3400
	top        point = 3400
)

// The fonts of a page, in the order of their names /F1 and /F2.
const (
	regular = iota
	bold
	nbPolices
)

// style is how a text looks.
type style struct {
	font  int
	size  point
	color couleur
}

// sens is where a text stands in its width.
type sens int

const (
	aGauche sens = iota
	aDroite
	auCentre
)

// feuille is the document being laid out. y goes down from the top of the
// page. It is reused from one document to the next.
type sheet struct {
	polices *[nbPolices]*font
	pages   [][]byte // content streams
	buf     []byte   // content of the current page
	y       point
	fill    couleur // the colour of the graphics state
	jeu     jeu     // that the glyphs are in

	glyphs  []uint16
	lines   []segment
	scratch []byte
	packed  bytes.Buffer
	zip     *zlib.Writer
	rangs   []rang
	ordre   []indexed
	paires  map[uint64]int
	offsets []int
}

// segment is a line of a text: glyphs, and their width in 1/1000 of the size.
type segment struct{ from, to, width int }

// reset forgets the document that was laid out.
func (f *sheet) reset() {
	f.pages, f.buf, f.jeu = f.pages[:0], nil, francais
	clear(f.rangs)
	clear(f.ordre)
}

// newPage begins a page.
func (f *sheet) newPage() {
	f.closePage()
	n := len(f.pages)
	if n < cap(f.pages) {
		f.pages = f.pages[:n+1] // with the buffer of an earlier document
	} else {
		f.pages = append(f.pages, nil)
	}
	f.buf = f.pages[n][:0]
	f.fill = noir
	f.y = top
}

func (f *sheet) closePage() {
	if n := len(f.pages); n > 0 {
		f.pages[n-1] = f.buf
	}
}

// length appends a length in points.
func length(dst []byte, n point) []byte {
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

func (f *sheet) color(c couleur) {
	if c != f.fill {
		f.buf = append(c.append(f.buf), "rg\n"...)
		f.fill = c
	}
}

// rectangle fills a box; y is its top.
func (f *sheet) rectangle(x, y, width, height point, c couleur) {
	f.color(c)
	for _, v := range [...]point{x, pageHeight - y - height, width, height} {
		f.buf = length(f.buf, v)
	}
	f.buf = append(f.buf, "re f\n"...)
}

// picture draws the logo, y being its top.
func (f *sheet) picture(x, y, width, height point) {
	f.buf = append(f.buf, "q "...)
	f.buf = length(f.buf, width)
	f.buf = append(f.buf, "0 0 "...)
	f.buf = length(f.buf, height)
	f.buf = length(f.buf, x)
	f.buf = length(f.buf, pageHeight-y-height)
	f.buf = append(f.buf, "cm /Logo Do Q\n"...)
}

// Limits of what one value may fill: a document stays a document whatever the
// journal holds.
const (
	maxRunes = 1200
	maxLines = 24
)

// encode puts the glyphs of s into f.glyphs. Controls and line ends become a
// space, invisible characters go.
func (f *sheet) encode(p *font, s string) {
	f.glyphs = f.glyphs[:0]
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			if !norm.NFC.IsNormalString(s) {
				s = norm.NFC.String(s[:min(len(s), 4*maxRunes)])
			}
			break
		}
	}
	space := p.glyph[' ']
	pending := false
	for _, r := range s {
		var g uint16
		switch {
		case r <= ' ' || r == 0x7f || unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			g = space
		case r > 0x7f && unicode.Is(unicode.Cf, r):
			continue
		default:
			g = p.of(r)
		}
		if g == space {
			pending = len(f.glyphs) > 0
			continue
		}
		if pending {
			f.glyphs = append(f.glyphs, space)
			pending = false
		}
		if len(f.glyphs) >= maxRunes {
			f.glyphs = append(f.glyphs, p.of('…'))
			break
		}
		f.glyphs = append(f.glyphs, g)
		if !p.common[g] {
			f.jeu = entier
		}
	}
}

// measure is the width of s on one line.
func (f *sheet) measure(st style, s string) point {
	p := f.polices[st.font]
	f.encode(p, s)
	width := 0
	for _, g := range f.glyphs {
		width += int(p.width[g])
	}
	return width * st.size / 1000
}

// wrap cuts s into f.lines, none wider than width: between words, or within a
// word that is too long. What does not fit on most lines is left out behind "…".
func (f *sheet) wrap(st style, width point, s string, most int) int {
	p := f.polices[st.font]
	f.encode(p, s)
	f.lines = f.lines[:0]
	room := width * 1000 / st.size
	space := p.glyph[' ']
	for from := 0; from < len(f.glyphs); {
		cut := segment{from: from, to: from}
		word := cut // up to the last space
		next := from
		for next < len(f.glyphs) {
			g := f.glyphs[next]
			if cut.width+int(p.width[g]) > room && next > from {
				break
			}
			if g == space {
				word = cut
			}
			cut.width += int(p.width[g])
			next++
			cut.to = next
		}
		if next < len(f.glyphs) && f.glyphs[next] == space {
			next++
		} else if next < len(f.glyphs) && word.to > from {
			cut, next = word, word.to+1
		}
		f.lines = append(f.lines, cut)
		from = next
		if len(f.lines) == most && from < len(f.glyphs) {
			f.shorten(p, room)
			break
		}
	}
	return len(f.lines)
}

// shorten ends the last line with "…".
func (f *sheet) shorten(p *font, room int) {
	last := &f.lines[len(f.lines)-1]
	dots := p.of('…')
	for last.to > last.from && last.width+int(p.width[dots]) > room {
		last.to--
		last.width -= int(p.width[f.glyphs[last.to]])
	}
	f.glyphs = append(f.glyphs[:last.to], dots)
	last.to++
	last.width += int(p.width[dots])
}

// text writes s on one line whose foot is y: smaller where it is wider than
// width, and cut short where it still is at the least of its sizes.
func (f *sheet) text(st style, x, y, width point, at sens, s string) {
	if wide := f.measure(st, s); wide > width {
		st.size = max(st.size*width/wide, st.size*6/10)
	}
	if f.wrap(st, width, s, 1) > 0 {
		f.show(st, f.lines[0], x, y, width, at)
	}
}

// paragraph writes s on at most most lines, the foot of the first at y, and
// returns how many there are.
func (f *sheet) paragraph(st style, x, y, width, leading point, at sens, most int, s string) int {
	n := f.wrap(st, width, s, most)
	for i, l := range f.lines {
		f.show(st, l, x, y+i*leading, width, at)
	}
	return n
}

func (f *sheet) show(st style, l segment, x, y, width point, at sens) {
	switch at {
	case aDroite:
		x += width - l.width*st.size/1000
	case auCentre:
		x += (width - l.width*st.size/1000) / 2
	}
	f.color(st.color)
	b := append(f.buf, "BT /F"...)
	b = append(b, byte('1'+st.font), ' ')
	b = length(b, st.size)
	b = append(b, "Tf "...)
	b = length(b, x)
	b = length(b, pageHeight-y)
	b = append(b, "Td ("...)
	for _, g := range f.glyphs[l.from:l.to] {
		b = escaped(b, byte(g>>8))
		b = escaped(b, byte(g))
	}
	f.buf = append(b, ") Tj ET\n"...)
}

// escaped appends a byte of a literal string. ISO 32000-1, 7.3.4.2.
func escaped(dst []byte, c byte) []byte {
	switch c {
	case '(', ')', '\\':
		return append(dst, '\\', c)
	case '\r':
		return append(dst, '\\', 'r')
	}
	return append(dst, c)
}
