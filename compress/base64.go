package compress

import (
	"encoding/base64"
	"io"

	"paye/internal/room"
	"paye/internal/sixbits"
)

// Base64Size is the length of n bytes in base64 with padding and without line
// breaks.
func Base64Size(n int64) int64 { return (n + 2) / 3 * 4 }

const base64Chunk = 64 << 10 // characters written at a time

// Base64Writer writes base64 on one line, with padding, in chunks of 64 KiB.
type Base64Writer struct {
	w     io.Writer
	out   []byte
	mem   *room.Block
	rest  [3]byte // bytes that do not make four characters yet
	nRest int
	err   error
}

// NewBase64Writer returns a writer to w; Close writes what it still holds.
func NewBase64Writer(w io.Writer) *Base64Writer {
	mem := room.Lend()
	return &Base64Writer{w: w, out: mem[:0:base64Chunk], mem: mem}
}

// Write encodes p.
func (b *Base64Writer) Write(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	done := 0
	if b.nRest > 0 {
		done = copy(b.rest[b.nRest:], p)
		b.nRest += done
		if b.nRest < 3 {
			return done, nil
		}
		b.nRest = 0
		b.encode(b.rest[:])
	}
	for b.err == nil && len(p)-done >= 3 {
		n := min((len(p)-done)/3, (cap(b.out)-len(b.out))/4) * 3
		b.encode(p[done : done+n])
		done += n
	}
	if b.err != nil {
		return done, b.err
	}
	b.nRest = copy(b.rest[:], p[done:])
	return len(p), nil
}

// Close writes what is held, with its padding; it does not close the writer
// below.
func (b *Base64Writer) Close() error {
	if b.err == nil {
		b.encode(b.rest[:b.nRest])
	}
	if b.err == nil {
		b.flush()
	}
	if b.err != nil {
		return b.err
	}
	b.mem.Give()
	b.err, b.out, b.mem = errClosed, nil, nil
	return nil
}

// encode adds p, for which out has room, and writes out when it is full.
func (b *Base64Writer) encode(p []byte) {
	at := len(b.out)
	b.out = b.out[:at+base64.StdEncoding.EncodedLen(len(p))]
	done := sixbits.Encode(b.out[at:], p)
	base64.StdEncoding.Encode(b.out[at+done/3*4:], p[done:])
	if len(b.out) == cap(b.out) {
		b.flush()
	}
}

func (b *Base64Writer) flush() {
	_, b.err = b.w.Write(b.out)
	b.out = b.out[:0]
}
