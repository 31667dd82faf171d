package xmlr

import (
	"bytes"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Encoding is what the first bytes of a document say of how it is written.
type Encoding struct {
	Declared string // as the XML declaration has it, "" without one
	BOM      bool
	Charset  *Charset // of what is scanned; UTF8 for UTF-16; nil when the name is not known
	UTF16    Order    // of the bytes of a document in UTF-16, which is scanned in UTF-8
}

// Order is the order of the bytes of UTF-16.
type Order uint8

const (
	NotUTF16 Order = iota
	LittleEndian
	BigEndian
)

// HeadSize is how many bytes Detect wants to see.
const HeadSize = 1024

// Mark is the byte order mark in UTF-8.
const Mark = "\uFEFF"

// Detect tells the encoding from the first bytes of a document.
func Detect(head []byte) Encoding {
	switch {
	case bytes.HasPrefix(head, []byte(Mark)):
		e := named(declaredName(head[len(Mark):]))
		e.BOM = true
		return e
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return Encoding{BOM: true, Charset: UTF8, UTF16: BigEndian}
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
		return Encoding{BOM: true, Charset: UTF8, UTF16: LittleEndian}
	case bytes.HasPrefix(head, []byte("\x00<\x00?")):
		return Encoding{Charset: UTF8, UTF16: BigEndian}
	case bytes.HasPrefix(head, []byte("<\x00?\x00")):
		return Encoding{Charset: UTF8, UTF16: LittleEndian}
	}
	return named(declaredName(head))
}

func named(name string) Encoding {
	c, _ := CharsetOf(name)
	return Encoding{Declared: name, Charset: c}
}

// String names the encoding.
func (e *Encoding) String() string {
	switch {
	case e.Declared != "":
		return e.Declared
	case e.UTF16 != NotUTF16:
		return "UTF-16"
	}
	return "UTF-8"
}

// AppendUTF16 appends text in UTF-8 as it stands in the document.
func (o Order) AppendUTF16(dst, text []byte) []byte {
	for _, r := range string(text) {
		for _, u := range utf16.AppendRune(nil, r) {
			if o == BigEndian {
				dst = append(dst, byte(u>>8), byte(u))
			} else {
				dst = append(dst, byte(u), byte(u>>8))
			}
		}
	}
	return dst
}

// BadUnit is the byte that a UTF-16 reader gives in place of what is no
// character: a lone surrogate, half a unit. It is not UTF-8, so that whoever
// reads on refuses it there.
const BadUnit = 0xFF

// NewReader reads UTF-16 as UTF-8.
func (o Order) NewReader(src io.Reader) io.Reader { return &utf16Reader{src: src, order: o} }

type utf16Reader struct {
	src   io.Reader
	order Order
	in    [8 << 10]byte
	held  int // bytes of in that wait for their other half
	buf   []byte
	out   []byte // of buf, not given yet
	err   error
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		n, err := u.src.Read(u.in[u.held:])
		u.held += n
		u.err = err
		u.convert()
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

// convert turns what was read into UTF-8, but for the start of a character.
func (u *utf16Reader) convert() {
	out := u.buf[:0]
	i := 0
	for ; i+1 < u.held; i += 2 {
		r := u.unit(i)
		if !utf16.IsSurrogate(r) {
			out = utf8.AppendRune(out, r)
			continue
		}
		if i+3 >= u.held && u.err == nil {
			break
		}
		pair := rune(utf8.RuneError)
		if i+3 < u.held {
			pair = utf16.DecodeRune(r, u.unit(i+2))
		}
		if pair == utf8.RuneError {
			out = append(out, BadUnit)
			continue
		}
		out = utf8.AppendRune(out, pair)
		i += 2
	}
	u.held = copy(u.in[:], u.in[i:u.held])
	if u.err != nil && u.held > 0 {
		out = append(out, BadUnit)
		u.held = 0
	}
	u.buf, u.out = out, out
}

func (u *utf16Reader) unit(i int) rune {
	if u.order == BigEndian {
		return rune(u.in[i])<<8 | rune(u.in[i+1])
	}
	return rune(u.in[i+1])<<8 | rune(u.in[i])
}
