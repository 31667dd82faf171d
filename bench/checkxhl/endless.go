package main

import (
	"bytes"
	"errors"
	"io"
	"strconv"
)

// endless reads as a journal whose bulletins are repeated, each with a
// matricule of its own, without holding more than one.
type endless struct {
	tail      []byte
	bulletins [][2][]byte // what precedes a matricule, and what follows it
	left      int
	next      int
	matricule int64
	buf       []byte // what is to be read next
	pending   []byte
	ended     bool
}

func newEndless(src []byte, times int) (*endless, error) {
	start, end := []byte("<PayeIndivMensuel>"), []byte("</PayeIndivMensuel>")
	first, last := bytes.Index(src, start), bytes.LastIndex(src, end)+len(end)
	if first < 0 || last < first {
		return nil, errors.New("the example has no bulletin")
	}
	e := &endless{tail: src[last:], pending: src[:first]}
	for body := src[first:last]; len(body) > 0; {
		n := bytes.Index(body, end) + len(end)
		before, rest, found := bytes.Cut(body[:n], []byte(`<Matricule V="`))
		at := bytes.IndexByte(rest, '"')
		if !found || at < 0 {
			return nil, errors.New("a bulletin of the example has no matricule")
		}
		e.bulletins = append(e.bulletins, [2][]byte{append(bytes.Clone(before), `<Matricule V="`...), rest[at:]})
		body = body[n:]
	}
	e.left = times * len(e.bulletins)
	return e, nil
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(e.pending) == 0 && !e.refill() {
			break
		}
		k := copy(p[n:], e.pending)
		e.pending = e.pending[k:]
		n += k
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (e *endless) refill() bool {
	switch {
	case e.left > 0:
		b := e.bulletins[e.next]
		e.next = (e.next + 1) % len(e.bulletins)
		e.left--
		e.matricule++
		e.buf = strconv.AppendInt(append(e.buf[:0], b[0]...), e.matricule, 10)
		e.buf = append(e.buf, b[1]...)
		e.pending = e.buf
	case !e.ended:
		e.ended = true
		e.pending = e.tail
	default:
		return false
	}
	return true
}
