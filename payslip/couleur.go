package payslip

import (
	"encoding/hex"
	"errors"
	"strconv"
)

// couleur is a colour of sRGB.
type couleur struct{ r, g, b uint8 }

var (
	noir  = couleur{}
	blanc = couleur{255, 255, 255}
	gris  = couleur{0x5a, 0x5f, 0x66}
	filet = couleur{0xc9, 0xcd, 0xd2}
)

// CouleurDefaut is the colour of an employer that has chosen none.
const CouleurDefaut = "1F4E79"

// ErrCouleur is the error of a colour that is not six hexadecimal digits.
var ErrCouleur = errors.New("not a colour RRGGBB")

func parseCouleur(s string) (couleur, error) {
	if s != "" && s[0] == '#' {
		s = s[1:]
	}
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 3 {
		return couleur{}, ErrCouleur
	}
	return couleur{b[0], b[1], b[2]}, nil
}

// over mixes percent of c with white.
func (c couleur) over(percent int) couleur {
	mix := func(v uint8) uint8 { return uint8((int(v)*percent + 255*(100-percent)) / 100) }
	return couleur{mix(c.r), mix(c.g), mix(c.b)}
}

// luminance is from 0 to 255, weighted as the eye does (ITU-R BT.601).
func (c couleur) luminance() int { return (299*int(c.r) + 587*int(c.g) + 114*int(c.b)) / 1000 }

// ink is the colour of a text that is read on c.
func (c couleur) ink() couleur {
	if c.luminance() > 150 {
		return noir
	}
	return blanc
}

// readable is c, darkened until it is read on white.
func (c couleur) readable() couleur {
	for c.luminance() > 120 {
		c = couleur{uint8(int(c.r) * 4 / 5), uint8(int(c.g) * 4 / 5), uint8(int(c.b) * 4 / 5)}
	}
	return c
}

// visible is c, darkened when it would not be told from the paper.
func (c couleur) visible() couleur {
	if c.luminance() > 235 {
		return c.readable()
	}
	return c
}

// append appends the three components, from 0 to 1, in thousandths.
func (c couleur) append(dst []byte) []byte {
	for _, v := range [...]uint8{c.r, c.g, c.b} {
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
