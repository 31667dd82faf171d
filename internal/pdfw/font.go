package pdfw

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// lastRune is the end of the characters that a font is asked for; the Go
// fonts have nothing further but ligatures and the replacement character.
const lastRune = 0x2700

// font is a font: the glyph of each character and their widths.
type font struct {
	glyphs
	name   string
	ttf    *truetype
	glyph  [lastRune]uint16 // 0 for a character that it lacks
	exact  [lastRune]bool   // the font has the character itself
	common []bool           // the glyph is in the set of French
	other  uint16           // stands for what it lacks
}

// glyphs are what a line of text is measured and shown by.
type glyphs struct {
	width       []uint16 // of a glyph, in 1/1000 of the size
	space, dots uint16
	resource    byte // the digit of its name: F1
}

// jeu is the characters of the fonts that a document carries.
type jeu uint8

const (
	francais jeu = iota
	entier       // all that the fonts have
	nbJeux
)

// tags begin the names of cut fonts. ISO 32000-1, 9.6.4.
var tags = [nbJeux]string{francais: "XHLFRA+", entier: "XHLTOU+"}

// french are the characters that French bulletins are made of, with those that
// the layout adds.
const french = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~" +
	"ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆàâäçéèêëîïôöùûüÿœæ«»°²³½€’–—…•·×§"

func newFont(name string, data []byte, resource byte) (*font, error) {
	ttf, err := parseTruetype(data)
	if err != nil {
		return nil, fmt.Errorf("read font %s: %w", name, err)
	}
	f, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("read font %s: %w", name, err)
	}
	p := &font{name: name, ttf: ttf}
	var buf sfnt.Buffer
	for r := rune(0x20); r < lastRune; r++ {
		if unicode.IsControl(r) {
			continue
		}
		g, err := f.GlyphIndex(&buf, r)
		if err != nil {
			return nil, fmt.Errorf("read font %s: %w", name, err)
		}
		p.glyph[r], p.exact[r] = uint16(g), g != 0
	}
	if g := plainZero(f); g != 0 {
		p.glyph['0'] = g
	}
	p.width = make([]uint16, len(ttf.loca)-1)
	p.common = make([]bool, len(p.width))
	for g := range p.width {
		advance, _ := ttf.metrics(g)
		p.width[g] = uint16((advance*1000 + ttf.unitsPerEm/2) / ttf.unitsPerEm)
	}
	for _, r := range french {
		p.common[p.glyph[r]] = true
	}
	p.common[0] = false
	p.other = p.glyph[square]
	for r := range rune(lastRune) {
		if p.glyph[r] == 0 && r > 0x7f {
			p.glyph[r] = p.standIn(r)
		}
	}
	p.space, p.dots, p.resource = p.of(' '), p.of('…'), resource
	return p, nil
}

// plainZero returns the glyph of a zero without a slash, which a column of
// amounts reads better with; 0 when the font has none.
func plainZero(f *sfnt.Font) uint16 {
	var buf sfnt.Buffer
	for g := range f.NumGlyphs() {
		if name, err := f.GlyphName(&buf, sfnt.GlyphIndex(g)); err == nil && name == "zero.empty" {
			return uint16(g)
		}
	}
	return 0
}

// square stands for a character that no font has.
const square = '□'

// standIn returns the glyph for a character that the font lacks: a space for
// another kind of space, the letter for a letter whose accent it does not
// have; 0 when there is none.
func (p *font) standIn(r rune) uint16 {
	if unicode.IsSpace(r) {
		return p.glyph[' ']
	}
	if first := plain(r); first != r && first < lastRune {
		return p.glyph[first]
	}
	return 0
}

// plain is a letter without its accents.
func plain(r rune) rune {
	first, _ := utf8.DecodeRuneInString(norm.NFKD.String(string(r)))
	return first
}

// has reports whether the font has a character, or needs none for it.
func (p *font) has(r rune) bool {
	return r < lastRune && p.exact[r] || r <= 0x7f || blank(r) || unicode.Is(unicode.Cf, r)
}

// blank reports whether a character is shown as a space.
func blank(r rune) bool {
	return r <= ' ' || r == 0x7f || r > 0x7f && (unicode.IsControl(r) || unicode.IsSpace(r))
}

