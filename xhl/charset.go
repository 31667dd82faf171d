package xhl

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encoding is how the bytes of a journal stand for characters. Journals in an
// encoding that extends ASCII byte by byte are scanned as they are; the others
// (UTF-16, and charsets that are neither UTF-8, ISO-8859-1 nor windows-1252)
// are scanned in UTF-8, and Native turns raw bytes back into the journal's.
type Encoding struct {
	Declared string // as the XML declaration has it, or "" without one
	BOM      bool

	kind   charsetKind
	native encoding.Encoding // nil when the bytes are scanned as they are
}

type charsetKind uint8

const (
	utf8Bytes charsetKind = iota
	latin1Bytes
	cp1252Bytes
)

// String names the encoding.
func (e *Encoding) String() string {
	switch {
	case e.Declared != "":
		return e.Declared
	case e.native != nil:
		return "UTF-16"
	}
	return "UTF-8"
}

// Native appends raw bytes that a Reader or a Cutter gave to dst as they were
// in the journal.
func (e *Encoding) Native(dst, raw []byte) ([]byte, error) {
	if e.native == nil {
		return append(dst, raw...), nil
	}
	out, err := e.native.NewEncoder().Bytes(raw)
	return append(dst, out...), err
}

// Scanned reports whether raw bytes are those of the journal.
func (e *Encoding) Scanned() bool { return e.native == nil }

// headSize is how many bytes the detection looks at.
const headSize = 1024

// detect tells the encoding from the first bytes of a journal, and how many of
// them are a byte order mark.
func detect(head []byte) (Encoding, int, error) {
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		e, err := declared(head[3:])
		e.BOM = true
		return e, 3, err
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return utf16Encoding(unicode.BigEndian, true), 2, nil
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
		return utf16Encoding(unicode.LittleEndian, true), 2, nil
	case bytes.HasPrefix(head, []byte("\x00<\x00?")):
		return utf16Encoding(unicode.BigEndian, false), 0, nil
	case bytes.HasPrefix(head, []byte("<\x00?\x00")):
		return utf16Encoding(unicode.LittleEndian, false), 0, nil
	}
	e, err := declared(head)
	return e, 0, err
}

func utf16Encoding(order unicode.Endianness, bom bool) Encoding {
	return Encoding{BOM: bom, native: unicode.UTF16(order, unicode.IgnoreBOM)}
}

func declared(head []byte) (Encoding, error) {
	name := declaredName(head)
	e := Encoding{Declared: name}
	switch strings.ToUpper(name) {
	case "", "UTF-8", "UTF8", "US-ASCII", "ASCII":
		e.kind = utf8Bytes
	case "ISO-8859-1", "ISO_8859-1", "LATIN1", "ISO8859-1":
		e.kind = latin1Bytes
	case "WINDOWS-1252", "CP1252":
		e.kind = cp1252Bytes
	default:
		native, err := ianaindex.IANA.Encoding(name)
		if err != nil || native == nil || strings.HasPrefix(strings.ToUpper(name), "UTF-16") {
			return e, &malformed{"XHL-005", 0, []any{clip(name)}}
		}
		if _, oneByte := native.(*charmap.Charmap); !oneByte {
			return e, &malformed{"XHL-005", 0, []any{clip(name)}}
		}
		e.native = native
	}
	return e, nil
}

// declaredName reads encoding="…" out of an XML declaration.
func declaredName(head []byte) string {
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	end := bytes.Index(head, []byte("?>"))
	if end < 0 {
		return ""
	}
	decl := head[:end]
	at := bytes.Index(decl, []byte("encoding"))
	if at < 0 {
		return ""
	}
	rest := bytes.TrimLeft(decl[at+len("encoding"):], " \t\r\n")
	if len(rest) == 0 || rest[0] != '=' {
		return ""
	}
	rest = bytes.TrimLeft(rest[1:], " \t\r\n")
	if len(rest) < 2 || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	stop := bytes.IndexByte(rest[1:], rest[0])
	if stop < 0 {
		return ""
	}
	return string(rest[1 : 1+stop])
}

// clip shortens what comes from a file for a message.
func clip(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return strings.ToValidUTF8(s, "?")
	}
	return strings.ToValidUTF8(string([]rune(s)[:most]), "?") + "…"
}

// toUTF8 reads native bytes as UTF-8. A sequence that stands for nothing comes
// out as U+FFFD, which the scanner's callers refuse.
func (e *Encoding) toUTF8(r io.Reader) io.Reader {
	return transform.NewReader(r, e.native.NewDecoder())
}

// high1252 gives the characters of windows-1252 from 0x80 to 0x9F; the five
// bytes that it leaves free are the control characters of ISO-8859-1.
var high1252 = func() *[32]rune {
	var table [32]rune
	for i := range table {
		table[i] = rune(0x80 + i)
		if r := charmap.Windows1252.DecodeByte(byte(0x80 + i)); r != utf8.RuneError {
			table[i] = r
		}
	}
	return &table
}()

// decodeFault is why a raw value cannot be decoded.
type decodeFault uint8

const (
	decodeOK decodeFault = iota
	decodeEntity
	decodeCharacter
)

// decodeValue appends the characters of a raw attribute value to dst: charset,
// references, and white space as XML 1.0 section 3.3.3 normalises it. It adds
// to lies the bytes 0x80 to 0x9F of an ISO-8859-1 file, read as windows-1252.
func decodeValue(dst []byte, raw []byte, kind charsetKind, lies *int) ([]byte, decodeFault) {
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c == '&':
			r, n := reference(raw[i:])
			if n == 0 {
				return dst, decodeEntity
			}
			if !isChar(r) {
				return dst, decodeCharacter
			}
			dst = utf8.AppendRune(dst, r)
			i += n
		case c == '\r':
			dst = append(dst, ' ')
			i++
			if i < len(raw) && raw[i] == '\n' {
				i++
			}
		case c == '\n' || c == '\t':
			dst = append(dst, ' ')
			i++
		case c < 0x80:
			dst = append(dst, c)
			i++
		case kind == utf8Bytes:
			r, n := utf8.DecodeRune(raw[i:])
			if r == utf8.RuneError && n == 1 || !isChar(r) {
				return dst, decodeCharacter
			}
			dst = append(dst, raw[i:i+n]...)
			i += n
		case c < 0xA0:
			if kind == latin1Bytes {
				*lies++
			}
			dst = utf8.AppendRune(dst, high1252[c-0x80])
			i++
		default:
			dst = utf8.AppendRune(dst, rune(c))
			i++
		}
	}
	return dst, decodeOK
}

func isChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// reference reads a character reference or one of the five entities that XML
// declares; n is 0 for anything else.
func reference(b []byte) (r rune, n int) {
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
