package pdfw

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// truetype is a TrueType font, cut into its tables (OpenType 1.9, glyf
// outlines). It only serves fonts that the program brings along, so that a
// fault in one is a fault of the build.
type truetype struct {
	tables     map[string][]byte
	unitsPerEm int
	loca       []uint32 // one more than there are glyphs
}

var errTruetype = errors.New("not a TrueType font with outlines")

func parseTruetype(data []byte) (*truetype, error) {
	if len(data) < 12 {
		return nil, errTruetype
	}
	t := &truetype{tables: make(map[string][]byte)}
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		at := 12 + 16*i
		if at+16 > len(data) {
			return nil, errTruetype
		}
		from, size := int(binary.BigEndian.Uint32(data[at+8:])), int(binary.BigEndian.Uint32(data[at+12:]))
		if from+size > len(data) {
			return nil, errTruetype
		}
		t.tables[string(data[at:at+4])] = data[from : from+size]
	}
	for name, least := range map[string]int{"head": 54, "hhea": 36, "maxp": 6, "hmtx": 4, "loca": 4, "glyf": 1} {
		if len(t.tables[name]) < least {
			return nil, fmt.Errorf("%w: table %s", errTruetype, name)
		}
	}
	t.unitsPerEm = int(binary.BigEndian.Uint16(t.tables["head"][18:]))
	glyphs := int(binary.BigEndian.Uint16(t.tables["maxp"][4:]))
	loca, long := t.tables["loca"], binary.BigEndian.Uint16(t.tables["head"][50:]) == 1
	width := 2
	if long {
		width = 4
	}
	if len(loca) < (glyphs+1)*width || t.unitsPerEm == 0 {
		return nil, errTruetype
	}
	t.loca = make([]uint32, glyphs+1)
	for i := range t.loca {
		if long {
			t.loca[i] = binary.BigEndian.Uint32(loca[4*i:])
		} else {
			t.loca[i] = 2 * uint32(binary.BigEndian.Uint16(loca[2*i:]))
		}
	}
	return t, nil
}

// glyph returns the outline of a glyph, empty for one without ink.
func (t *truetype) glyph(g int) []byte {
	if g < 0 || g+1 >= len(t.loca) || t.loca[g] > t.loca[g+1] || int(t.loca[g+1]) > len(t.tables["glyf"]) {
		return nil
	}
	return t.tables["glyf"][t.loca[g]:t.loca[g+1]]
}

// The flags of a part of a composite glyph.
const (
	argsAreWords     = 1 << 0
	haveScale        = 1 << 3
	moreComponents   = 1 << 5
	haveXYScale      = 1 << 6
	haveTwoByTwo     = 1 << 7
	haveInstructions = 1 << 8
)

// components gives the glyphs that a composite glyph is made of, with the
// place of their flags, and returns where they end.
func components(outline []byte, each func(glyph, flagsAt int)) int {
	at := 10
	for at+4 <= len(outline) {
		flags := binary.BigEndian.Uint16(outline[at:])
		each(int(binary.BigEndian.Uint16(outline[at+2:])), at)
		at += 6
		if flags&argsAreWords != 0 {
			at += 2
		}
		switch {
		case flags&haveScale != 0:
			at += 2
		case flags&haveXYScale != 0:
			at += 4
		case flags&haveTwoByTwo != 0:
			at += 8
		}
		if flags&moreComponents == 0 {
			break
		}
	}
	return min(at, len(outline))
}

// unhinted returns an outline without its instructions, which the resolutions
// of today do without and which are half of the font.
func unhinted(outline []byte) []byte {
	if len(outline) < 10 {
		return nil
	}
	if composite(outline) {
		var flags []int
		end := components(outline, func(_, at int) { flags = append(flags, at) })
		out := append([]byte(nil), outline[:end]...)
		for _, at := range flags {
			binary.BigEndian.PutUint16(out[at:], binary.BigEndian.Uint16(out[at:])&^haveInstructions)
		}
		return out
	}
	at := 10 + 2*int(binary.BigEndian.Uint16(outline))
	if at+2 > len(outline) {
		return nil
	}
	size := int(binary.BigEndian.Uint16(outline[at:]))
	if at+2+size > len(outline) {
		return nil
	}
	out := append([]byte(nil), outline[:at]...)
	return append(append(out, 0, 0), outline[at+2+size:]...)
}

// subset returns a font that has the outlines of the glyphs of keep and of
// those that they are made of, under the same numbers.
func (t *truetype) subset(keep []uint16) []byte {
	wanted := map[int]bool{0: true}
	var want func(g int)
	want = func(g int) {
		if wanted[g] {
			return
		}
		wanted[g] = true
		if outline := t.glyph(g); composite(outline) {
			components(outline, func(part, _ int) { want(part) })
		}
	}
	for _, g := range keep {
		want(int(g))
	}
	glyphs := 0
	for g := range wanted {
		glyphs = max(glyphs, min(g+1, len(t.loca)-1))
	}
	c := t.cut()
	for g := range glyphs {
		if wanted[g] {
			c.add(g, unhinted(t.glyph(g)))
		} else {
			c.empty()
		}
	}
	return c.font()
}

