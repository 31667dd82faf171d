package compress

import (
	"fmt"
	"io"
	"sync"

	"paye/internal/sixbits"
)

// Base64Reader decodes base64 in bounded memory. It takes the white space of
// XML anywhere, and wants the padding of XML Schema: complete, once, with no
// bits left over. Faults are anomalies (Base64Intrus, Base64Bourre,
// Base64Tronque) whose offset is in bytes of the base64 text; what stands
// before the fault is returned first.
type Base64Reader struct {
	r      io.Reader
	buf    *base64Buffer
	out    []byte // decoded, not yet given
	offset int64  // of buf.in[0] in the text

	quad   uint32 // characters of the four under way, six bits each
	nQuad  int
	nPad   int
	closed bool // the padding is complete
	err    error
}

// base64Buffer is the characters read at a time, and what they decode to.
type base64Buffer struct {
	in  [base64Chunk]byte
	out [base64Chunk/4*3 + sixbits.Slack]byte
}

var base64Buffers = sync.Pool{New: func() any { return new(base64Buffer) }}

// NewBase64Reader decodes what r gives until its end.
func NewBase64Reader(r io.Reader) *Base64Reader {
	return &Base64Reader{r: r, buf: base64Buffers.Get().(*base64Buffer)}
}

// Release gives the buffers of b back. It may be called at any time, once; b
// must not be read afterwards.
func (b *Base64Reader) Release() {
	base64Buffers.Put(b.buf)
	b.buf, b.out, b.r = nil, nil, nil
}

// Read gives decoded bytes.
func (b *Base64Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(b.out) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		b.fill()
	}
	n := copy(p, b.out)
	b.out = b.out[n:]
	return n, nil
}

func (b *Base64Reader) fill() {
	n, err := b.r.Read(b.buf.in[:])
	b.decode(b.buf.in[:n])
	if b.err != nil || err == nil {
		return
	}
	b.err = err
	if err == io.EOF && b.nQuad > 0 {
		b.err = fault(Base64Tronque, b.offset)
	}
}

// decode sets out to what text gives. Runs without white space go many
// characters at a time; anything else goes one at a time, until the next
// boundary of four.
func (b *Base64Reader) decode(text []byte) {
	out := b.buf.out[:]
	made := 0
	for i := 0; i < len(text) && b.err == nil; i++ {
		if b.nQuad == 0 && !b.closed {
			done := sixbits.Decode(out[made:], text[i:])
			i, made = i+done, made+done/4*3
			if i == len(text) {
				break
			}
		}
		made += b.one(out[made:], text[i], b.offset+int64(i))
	}
	b.offset += int64(len(text))
	b.out = out[:made]
}

// one takes the character c and returns how many bytes of out it completes.
func (b *Base64Reader) one(out []byte, c byte, offset int64) int {
	v := sixbits.Values[c]
	switch {
	case v < 64 && !b.closed && b.nPad == 0:
		b.quad = b.quad<<6 | uint32(v)
		if b.nQuad++; b.nQuad < 4 {
			return 0
		}
		out[0], out[1], out[2] = byte(b.quad>>16), byte(b.quad>>8), byte(b.quad)
		b.quad, b.nQuad = 0, 0
		return 3
	case c == ' ' || c == '\n' || c == '\r' || c == '\t':
		return 0
	case c == '=' && !b.closed && b.nQuad >= 2:
		b.nPad++
		if b.nQuad+b.nPad < 4 {
			return 0
		}
		b.closed = true
		return b.last(out, offset)
	case c == '=' || v < 64:
		b.err = fault(Base64Bourre, offset)
	default:
		a := fault(Base64Intrus, offset)
		a.Trouve = fmt.Sprintf("0x%02x", c)
		b.err = a
	}
	return 0
}

// last ends the text with the one or two bytes before the padding.
func (b *Base64Reader) last(out []byte, offset int64) int {
	made := b.nQuad - 1
	bits := b.quad << (6 * b.nPad)
	b.quad, b.nQuad = 0, 0
	if bits<<(8+8*made) != 0 {
		b.err = fault(Base64Bourre, offset)
		return 0
	}
	out[0], out[1] = byte(bits>>16), byte(bits>>8)
	return made
}
