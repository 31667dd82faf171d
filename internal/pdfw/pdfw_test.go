package pdfw

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

func TestUsualFontHasItsSquare(t *testing.T) {
	p, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range p.fonts {
		if !f.exact[square] || !f.exact['…'] {
			t.Errorf("font %d shows what it lacks as nothing", i)
		}
	}
}

// outline is a glyph as another reader sees it: its curves, and its advance.
func outline(t *testing.T, f *sfnt.Font, g int) ([]sfnt.Segment, fixed.Int26_6) {
	t.Helper()
	var b sfnt.Buffer
	ppem := fixed.I(2048)
	segments, err := f.LoadGlyph(&b, sfnt.GlyphIndex(g), ppem, nil)
	if err != nil {
		t.Fatalf("glyph %d: %v", g, err)
	}
	advance, err := f.GlyphAdvance(&b, sfnt.GlyphIndex(g), ppem, 0)
	if err != nil {
		t.Fatalf("glyph %d: %v", g, err)
	}
	return slices.Clone(segments), advance
}

// withMap gives a cut font the tables that a reader asks for: it has none, as
// PDF wants it.
func withMap(t *testing.T, font []byte, from *truetype) *sfnt.Font {
	t.Helper()
	ttf, err := parseTruetype(font)
	if err != nil {
		t.Fatal(err)
	}
	var list []table
	for _, tag := range []string{"OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post"} {
		data, there := ttf.tables[tag]
		if !there {
			data = from.tables[tag]
		}
		switch tag {
		case "OS/2": // of a version that says how high an x is, which the reader would measure
			data = append(bytes.Clone(data), make([]byte, 96)...)[:96]
			data[1] = 2
		case "post":
			data = append([]byte{0, 3, 0, 0}, data[4:32]...) // without names
		}
		list = append(list, table{tag, data})
	}
	f, err := sfnt.Parse(assemble(list))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestCutFontDrawsWhatTheWholeOneDraws holds the outlines of a cut font, read by
// another reader, against those of the font that it comes from.
func TestCutFontDrawsWhatTheWholeOneDraws(t *testing.T) {
	for _, w := range wideFonts() {
		var b sfnt.Buffer
		var origin []uint16
		for _, r := range "\x00 aéễẬΏѢ□…ǖﬁ€Ǻ" {
			g, err := w.sfnt.GlyphIndex(&b, r)
			if err != nil {
				t.Fatal(err)
			}
			origin = append(origin, uint16(g))
		}
		origin = append(origin, origin[3], origin[9]) // two codes may look alike
		cut := withMap(t, w.ttf.renumbered(origin), w.ttf)
		if n := cut.NumGlyphs(); n < len(origin) || n > len(origin)+20 {
			t.Errorf("%s: %d glyphs for %d characters", w.name, n, len(origin))
		}
		for i, g := range origin {
			want, wide := outline(t, w.sfnt, int(g))
			got, advance := outline(t, cut, i)
			if !slices.Equal(got, want) || advance != wide {
				t.Errorf("%s: glyph %d is drawn otherwise when it is %d", w.name, g, i)
			}
		}
	}
}

func TestChecksumOfACutFontIsRight(t *testing.T) {
	w := wideFonts()[Regular]
	font := w.ttf.renumbered([]uint16{0, 3, 70, 200})
	if sum := checksum(font); sum != 0xB1B0AFBA {
		t.Errorf("the sum of the file is %08X", sum)
	}
	for i := range int(binary.BigEndian.Uint16(font[4:])) {
		row := font[12+16*i:]
		from, size := binary.BigEndian.Uint32(row[8:]), binary.BigEndian.Uint32(row[12:])
		data := bytes.Clone(font[from : from+size])
		if string(row[:4]) == "head" {
			copy(data[8:], "\x00\x00\x00\x00")
		}
		if got, want := checksum(data), binary.BigEndian.Uint32(row[4:]); got != want {
			t.Errorf("table %s: %08X, want %08X", row[:4], got, want)
		}
	}
}

func TestLettersOfADocumentAreBounded(t *testing.T) {
	s := newSubset(wideFonts()[Regular], '3')
	for r := rune(0x4e00); r < 0x4e00+2*maxLetters; r++ {
		if int(s.of(r)) >= len(s.width) {
			t.Fatalf("%q has no width", r)
		}
	}
	if len(s.runes) != maxLetters {
		t.Errorf("%d letters, want %d at most", len(s.runes), maxLetters)
	}
}
