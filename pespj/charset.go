package pespj

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// charset is how the bytes of a window are read. UTF-16 is turned into UTF-8
// below the window.
type charset uint8

const (
	csUTF8 charset = iota
	csLatin1
	csASCII
	cs1252
	csLatin9
)

// charsets are the encodings that a flux may declare and still be read; Hélios
// takes ISO-8859-1 only.
var charsets = map[string]charset{
	"UTF-8": csUTF8, "UTF8": csUTF8,
	"ISO-8859-1": csLatin1, "ISO_8859-1": csLatin1, "ISO8859-1": csLatin1, "LATIN1": csLatin1, "ISO-LATIN-1": csLatin1, "L1": csLatin1,
	"US-ASCII": csASCII, "ASCII": csASCII,
	"WINDOWS-1252": cs1252, "CP1252": cs1252,
	"ISO-8859-15": csLatin9, "LATIN-9": csLatin9, "LATIN9": csLatin9,
}

var high1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

var latin9 = map[byte]rune{0xA4: '€', 0xA6: 'Š', 0xA8: 'š', 0xB4: 'Ž', 0xB8: 'ž', 0xBC: 'Œ', 0xBD: 'œ', 0xBE: 'Ÿ'}

// rune reads the first character of b, which is not empty; size 0 when the
// bytes are not of this charset.
func (c charset) rune(b []byte) (r rune, size int) {
	if b[0] < utf8.RuneSelf {
		return rune(b[0]), 1
	}
	switch c {
	case csUTF8:
		if r, size = utf8.DecodeRune(b); r == utf8.RuneError && size <= 1 {
			return r, 0
		}
		return r, size
	case csASCII:
		return utf8.RuneError, 0
	case cs1252:
		if b[0] < 0xA0 {
			if r = high1252[b[0]-0x80]; r == 0 {
				return utf8.RuneError, 0
			}
			return r, 1
		}
	case csLatin9:
		if r, ok := latin9[b[0]]; ok {
			return r, 1
		}
	}
	return rune(b[0]), 1
}

// invalide returns the index of the first byte of p that is not of this
// charset or is not a character of XML 1.0, -1 when there is none.
func (c charset) invalide(p []byte) int {
	for i := 0; i < len(p); {
		if p[i] < utf8.RuneSelf {
			if classe[p[i]]&clsInterdit != 0 {
				return i
			}
			i++
			continue
		}
		r, size := c.rune(p[i:])
		if size == 0 || r == 0xFFFE || r == 0xFFFF {
			return i
		}
		i += size
	}
	return -1
}

// appendUTF8 appends p, which is valid, in UTF-8.
func (c charset) appendUTF8(dst, p []byte) []byte {
	if c == csUTF8 || c == csASCII {
		return append(dst, p...)
	}
	for len(p) > 0 {
		r, _ := c.rune(p)
		dst = utf8.AppendRune(dst, r)
		p = p[1:]
	}
	return dst
}