// renumbered returns a font whose glyphs are those of origin, in their order;
// what they are made of comes after them.
func (t *truetype) renumbered(origin []uint16) []byte {
	list := make([]int, len(origin))
	places := make(map[int]int)
	for i, g := range origin {
		list[i] = int(g)
		if _, known := places[int(g)]; !known {
			places[int(g)] = i
		}
	}
	c := t.cut()
	for i := 0; i < len(list); i++ { // which grows
		outline := unhinted(t.glyph(list[i]))
		if composite(outline) {
			components(outline, func(part, at int) {
				if _, known := places[part]; !known {
					places[part] = len(list)
					list = append(list, part)
				}
				binary.BigEndian.PutUint16(outline[at+2:], uint16(places[part]))
			})
		}
		c.add(list[i], outline)
	}
	return c.font()
}

// composite reports whether an outline is made of other glyphs.
func composite(outline []byte) bool {
	return len(outline) >= 10 && int16(binary.BigEndian.Uint16(outline)) < 0
}

// cut is a font being made of glyphs of another.
type cut struct {
	from             *truetype
	glyf, loca, hmtx []byte
	glyphs           int
}

func (t *truetype) cut() *cut { return &cut{from: t} }

// add adds an outline, with the metrics that glyph g has.
func (c *cut) add(g int, outline []byte) {
	advance, bearing := c.from.metrics(g)
	c.put(outline, advance, bearing)
}

// empty adds a glyph that nothing shows.
func (c *cut) empty() { c.put(nil, 0, 0) }

func (c *cut) put(outline []byte, advance, bearing int) {
	c.loca = binary.BigEndian.AppendUint32(c.loca, uint32(len(c.glyf)))
	c.glyf = append(c.glyf, outline...)
	for len(c.glyf)%4 != 0 {
		c.glyf = append(c.glyf, 0)
	}
	c.hmtx = binary.BigEndian.AppendUint16(c.hmtx, uint16(advance))
	c.hmtx = binary.BigEndian.AppendUint16(c.hmtx, uint16(bearing))
	c.glyphs++
}

// font returns the font file.
func (c *cut) font() []byte {
	c.loca = binary.BigEndian.AppendUint32(c.loca, uint32(len(c.glyf)))
	head := append([]byte(nil), c.from.tables["head"]...)
	binary.BigEndian.PutUint32(head[8:], 0)  // checkSumAdjustment, set below
	binary.BigEndian.PutUint16(head[50:], 1) // long loca
	hhea := append([]byte(nil), c.from.tables["hhea"]...)
	binary.BigEndian.PutUint16(hhea[34:], uint16(c.glyphs))
	maxp := append([]byte(nil), c.from.tables["maxp"]...)
	binary.BigEndian.PutUint16(maxp[4:], uint16(c.glyphs))
	return assemble([]table{{"glyf", c.glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", c.hmtx}, {"loca", c.loca}, {"maxp", maxp}})
}

// metrics returns the advance and the left side bearing of a glyph, in units.
func (t *truetype) metrics(g int) (advance, bearing int) {
	long := int(binary.BigEndian.Uint16(t.tables["hhea"][34:]))
	hmtx := t.tables["hmtx"]
	if long == 0 || 4*long > len(hmtx) {
		return 0, 0
	}
	if g < long {
		return int(binary.BigEndian.Uint16(hmtx[4*g:])), int(int16(binary.BigEndian.Uint16(hmtx[4*g+2:])))
	}
	advance = int(binary.BigEndian.Uint16(hmtx[4*(long-1):]))
	if at := 4*long + 2*(g-long); at+2 <= len(hmtx) {
		bearing = int(int16(binary.BigEndian.Uint16(hmtx[at:])))
	}
	return advance, bearing
}

type table struct {
	tag  string
	data []byte
}

// assemble writes a font file; the tables are in the order of their tags.
func assemble(tables []table) []byte {
	exponent := 0
	for 2<<exponent <= len(tables) {
		exponent++
	}
	out := []byte{0, 1, 0, 0}
	for _, n := range []int{len(tables), 16 << exponent, exponent, 16*len(tables) - 16<<exponent} {
		out = binary.BigEndian.AppendUint16(out, uint16(n))
	}
	at := 12 + 16*len(tables)
	headAt := 0
	for _, t := range tables {
		if t.tag == "head" {
			headAt = at
		}
		out = append(out, t.tag...)
		out = binary.BigEndian.AppendUint32(out, checksum(t.data))
		out = binary.BigEndian.AppendUint32(out, uint32(at))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.data)))
		at += (len(t.data) + 3) &^ 3
	}
	for _, t := range tables {
		out = append(out, t.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	binary.BigEndian.PutUint32(out[headAt+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(data []byte) uint32 {
	var sum uint32
	for ; len(data) >= 4; data = data[4:] {
		sum += binary.BigEndian.Uint32(data)
	}
	if len(data) > 0 {
		var last [4]byte
		copy(last[:], data)
		sum += binary.BigEndian.Uint32(last[:])
	}
	return sum
}
