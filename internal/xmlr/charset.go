package xmlr

import (
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Charset is how bytes stand for characters. All of them extend ASCII, so that
// markup is found without decoding, and offsets are those of the file.
type Charset struct {
	wide  bool      // UTF-8
	ascii bool      // no byte above 0x7F
	full  bool      // every byte from 0xA0 on is a character
	total bool      // every byte is one
	high  [128]rune // the characters of the bytes from 0x80 on; 0 where there is none
	value [128]rune // those that AppendValue gives
}

var (
	UTF8        = &Charset{wide: true}
	ASCII       = &Charset{wide: true, ascii: true} // values out of it are read as UTF-8
	Latin1      = newCharset(charmap.ISO8859_1, true)
	Windows1252 = newCharset(charmap.Windows1252, false)

	// Latin1As1252 is ISO-8859-1 whose values are read as readers of the field
	// do: the bytes 0x80 to 0x9F, control characters by the label, are nearly
	// always those of windows-1252.
	Latin1As1252 = latin1As1252()
)

// newCharset takes the table of a charset of one byte. c1 says that 0x80 to
// 0x9F are control characters where the table has nothing; elsewhere a control
// character of the table is a byte that the charset leaves free.
func newCharset(table *charmap.Charmap, c1 bool) *Charset {
	c := new(Charset)
	for i := range c.high {
		r := table.DecodeByte(byte(0x80 + i))
		switch free := r == utf8.RuneError || r >= 0x80 && r < 0xA0; {
		case !free:
			c.high[i] = r
		case c1 && i < 0x20:
			c.high[i] = rune(0x80 + i)
		}
		if c.value[i] = c.high[i]; c.value[i] == 0 {
			c.value[i] = rune(0x80 + i)
		}
	}
	c.full = !slices.Contains(c.high[0x20:], 0)
	c.total = !slices.Contains(c.high[:], 0)
	return c
}

func latin1As1252() *Charset {
	c := *Latin1
	copy(c.value[:0x20], Windows1252.value[:])
	return &c
}

// AsRead is the charset of values as readers of the field take them:
// Latin1As1252 in place of Latin1, and c otherwise, which may be nil.
func (c *Charset) AsRead() *Charset {
	if c == Latin1 {
		return Latin1As1252
	}
	return c
}

// Full reports whether c has one byte a character, and one character for each
// byte from 0xA0 on.
func (c *Charset) Full() bool { return c.full }

// Total reports whether c has one byte a character, and no byte that is none.
func (c *Charset) Total() bool { return c.total }

// IsUTF8 reports whether values are read as UTF-8.
func (c *Charset) IsUTF8() bool { return c.wide }

// Rune reads the first character of b, which is not empty; size is 0 when its
// bytes are not of the charset.
func (c *Charset) Rune(b []byte) (r rune, size int) {
	switch {
	case b[0] < utf8.RuneSelf:
		return rune(b[0]), 1
	case c.ascii:
		return utf8.RuneError, 0
	case c.wide:
		if r, size = utf8.DecodeRune(b); r == utf8.RuneError && size <= 1 {
			return r, 0
		}
		return r, size
	}
	if r = c.high[b[0]-0x80]; r == 0 {
		return utf8.RuneError, 0
	}
	return r, 1
}

// Invalid returns the index of the first byte of p that is not of the charset
// or not a character of XML, -1 when there is none.
func (c *Charset) Invalid(p []byte) int {
	for i := 0; i < len(p); {
		if b := p[i]; b < utf8.RuneSelf {
			if b < 0x20 && !IsBlank(b) {
				return i
			}
			i++
			continue
		}
		r, size := c.Rune(p[i:])
		if size == 0 || !IsChar(r) {
			return i
		}
		i += size
	}
	return -1
}

// AppendUTF8 appends p, which is of the charset, in UTF-8.
func (c *Charset) AppendUTF8(dst, p []byte) []byte {
	if c.wide {
		return append(dst, p...)
	}
	for _, b := range p {
		if b < utf8.RuneSelf {
			dst = append(dst, b)
		} else {
			dst = utf8.AppendRune(dst, c.value[b-0x80])
		}
	}
	return dst
}

// Byte returns the byte of a character above U+007F in a charset of one byte.
func (c *Charset) Byte(r rune) (byte, bool) {
	for i, high := range c.high {
		if high == r {
			return byte(0x80 + i), true
		}
	}
	return 0, false
}
