package xhl

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// head tells the encoding from the first window, passes the XML declaration,
// and returns the walker of the journal, before its root element. A journal
// that is in an encoding wider than a byte is read again in UTF-8.
func (c *check) head(first *window, cut *windows) (*walker, error) {
	if err := cut.declaration(first); err != nil {
		return nil, err
	}
	enc, bom, err := detect(first.buf[:first.n])
	c.enc = enc
	c.bilan.BOM = enc.BOM
	c.bilan.Encodage = enc.String()
	if err == nil && enc.native != nil {
		c.enc.kind = utf8Bytes
		*cut = windows{src: newTranscoder(io.MultiReader(bytes.NewReader(bytes.Clone(first.buf[:first.n])), bytes.NewReader(cut.tail), cut.src), &enc), size: cut.size, ligne: 1}
		cut.tail = nil
		if err := cut.next(first); err != nil {
			return nil, err
		}
		if err := cut.declaration(first); err != nil {
			return nil, err
		}
		bom = 0
		if enc.BOM {
			bom = len("\uFEFF")
		}
	}
	w := c.newWalker()
	w.window(first.buf, first.n, 0, 1)
	var m *malformed
	if errors.As(err, &m) {
		w.fault(faultEncoding, 0, m.args...)
		w.stopped = true
		return w, nil
	}
	w.pos = min(bom, first.n)
	end, ok := declaration(first.buf[w.pos:first.n])
	if !ok {
		w.fault(faultMarkup, w.pos)
		w.stopped = true
		return w, nil
	}
	w.pos += end
	if w.pos < first.n && isBlank(first.buf[w.pos]) && end == 0 && bytes.HasPrefix(bytes.TrimLeft(first.buf[w.pos:first.n], " \t\r\n"), []byte("<?xml ")) {
		w.fault(faultMarkup, w.pos)
		w.stopped = true
	}
	return w, nil
}

// declaration lengthens the first window until it holds the whole of the XML
// declaration, if there is one.
func (c *windows) declaration(first *window) error {
	for !first.last && first.n < maxDeclaration {
		head := bytes.TrimPrefix(first.buf[:first.n], []byte("\xEF\xBB\xBF"))
		if !bytes.HasPrefix(head, []byte("<?xml")) && len(head) > len("<?xml") || bytes.Contains(head, []byte("?>")) {
			return nil
		}
		c.tail = append(bytes.Clone(first.buf[:first.n]), c.tail...)
		c.off, c.ligne, c.after = 0, 1, false
		first.buf = make([]byte, 2*len(first.buf))
		if err := c.next(first); err != nil {
			return err
		}
	}
	return nil
}

// maxDeclaration bounds the XML declaration, in bytes.
const maxDeclaration = 64 << 10

// declaration returns the length of the XML declaration, 0 when there is none,
// and whether it is one that libxml2 accepts.
func declaration(src []byte) (int, bool) {
	if len(src) < 6 || !bytes.HasPrefix(src, []byte("<?xml")) || !isBlank(src[5]) {
		return 0, true
	}
	p := declParser{src: src, pos: 5}
	version, there := p.attribute("version")
	if !there || len(version) < 2 || version[0] != '1' || version[1] != '.' || countDigits(version[2:]) != len(version)-2 {
		return 0, false
	}
	if name, there := p.attribute("encoding"); there && !encodingName(name) {
		return 0, false
	}
	if alone, there := p.attribute("standalone"); there && alone != "yes" && alone != "no" {
		return 0, false
	}
	p.blanks()
	if p.bad || !bytes.HasPrefix(src[p.pos:], []byte("?>")) {
		return 0, false
	}
	return p.pos + 2, true
}

type declParser struct {
	src []byte
	pos int
	bad bool
}

func (p *declParser) blanks() {
	for p.pos < len(p.src) && isBlank(p.src[p.pos]) {
		p.pos++
	}
}

// attribute reads one of the three pseudo-attributes, with the white space
// before it.
func (p *declParser) attribute(name string) (value string, there bool) {
	start := p.pos
	p.blanks()
	if !bytes.HasPrefix(p.src[p.pos:], []byte(name)) {
		p.pos = start
		return "", false
	}
	if p.pos == start {
		p.bad = true
	}
	p.pos += len(name)
	p.blanks()
	if p.pos >= len(p.src) || p.src[p.pos] != '=' {
		p.bad = true
		return "", true
	}
	p.pos++
	p.blanks()
	if p.pos >= len(p.src) || p.src[p.pos] != '"' && p.src[p.pos] != '\'' {
		p.bad = true
		return "", true
	}
	n := bytes.IndexByte(p.src[p.pos+1:], p.src[p.pos])
	if n < 0 {
		p.bad = true
		return "", true
	}
	value = string(p.src[p.pos+1 : p.pos+1+n])
	p.pos += n + 2
	return value, true
}

func encodingName(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || !isDigit(c) && c != '.' && c != '_' && c != '-') {
			return false
		}
	}
	return s != ""
}

// transcoder reads a journal in UTF-8. What stands for no character comes out
// as a null byte, which no journal may hold, so that the walker refuses it.
type transcoder struct {
	src   io.Reader
	table *charmap.Charmap // of a charset of one byte; nil for UTF-16
	c1    bool             // 0x80 to 0x9F are control characters where the table has nothing
	big   bool
	in    [8 << 10]byte
	n     int
	out   []byte
	err   error
}

func newTranscoder(r io.Reader, enc *Encoding) *transcoder {
	t := &transcoder{src: r}
	if table, ok := enc.native.(*charmap.Charmap); ok {
		t.table, t.c1 = table, strings.HasPrefix(strings.ToUpper(enc.Declared), "ISO")
		return t
	}
	probe, _ := enc.native.NewEncoder().Bytes([]byte("<"))
	t.big = len(probe) == 2 && probe[0] == 0
	return t
}

func (t *transcoder) Read(p []byte) (int, error) {
	for len(t.out) == 0 {
		if t.err != nil {
			return 0, t.err
		}
		got, err := t.src.Read(t.in[t.n:])
		t.n += got
		if err != nil {
			t.err = err
		}
		t.convert()
	}
	n := copy(p, t.out)
	t.out = t.out[n:]
	return n, nil
}

// convert turns what was read into UTF-8, but for the start of a character.
func (t *transcoder) convert() {
	out := t.out[:0]
	in := t.in[:t.n]
	if t.table != nil {
		for _, b := range in {
			r := t.table.DecodeByte(b)
			switch {
			case r != utf8.RuneError:
			case t.c1 && b < 0xA0:
				r = rune(b)
			default:
				r = 0
			}
			out = utf8.AppendRune(out, r)
		}
		t.n, t.out = 0, out
		return
	}
	i := 0
	for ; i+1 < len(in); i += 2 {
		r := t.unit(in[i:])
		if utf16.IsSurrogate(r) {
			if i+3 >= len(in) && t.err == nil {
				break
			}
			pair := rune(utf8.RuneError)
			if i+3 < len(in) {
				pair = utf16.DecodeRune(r, t.unit(in[i+2:]))
			}
			if pair == utf8.RuneError {
				r = 0
			} else {
				r = pair
				i += 2
			}
		}
		out = utf8.AppendRune(out, r)
	}
	rest := copy(t.in[:], in[i:])
	if t.err != nil && rest > 0 {
		out = append(out, 0)
		rest = 0
	}
	t.n, t.out = rest, out
}

func (t *transcoder) unit(b []byte) rune {
	if t.big {
		return rune(b[0])<<8 | rune(b[1])
	}
	return rune(b[1])<<8 | rune(b[0])
}
