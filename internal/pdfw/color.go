package pdfw

import (
	"encoding/hex"
	"errors"
	"strconv"
)

// Color is a colour of sRGB.
type Color struct{ R, G, B uint8 }

// The colours of every document.
var (
	Black = Color{}
	White = Color{255, 255, 255}
	Gray  = Color{0x5a, 0x5f, 0x66} // of what is read second
	Rule  = Color{0xc9, 0xcd, 0xd2} // of thin lines
)

// ErrColor is the error of a colour that is not six hexadecimal digits.
var ErrColor = errors.New("not a colour RRGGBB")

// ParseColor reads RRGGBB, with or without a "#".
func ParseColor(s string) (Color, error) {
	if s != "" && s[0] == '#' {
		s = s[1:]
	}
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 3 {
		return Color{}, ErrColor
	}
	return Color{b[0], b[1], b[2]}, nil
}

// Over mixes percent of c with white.
func (c Color) Over(percent int) Color {
	mix := func(v uint8) uint8 { return uint8((int(v)*percent + 255*(100-percent)) / 100) }
	return Color{mix(c.R), mix(c.G), mix(c.B)}
}

// luminance is from 0 to 255, weighted as the eye does (ITU-R BT.601).
func (c Color) luminance() int { return (299*int(c.R) + 587*int(c.G) + 114*int(c.B)) / 1000 }

// Ink is the colour of a text that is read on c.
func (c Color) Ink() Color {
	if c.luminance() > 150 {
		return Black
	}
	return White
}

// Readable is c, darkened until it is read on white.
func (c Color) Readable() Color {
	for c.luminance() > 120 {
		c = Color{uint8(int(c.R) * 4 / 5), uint8(int(c.G) * 4 / 5), uint8(int(c.B) * 4 / 5)}
	}
	return c
}

// Visible is c, darkened when it would not be told from the paper.
func (c Color) Visible() Color {
	if c.luminance() > 235 {
		return c.Readable()
	}
	return c
}

// append appends the three components, from 0 to 1, in thousandths.
func (c Color) append(dst []byte) []byte {
	for _, v := range [...]uint8{c.R, c.G, c.B} {
		n := (int(v)*1000 + 127) / 255
		if n == 1000 {
			dst = append(dst, "1 "...)
			continue
		}
		dst = append(dst, '.')
		if n < 100 {
			dst = append(dst, '0')
		}
		if n < 10 {
			dst = append(dst, '0')
		}
		dst = strconv.AppendInt(dst, int64(n), 10)
		dst = append(dst, ' ')
	}
	return dst
}
