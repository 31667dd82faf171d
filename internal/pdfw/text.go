package pdfw

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of what one value may fill: a document stays a document whatever it
// is given.
const (
	maxRunes = 1200
	// MaxLines is as many lines as a page takes of one value.
	MaxLines = 24
)

// encode puts the codes of text into s.codes: in the usual font, or in the wide
// one when that lacks a character.
func (s *Sheet) encode(face Face, text string) {
	p := s.press.fonts[face]
	s.set = &p.glyphs
	if s.putASCII(p, text) {
		return
	}
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			if !norm.NFC.IsNormalString(text) {
				text = norm.NFC.String(text[:min(len(text), 4*maxRunes)])
			}
			break
		}
	}
	usual := s.put(text, func(r rune) (code uint16, there bool) {
		if !p.has(r) && len(wideSources) > 0 {
			return 0, false
		}
		g := p.of(r)
		if !p.common[g] {
			s.jeu = entier
		}
		return g, true
	})
	if !usual {
		w := s.wideSet(face)
		s.set = &w.glyphs
		s.put(text, func(r rune) (uint16, bool) { return w.of(r), true })
	}
}

// putASCII is put for texts of ASCII, which any font has; false for others.
func (s *Sheet) putASCII(p *font, text string) bool {
	s.codes = s.codes[:0]
	pending := false
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= utf8.RuneSelf || len(s.codes) >= maxRunes:
			return false
		case c <= ' ' || c == 0x7f:
			pending = len(s.codes) > 0
		default:
			if pending {
				s.codes = append(s.codes, p.space)
				pending = false
			}
			s.codes = append(s.codes, p.glyph[c])
		}
	}
	return true
}

// put puts the codes of text in the set of s into s.codes: blanks become one
// space, invisible characters go. It reports whether all of them are there.
func (s *Sheet) put(text string, of func(rune) (code uint16, there bool)) bool {
	s.codes = s.codes[:0]
	pending := false
	for _, r := range text {
		if blank(r) {
			pending = len(s.codes) > 0
			continue
		}
		if r > 0x7f && unicode.Is(unicode.Cf, r) {
			continue
		}
		if pending {
			s.codes = append(s.codes, s.set.space)
			pending = false
		}
		if len(s.codes) >= maxRunes {
			s.codes = append(s.codes, s.set.dots)
			break
		}
		code, there := of(r)
		if !there {
			return false
		}
		s.codes = append(s.codes, code)
	}
	return true
}

// Wrap says on how many lines text stands, none wider than width: cut between
// words, or within a word that is too long. What does not fit on most lines is
// left out behind "…".
func (s *Sheet) Wrap(st Style, width Point, text string, most int) int {
	s.encode(st.Face, text)
	s.lines = s.lines[:0]
	widths, space := s.set.width, s.set.space
	room := width * 1000 / st.Size
	for from := 0; from < len(s.codes); {
		cut := segment{from: from, to: from}
		word := cut // up to the last space
		next := from
		for next < len(s.codes) {
			c := s.codes[next]
			if cut.width+int(widths[c]) > room && next > from {
				break
			}
			if c == space {
				word = cut
			}
			cut.width += int(widths[c])
			next++
			cut.to = next
		}
		if next < len(s.codes) && s.codes[next] == space {
			next++
		} else if next < len(s.codes) && word.to > from {
			cut, next = word, word.to+1
		}
		s.lines = append(s.lines, cut)
		from = next
		if len(s.lines) == most && from < len(s.codes) {
			s.shorten(room)
			break
		}
	}
	return len(s.lines)
}

// shorten ends the last line with "…".
func (s *Sheet) shorten(room int) {
	last := &s.lines[len(s.lines)-1]
	dots := int(s.set.width[s.set.dots])
	for last.to > last.from && last.width+dots > room {
		last.to--
		last.width -= int(s.set.width[s.codes[last.to]])
	}
	s.codes = append(s.codes[:last.to], s.set.dots)
	last.to++
	last.width += dots
}

// Text writes a text on one line whose foot is y: smaller where it is wider
// than width, and cut short where it still is at the least of its sizes.
func (s *Sheet) Text(st Style, x, y, width Point, at Align, text string) {
	s.encode(st.Face, text)
	line := segment{to: len(s.codes)}
	for _, c := range s.codes {
		line.width += int(s.set.width[c])
	}
	if wide := line.width * st.Size / 1000; wide > width {
		st.Size = max(st.Size*width/wide, st.Size*6/10)
		s.Wrap(st, width, text, 1)
		line = s.lines[0]
	}
	if line.to > 0 {
		s.show(st, line, x, y, width, at)
	}
}

// Paragraph writes a text on at most most lines, the foot of the first at y,
// and returns how many there are.
func (s *Sheet) Paragraph(st Style, x, y, width, leading Point, at Align, most int, text string) int {
	n := s.Wrap(st, width, text, most)
	for i, l := range s.lines {
		s.show(st, l, x, y+i*leading, width, at)
	}
	return n
}

func (s *Sheet) show(st Style, l segment, x, y, width Point, at Align) {
	switch at {
	case Right:
		x += width - l.width*st.Size/1000
	case Center:
		x += (width - l.width*st.Size/1000) / 2
	}
	// A blank parts what a part says from what it said before.
	again := s.current != none && s.parts[s.current].marks > 0
	if again {
		x -= int(s.set.width[s.set.space]) * st.Size / 1000
	}
	s.beginText()
	s.mark(s.current)
	s.color(st.Color)
	b := s.buf
	if s.set.resource != s.font || st.Size != s.size { // which last from one text to the next
		s.font, s.size = s.set.resource, st.Size
		b = append(append(b, "/F"...), s.font, ' ')
		b = length(b, st.Size)
		b = append(b, "Tf "...)
	}
	b = length(b, x-s.textX) // from where the last text began
	b = length(b, s.height-y-s.textY)
	s.textX, s.textY = x, s.height-y
	b = append(b, "Td ("...)
	if again {
		b = append(b, byte(s.set.space>>8), byte(s.set.space))
	}
	for _, c := range s.codes[l.from:l.to] {
		b = escaped(b, byte(c>>8))
		b = escaped(b, byte(c))
	}
	s.buf = append(b, ")Tj\n"...)
}

// beginText begins a text object, which lasts until something else is drawn.
func (s *Sheet) beginText() {
	if !s.texts {
		s.unmark()
		s.buf = append(s.buf, "BT\n"...)
		s.texts, s.textX, s.textY = true, 0, 0
	}
}

func (s *Sheet) endText() {
	if s.texts {
		s.unmark()
		s.buf = append(s.buf, "ET\n"...)
		s.texts = false
	}
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