// incomplet returns how many bytes at the end of p are the start of a UTF-8
// sequence that is not all there.
func incomplet(p []byte) int {
	for n := 1; n <= min(utf8.UTFMax-1, len(p)); n++ {
		b := p[len(p)-n]
		if utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRune(p[len(p)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// prologue is what the first bytes of a document say of its encoding.
type prologue struct {
	declare string // as written in the XML declaration, "" when absent
	charset charset
	bom     bool
	finNom  int64 // offset of the end of the encoding's name, 0 when there is none
}

// open reads the byte order mark and the XML declaration.
func (f *window) open() (prologue, error) {
	var e prologue
	f.need(4)
	if f.err != nil {
		return e, f.cutShort()
	}
	wide := false
	switch b := f.octets; {
	case bytes.HasPrefix(b, []byte("\xFF\xFE")), bytes.HasPrefix(b, []byte("<\x00?\x00")), bytes.HasPrefix(b, []byte("<\x00n\x00")):
		wide = true
		f.wrapUTF16(false)
	case bytes.HasPrefix(b, []byte("\xFE\xFF")), bytes.HasPrefix(b, []byte("\x00<\x00?")):
		wide = true
		f.wrapUTF16(true)
	}
	if f.need(3) && bytes.HasPrefix(f.octets, []byte("\uFEFF")) {
		e.bom = true
		f.pos = 3
	}
	if !f.need(1) {
		if f.err != nil {
			return e, f.cutShort()
		}
		return e, f.faute(codeVide, 0)
	}
	if f.need(6) && bytes.HasPrefix(f.octets[f.pos:], []byte("<?xml")) && isBlank(f.octets[f.pos+5]) {
		if err := f.declaration(&e); err != nil {
			return e, err
		}
	} else if f.err != nil && len(f.octets)-f.pos < 6 {
		return e, f.cutShort()
	}
	name := strings.ToUpper(e.declare)
	switch {
	case wide:
		if _, narrow := charsets[name]; narrow && name != "UTF-8" && name != "UTF8" {
			return e, f.faute(codeDeclaration, f.pos)
		}
		e.charset = csUTF8
	case name == "":
		e.charset = csUTF8
	default:
		var known bool
		if e.charset, known = charsets[name]; !known {
			a := f.faute(codeEncodageInconnu, f.pos, e.declare)
			a.Trouve, a.Attendu = e.declare, "ISO-8859-1"
			return e, a
		}
	}
	return e, nil
}

// declaration reads <?xml version="1.x" encoding="…" standalone="yes|no"?>.
func (f *window) declaration(e *prologue) error {
	const longest = 1024
	var end int
	for end = -1; end < 0; {
		seen := f.octets[f.pos:min(len(f.octets), f.pos+longest)]
		if end = bytes.Index(seen, []byte("?>")); end < 0 && (len(seen) == longest || !f.more()) {
			if f.err != nil {
				return f.cutShort()
			}
			return f.faute(codeDeclaration, f.pos)
		}
	}
	rest := f.octets[f.pos+5 : f.pos+end]
	for rank, name := range []string{"version", "encoding", "standalone"} {
		trimmed := trimBlank(rest)
		if !bytes.HasPrefix(trimmed, []byte(name)) {
			if rank == 0 {
				return f.faute(codeDeclaration, f.pos)
			}
			continue
		}
		blank := len(trimmed) < len(rest)
		after := trimBlank(trimmed[len(name):])
		if !blank || len(after) == 0 || after[0] != '=' {
			return f.faute(codeDeclaration, f.pos)
		}
		after = trimBlank(after[1:])
		if len(after) == 0 || after[0] != '"' && after[0] != '\'' {
			return f.faute(codeDeclaration, f.pos)
		}
		value, left, closed := bytes.Cut(after[1:], after[:1])
		if !closed || !declared(name, string(value)) {
			return f.faute(codeDeclaration, f.pos)
		}
		if name == "encoding" {
			e.declare = string(value)
			e.finNom = f.base + int64(cap(f.octets)-cap(value)+len(value))
		}
		rest = left
	}
	if len(trimBlank(rest)) > 0 {
		return f.faute(codeDeclaration, f.pos)
	}
	f.pos += end + 2
	return nil
}

func declared(name, value string) bool {
	switch name {
	case "version":
		return strings.HasPrefix(value, "1.") && allDigits(value[2:])
	case "standalone":
		return value == "yes" || value == "no"
	}
	for i := range len(value) {
		if !isAlphanum(value[i]) && (i == 0 || strings.IndexByte("._-", value[i]) < 0) {
			return false
		}
	}
	return value != "" && !isDigit(value[0])
}

// trimBlank is b without the white space of XML before it.
func trimBlank(b []byte) []byte {
	for len(b) > 0 && isBlank(b[0]) {
		b = b[1:]
	}
	return b
}

func isBlank(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }

// errUTF16 is a lone surrogate or half a unit.
var errUTF16 = errors.New("not UTF-16")

func (f *window) wrapUTF16(bigEndian bool) {
	src := io.MultiReader(bytes.NewReader(bytes.Clone(f.octets)), f.src)
	f.octets, f.fin, f.transcod = f.octets[:0], false, true
	f.src = &utf16Reader{src: src, bigEndian: bigEndian}
}

// utf16Reader turns UTF-16 into UTF-8.
type utf16Reader struct {
	src       io.Reader
	bigEndian bool
	in        [4096]byte
	held      int // bytes of in that wait for their other half
	out       []byte
	err       error
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		n, err := u.src.Read(u.in[u.held:])
		u.held += n
		u.convert()
		if err != nil {
			u.err = err
			if err == io.EOF && u.held > 0 {
				u.err = errUTF16
			}
		}
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

func (u *utf16Reader) convert() {
	u.out = u.out[:0]
	i := 0
	for i+2 <= u.held && u.err == nil {
		r := u.unit(i)
		if utf16.IsSurrogate(r) {
			if i+4 > u.held {
				break
			}
			if r = utf16.DecodeRune(r, u.unit(i+2)); r == utf8.RuneError {
				u.err = errUTF16
				return
			}
			i += 2
		}
		i += 2
		u.out = utf8.AppendRune(u.out, r)
	}
	u.held = copy(u.in[:], u.in[i:u.held])
}

func (u *utf16Reader) unit(i int) rune {
	if u.bigEndian {
		return rune(u.in[i])<<8 | rune(u.in[i+1])
	}
	return rune(u.in[i+1])<<8 | rune(u.in[i])
}
