package pdfw

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"sync"
	"unicode"

	"golang.org/x/image/font/sfnt"
)

// wide is a font of which a document carries the letters that it shows.
type wide struct {
	name string
	ttf  *truetype
	sfnt *sfnt.Font
}

// wideFonts are read once, by the first document that needs one. They come with
// the program, so that a fault in one is a fault of the build.
var wideFonts = sync.OnceValue(func() (list []*wide) {
	for _, s := range wideSources {
		ttf, err := parseTruetype(s.data)
		if err != nil {
			panic("pdfw: font " + s.name + ": " + err.Error())
		}
		f, err := sfnt.Parse(s.data)
		if err != nil {
			panic("pdfw: font " + s.name + ": " + err.Error())
		}
		list = append(list, &wide{s.name, ttf, f})
	}
	return list
})

// joined are the scripts whose letters stand from right to left: without the
// rules that join and order them, their letters would make no word.
var joined = []*unicode.RangeTable{unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko}

// glyph returns the glyph of a character, 0 when the font lacks it.
func (w *wide) glyph(b *sfnt.Buffer, r rune) uint16 {
	if unicode.In(r, joined...) {
		return 0
	}
	g, err := w.sfnt.GlyphIndex(b, r)
	if err != nil {
		return 0
	}
	return uint16(g)
}

// Lacks reports whether a text has characters that no font of the documents
// has: a letter without its accents or a square stands for them.
func (p *Press) Lacks(text string) bool {
	var b sfnt.Buffer
	for _, r := range text {
		if p.fonts[Regular].has(r) {
			continue
		}
		if list := wideFonts(); len(list) == 0 || list[Regular].glyph(&b, r) == 0 {
			return true
		}
	}
	return false
}

// maxLetters is how many characters of a wide font a document shows.
const maxLetters = 4096

// subset is what a document carries of a wide font: characters in the order in
// which they came, each under the number of its place.
type subset struct {
	glyphs
	font   *wide
	buf    sfnt.Buffer
	runes  []rune
	origin []uint16 // the glyph in the font
	places map[rune]uint16
}

func newSubset(w *wide, resource byte) *subset {
	s := &subset{font: w, places: make(map[rune]uint16)}
	s.resource = resource
	s.add(0, 0) // which shows what has no glyph, and is never asked for
	s.space, s.dots = s.of(' '), s.of('…')
	return s
}

func (s *subset) add(r rune, glyph uint16) uint16 {
	advance, _ := s.font.ttf.metrics(int(glyph))
	place := uint16(len(s.runes))
	s.places[r] = place
	s.runes, s.origin = append(s.runes, r), append(s.origin, glyph)
	s.width = append(s.width, uint16((advance*1000+s.font.ttf.unitsPerEm/2)/s.font.ttf.unitsPerEm))
	return place
}

// of returns the code that shows r. What the font lacks has a code of its own,
// so that it is read back as what it is: it looks like its letter without
// accents, or like a square.
func (s *subset) of(r rune) uint16 {
	if place, known := s.places[r]; known {
		return place
	}
	if len(s.runes) == maxLetters {
		return s.dots
	}
	g := s.font.glyph(&s.buf, r)
	if g == 0 {
		g = s.font.glyph(&s.buf, plain(r))
	}
	if g == 0 {
		g = s.font.glyph(&s.buf, square)
	}
	return s.add(r, g)
}

// wideSet is what the document has of the wide font of a face.
func (s *Sheet) wideSet(face Face) *subset {
	if s.wide[face] == nil {
		s.wide[face] = newSubset(wideFonts()[face], byte('1'+faces+face))
	}
	return s.wide[face]
}

// tag begins the name of a cut font: six letters that the characters decide.
func (s *subset) tag() string {
	h := fnv.New64a()
	h.Write([]byte(string(s.runes)))
	sum := h.Sum64()
	var b [6]byte
	for i := range b {
		b[i] = byte('A' + sum%26)
		sum /= 26
	}
	return string(b[:]) + "+"
}

// wideResources writes the wide fonts that the pages use, and returns the
// number of the resources of the pages.
func (s *Sheet) wideResources(f *File, start *begin) int {
	fonts := start.fonts
	for _, w := range s.wide {
		if w == nil {
			continue
		}
		codes := make([]uint16, len(w.runes)-1)
		for i := range codes {
			codes[i] = uint16(i + 1)
		}
		e := embedded{name: w.tag() + w.font.name, ttf: w.font.ttf, codes: codes, width: w.width, file: w.font.ttf.renumbered(w.origin)}
		file := bytes.Clone(s.zipped(e.file))
		unicodes := s.zipped(toUnicode(codes, func(c uint16) rune { return w.runes[c] }))
		fonts += fmt.Sprintf(" /F%c %d 0 R", w.resource, e.write(f, file, unicodes))
	}
	if fonts == start.fonts {
		return start.resources
	}
	return f.object("<< /Font << %s >>%s >>", fonts, start.xobjects)
}
