package xmlr

import (
	"unicode/utf8"

	"paye/internal/sixbits"
)

// Class is what bytes of character data are; that of a run is the OR of those
// of its bytes. It tells base64, of which the largest texts are made, at the
// speed of a table.
type Class uint8

const (
	Forbidden Class = 1 << iota // a control that XML 1.0 forbids
	High                        // not ASCII
	Bracket                     // ']', that must not open "]]>"
	Blank                       // white space
	Base64                      // of the alphabet of base64
	Padding                     // '='
	Foreign                     // any other
)

// Classes are those of the bytes.
var Classes = func() (c [256]Class) {
	for b := range c {
		switch {
		case sixbits.Values[b] != sixbits.None:
			c[b] = Base64
		case IsBlank(byte(b)):
			c[b] = Blank
		case b < ' ':
			c[b] = Forbidden
		case b == '=':
			c[b] = Padding
		case b == ']':
			c[b] = Bracket | Foreign
		case b >= utf8.RuneSelf:
			c[b] = High | Foreign
		default:
			c[b] = Foreign
		}
	}
	return c
}()

// ClassOf is the class of a run.
func ClassOf(p []byte) Class {
	var a, b, c, d Class
	if n := sixbits.Run(p); n > 0 {
		a, p = Base64, p[n:]
	}
	for len(p) >= 8 {
		a |= Classes[p[0]] | Classes[p[4]]
		b |= Classes[p[1]] | Classes[p[5]]
		c |= Classes[p[2]] | Classes[p[6]]
		d |= Classes[p[3]] | Classes[p[7]]
		p = p[8:]
	}
	for _, o := range p {
		a |= Classes[o]
	}
	return a | b | c | d
}
