package payslip

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"paye/xhl"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// lastRune is the end of the characters that a police is asked for; the Go
// fonts have nothing further but ligatures and the replacement character.
const lastRune = 0x2700

// police is a font: the glyph of each character and their widths.
type font struct {
	name   string
	ttf    *truetype
	glyph  [lastRune]uint16 // 0 for a character that it lacks
	exact  [lastRune]bool   // the font has the character itself
	width  []uint16         // of a glyph, in 1/1000 of the size
	common []bool           // the glyph is in the jeu francais
	other  uint16           // stands for what it lacks
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

func newPolice(name string, data []byte) (*font, error) {
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
	p.other = p.glyph['?']
	for r := range rune(lastRune) {
		if p.glyph[r] == 0 && r > 0x7f {
			p.glyph[r] = p.standIn(r)
		}
	}
	return p, nil
}

// standIn returns the glyph for a character that the font lacks: a space for
// another kind of space, the letter for a letter whose accent it does not
// have; 0 when there is none.
func (p *font) standIn(r rune) uint16 {
	if unicode.IsSpace(r) {
		return p.glyph[' ']
	}
	first, _ := utf8.DecodeRuneInString(norm.NFKD.String(string(r)))
	if first == r || first >= lastRune {
		return 0
	}
	return p.glyph[first]
}

// Lacks reports whether the name of an agent has letters that the font of
// bulletins lacks: another letter or a question mark stands for them.
func (r *Renderer) Lacks(b *xhl.Bulletin) bool {
	exact := &r.polices[regular].exact
	for _, name := range []xhl.Nominatif{b.Agent.Nom, b.Agent.ComplNom.Or(""), b.Agent.Prenom.Or("")} {
		for _, c := range norm.NFC.String(name.Reveal()) {
			if !unicode.IsSpace(c) && (c >= lastRune || !exact[c]) {
				return true
			}
		}
	}
	return false
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

// write writes the five objects of the font and returns the number of the
// first, which a page refers to. ISO 32000-1, 9.7.
func (p *font) write(f *fichier, j jeu) int {
	glyphs, unicodes := p.list(j)
	name := tags[j] + p.name
	head, hhea := p.ttf.tables["head"], p.ttf.tables["hhea"]
	units := func(table []byte, at int) int {
		return int(int16(binary.BigEndian.Uint16(table[at:]))) * 1000 / p.ttf.unitsPerEm
	}
	n := f.next()
	f.object("<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>", name, n+1, n+4)
	f.object("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor %d 0 R /CIDToGIDMap /Identity /DW 0 /W [%s] >>",
		name, n+2, p.widths(glyphs))
	// Symbolic: the glyphs are chosen by number, not by an encoding.
	f.object("<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV %d /FontFile2 %d 0 R >>",
		name, units(head, 36), units(head, 38), units(head, 40), units(head, 42), units(hhea, 4), units(hhea, 6), 730, 90, n+3)
	data := p.ttf.subset(glyphs)
	f.stream(deflated(data), "/Filter /FlateDecode /Length1 %d", len(data))
	f.stream(deflated(toUnicode(glyphs, unicodes)), "/Filter /FlateDecode")
	return n
}

// widths writes the widths of runs of glyphs: "3 [278 355] 10 [512]".
func (p *font) widths(glyphs []uint16) []byte {
	var b []byte
	for i, g := range glyphs {
		if i == 0 || glyphs[i-1]+1 != g {
			if i > 0 {
				b = append(b, "] "...)
			}
			b = fmt.Appendf(b, "%d [", g)
		} else {
			b = append(b, ' ')
		}
		b = fmt.Appendf(b, "%d", p.width[g])
	}
	return append(b, ']')
}

// toUnicode writes the CMap by which text is read back. ISO 32000-1, 9.10.3.
func toUnicode(glyphs []uint16, unicodes map[uint16]rune) []byte {
	b := []byte("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for part := range slices.Chunk(glyphs, 100) {
		b = fmt.Appendf(b, "%d beginbfchar\n", len(part))
		for _, g := range part {
			b = fmt.Appendf(b, "<%04X> <%04X>\n", g, unicodes[g])
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