// of returns the glyph that shows r.
func (p *font) of(r rune) uint16 {
	if r < lastRune {
		if g := p.glyph[r]; g != 0 {
			return g
		}
	}
	return p.other
}

// list lists the glyphs of a jeu, sorted, each with a character that it stands
// for.
func (p *font) list(j jeu) (glyphs []uint16, unicodes map[uint16]rune) {
	unicodes = make(map[uint16]rune)
	for r := rune(0x20); r < lastRune; r++ {
		g := p.glyph[r]
		if g == 0 || j == francais && !p.common[g] {
			continue
		}
		if _, known := unicodes[g]; !known {
			unicodes[g] = r
			glyphs = append(glyphs, g)
		}
	}
	slices.Sort(glyphs)
	return glyphs, unicodes
}

// write writes the objects of the font for a jeu and returns the number of the
// first.
func (p *font) write(f *File, j jeu) int {
	codes, unicodes := p.list(j)
	e := embedded{name: tags[j] + p.name, ttf: p.ttf, codes: codes, width: p.width, file: p.ttf.subset(codes)}
	return e.write(f, deflated(e.file), deflated(toUnicode(codes, func(g uint16) rune { return unicodes[g] })))
}

// embedded is a cut font as a document carries it.
type embedded struct {
	name  string
	ttf   *truetype // that it was cut from
	codes []uint16  // that show a character, sorted
	width []uint16
	file  []byte
}

// write writes the five objects of a font, of which the compressed file and map
// are given, and returns the number of the first, which a page refers to. ISO
// 32000-1, 9.7.
func (e *embedded) write(f *File, file, unicodes []byte) int {
	head, hhea := e.ttf.tables["head"], e.ttf.tables["hhea"]
	units := func(table []byte, at int) int {
		return int(int16(binary.BigEndian.Uint16(table[at:]))) * 1000 / e.ttf.unitsPerEm
	}
	n := f.next()
	f.object("<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>", e.name, n+1, n+4)
	f.object("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor %d 0 R /CIDToGIDMap /Identity /DW 0 /W [%s] >>",
		e.name, n+2, e.widths())
	// Symbolic: the glyphs are chosen by number, not by an encoding.
	f.object("<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV %d /FontFile2 %d 0 R >>",
		e.name, units(head, 36), units(head, 38), units(head, 40), units(head, 42), units(hhea, 4), units(hhea, 6), 730, 90, n+3)
	f.stream(file, "/Filter /FlateDecode /Length1 %d", len(e.file))
	f.stream(unicodes, "/Filter /FlateDecode")
	return n
}

// widths writes the widths of runs of glyphs: "3 [278 355] 10 [512]".
func (e *embedded) widths() []byte {
	var b []byte
	for i, g := range e.codes {
		if i == 0 || e.codes[i-1]+1 != g {
			if i > 0 {
				b = append(b, "] "...)
			}
			b = fmt.Appendf(b, "%d [", g)
		} else {
			b = append(b, ' ')
		}
		b = fmt.Appendf(b, "%d", e.width[g])
	}
	return append(b, ']')
}

// toUnicode writes the CMap by which text is read back. ISO 32000-1, 9.10.3.
func toUnicode(codes []uint16, of func(uint16) rune) []byte {
	b := []byte("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for part := range slices.Chunk(codes, 100) {
		b = fmt.Appendf(b, "%d beginbfchar\n", len(part))
		for _, g := range part {
			b = fmt.Appendf(b, "<%04X> <", g)
			for _, u := range utf16.AppendRune(nil, of(g)) {
				b = fmt.Appendf(b, "%04X", u)
			}
			b = append(b, ">\n"...)
		}
		b = append(b, "endbfchar\n"...)
	}
	return append(b, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"...)
}

// deflated compresses what is written into every document, as well as can be.
func deflated(data []byte) []byte {
	var out bytes.Buffer
	z, err := zlib.NewWriterLevel(&out, zlib.BestCompression)
	if err == nil {
		z.Write(data)
		z.Close()
	}
	return out.Bytes()
}
