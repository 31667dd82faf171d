package xmlw

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"paye/internal/xmlr"
)

// Charset is an encoding of the output. The zero Charset is ISO-8859-1.
type Charset uint8

const (
	ISO88591 Charset = iota
	Windows1252
	UTF8
	ASCII // all other characters as references: what fits beside any charset that extends it
)

var charsetNames = [...]string{ISO88591: "ISO-8859-1", Windows1252: "windows-1252", UTF8: "UTF-8", ASCII: "US-ASCII"}

// String is the name that the XML declaration carries.
func (c Charset) String() string { return charsetNames[c] }

// ParseCharset reads the name of a charset that a document may be asked for in,
// in any case.
func ParseCharset(name string) (Charset, error) {
	for c, n := range charsetNames[:ASCII] {
		if strings.EqualFold(n, name) {
			return Charset(c), nil
		}
	}
	return 0, fmt.Errorf("charset %q: ISO-8859-1, windows-1252 or UTF-8 expected", name)
}

// What a byte of the input asks for.
const (
	plain   = iota // copied
	escaped        // written as a reference
	refused        // forbidden by XML 1.0
	wide           // the first byte of a rune of several bytes
)

type classes [256]uint8

// attrClass and textClass tell the bytes that may be copied without a look.
// Line breaks and tabs are escaped in attributes, where a reader would turn
// them into blanks, and '\r' everywhere, where a reader would turn it into '\n'.
var (
	attrClass = classesOf("&<>\"\t\n\r")
	textClass = classesOf("&<>\r")
)

func classesOf(special string) *classes {
	var c classes
	for b := range c {
		switch {
		case b >= utf8.RuneSelf:
			c[b] = wide
		case b < 0x20 && b != '\t' && b != '\n' && b != '\r':
			c[b] = refused
		}
	}
	for _, b := range []byte(special) {
		c[b] = escaped
	}
	return &c
}

// CharError reports a character that XML 1.0 forbids, or bytes that are not
// UTF-8 (Rune is then utf8.RuneError).
type CharError struct {
	Rune   rune
	Offset int    // in bytes from the start of the value
	Where  string // path of the element, and attribute, that was being written
}

func (e *CharError) Error() string {
	where := e.Where
	if where == "" {
		where = "value"
	}
	if e.Rune == utf8.RuneError {
		return fmt.Sprintf("write %s: byte %d is not UTF-8", where, e.Offset)
	}
	return fmt.Sprintf("write %s: character %U at byte %d is forbidden in XML", where, e.Rune, e.Offset)
}

// AppendAttr appends s, which is UTF-8, as the inside of an attribute value in
// charset c. On a forbidden character it returns dst as it was and a
// *CharError.
func AppendAttr(dst []byte, s string, c Charset) ([]byte, error) {
	if PlainAttr(s) {
		return append(dst, s...), nil
	}
	return appendEscaped(dst, s, c, attrClass)
}

// PlainAttr reports whether s stands in an attribute as it is, whatever the
// charset: ASCII without anything to escape or refuse.
func PlainAttr(s string) bool {
	class := attrClass
	for i := 0; i < len(s); i++ {
		if class[s[i]] != plain {
			return false
		}
	}
	return true
}

// AppendText is AppendAttr for character data.
func AppendText(dst []byte, s string, c Charset) ([]byte, error) {
	return appendEscaped(dst, s, c, textClass)
}

func appendEscaped(dst []byte, s string, c Charset, class *classes) ([]byte, error) {
	before, from := len(dst), 0
	for i := 0; i < len(s); {
		switch class[s[i]] {
		case plain:
			i++
			continue
		case refused:
			return dst[:before], &CharError{Rune: rune(s[i]), Offset: i}
		case escaped:
			dst = append(dst, s[from:i]...)
			dst = appendReference(dst, s[i])
			i++
			from = i
		case wide:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				return dst[:before], &CharError{Rune: r, Offset: i}
			}
			if r == 0xFFFE || r == 0xFFFF {
				return dst[:before], &CharError{Rune: r, Offset: i}
			}
			if c != UTF8 {
				dst = append(dst, s[from:i]...)
				dst = appendRune(dst, r, c)
				from = i + size
			}
			i += size
		}
	}
	return append(dst, s[from:]...), nil
}

func appendReference(dst []byte, b byte) []byte {
	switch b {
	case '&':
		return append(dst, "&amp;"...)
	case '<':
		return append(dst, "&lt;"...)
	case '>':
		return append(dst, "&gt;"...)
	case '"':
		return append(dst, "&quot;"...)
	}
	return appendNumeric(dst, rune(b))
}

func appendNumeric(dst []byte, r rune) []byte {
	dst = append(dst, "&#"...)
	dst = strconv.AppendInt(dst, int64(r), 10)
	return append(dst, ';')
}

// appendRune appends a rune above U+007F in a charset of one byte. U+0080 to
// U+009F become references even in ISO-8859-1: the bytes 0x80 to 0x9F under
// that label are windows-1252 characters for most readers.
func appendRune(dst []byte, r rune, c Charset) []byte {
	switch {
	case c == ASCII:
	case r >= 0xA0 && r <= 0xFF:
		return append(dst, byte(r))
	case c == Windows1252:
		if b, there := xmlr.Windows1252.Byte(r); there {
			return append(dst, b)
		}
	}
	return appendNumeric(dst, r)
}
