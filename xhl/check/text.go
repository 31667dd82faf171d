package check

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"

	"paye/internal/xmlr"
)

const (
	eachByte = 0x0101010101010101
	highBits = 0x8080808080808080
)

// plainRun returns the place of the first byte from p on that does not stand
// for itself between double quotes: one that valueBits has. It looks at eight
// bytes at a time: of the borrows that the subtractions leave, the first is
// always true. The padding of a window stops it.
func plainRun(src []byte, p int) int {
	for {
		x := binary.LittleEndian.Uint64(src[p:])
		quote, and, less := x^eachByte*'"', x^eachByte*'&', x^eachByte*'<'
		m := (quote-eachByte)&^quote | (and-eachByte)&^and | (less-eachByte)&^less | (x-eachByte*' ')&^x | x
		if m &= highBits; m != 0 {
			return p + bits.TrailingZeros64(m)>>3
		}
		p += 8
	}
}

// accented judges a text with characters beyond ASCII, p being the place of the
// first, and returns the place of the quote that ends it; -1 when value must
// see to it. Such a text is neither blank nor of several
// lines, and no longer than its bytes.
func (w *walker) accented(nd *node, v0, p int) int {
	src := w.src
	if w.charset == xmlr.UTF8 {
		for src[p] >= utf8.RuneSelf {
			r, n := utf8.DecodeRune(src[p:w.end])
			if n <= 1 || !xmlr.IsChar(r) {
				return -1
			}
			p = plainRun(src, p+n)
		}
	} else {
		// The bytes that it keeps for control characters are for value, and so is
		// whatever needs the characters themselves.
		if !w.charset.Full() || w.hashed || nd.act != actNone {
			return -1
		}
		for src[p] >= 0xA0 {
			p = plainRun(src, p+1)
		}
	}
	if src[p] != '"' || p-v0 > nd.el.Value.Max {
		return -1
	}
	if !w.res.mixed {
		w.label(src[v0:p])
	}
	return p
}
