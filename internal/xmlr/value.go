package xmlr

import (
	"bytes"
	"unicode/utf8"
)

// ValueFault is why a raw value cannot be decoded.
type ValueFault uint8

const (
	ValueOK ValueFault = iota
	ValueReference
	ValueCharacter
)

// AppendValue appends the characters of a raw attribute value to dst, in UTF-8:
// charset, references, and white space as XML 1.0 section 3.3.3 normalises it.
// It adds to lies the bytes of windows-1252 that Latin1As1252 finds.
func AppendValue(dst, raw []byte, c *Charset, lies *int) ([]byte, ValueFault) {
	for i := 0; i < len(raw); {
		b := raw[i]
		switch {
		case b == '&':
			r, n := Reference(raw[i:])
			if n == 0 {
				return dst, ValueReference
			}
			if !IsChar(r) {
				return dst, ValueCharacter
			}
			dst = utf8.AppendRune(dst, r)
			i += n
		case b == '\r':
			dst = append(dst, ' ')
			i++
			if i < len(raw) && raw[i] == '\n' {
				i++
			}
		case b == '\n' || b == '\t':
			dst = append(dst, ' ')
			i++
		case b < utf8.RuneSelf:
			dst = append(dst, b)
			i++
		case c.wide:
			r, n := utf8.DecodeRune(raw[i:])
			if r == utf8.RuneError && n == 1 || !IsChar(r) {
				return dst, ValueCharacter
			}
			dst = append(dst, raw[i:i+n]...)
			i += n
		default:
			if b < 0xA0 && c == Latin1As1252 {
				*lies++
			}
			dst = utf8.AppendRune(dst, c.value[b-0x80])
			i++
		}
	}
	return dst, ValueOK
}

// Reference reads a character reference or one of the five entities that XML
// declares, at the start of b; n is 0 for anything else. The character may be
// one that XML forbids.
func Reference(b []byte) (r rune, n int) {
	for _, e := range entities {
		if bytes.HasPrefix(b[1:], []byte(e.name)) {
			return e.r, 1 + len(e.name)
		}
	}
	if len(b) < 2 || b[1] != '#' {
		return 0, 0
	}
	i, base := 2, rune(10)
	if i < len(b) && b[i] == 'x' {
		i, base = 3, 16
	}
	start := i
	for ; i < len(b); i++ {
		d := digitOf(b[i])
		if d < 0 || d >= base {
			break
		}
		if r = r*base + d; r > utf8.MaxRune {
			r = utf8.MaxRune + 1 // too large, whatever follows
		}
	}
	if i == start || i >= len(b) || b[i] != ';' || r > utf8.MaxRune {
		return 0, 0
	}
	return r, i + 1
}

var entities = [...]struct {
	name string
	r    rune
}{{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}}

// digitOf is the value of a hexadecimal digit, -1 for any other byte.
func digitOf(c byte) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return rune(c|0x20-'a') + 10
	}
	return -1
}
