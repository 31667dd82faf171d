package check

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"paye/internal/xmlr"
)

// window is a run of bytes of the journal.
type window struct {
	buf   []byte // with padding zeros from n on
	n     int
	off   int64
	lines int  // ends of lines in it; not counted while negative
	after bool // it follows the end tag of a bulletin
	last  bool

	w    *walker       // that judges it, when it was given to one
	done chan struct{} // closed when it has
}

// count returns how many ends of lines there are in the window.
func (win *window) count() int64 {
	if win.lines < 0 {
		win.lines = xmlr.CountLines(win.buf[:win.n])
	}
	return int64(win.lines)
}

// windows cuts a stream.
type windows struct {
	src   io.Reader
	size  int
	off   int64
	tail  []byte // read, and left to the next window
	after bool
	eof   bool
	free  chan *window
}

// window returns a buffer, one that is free if there is one.
func (c *windows) window() *window {
	select {
	case win := <-c.free:
		return win
	default:
		return &window{buf: make([]byte, c.size+padding)}
	}
}

func (c *windows) recycle(win *window) {
	win.w, win.done = nil, nil
	select {
	case c.free <- win:
	default:
	}
}

var bulletinEnd = []byte("</PayeIndivMensuel")

// next fills a window, up to the end tag of its last bulletin if it has one.
func (c *windows) next(win *window) error {
	if need := len(c.tail) + padding; need > len(win.buf) { // the first window may be longer than the others
		win.buf = make([]byte, need+c.size)
	}
	n := copy(win.buf, c.tail)
	win.off, win.lines, win.after, win.last = c.off, -1, c.after, false
	c.tail = c.tail[:0]
	limit := len(win.buf) - padding
	if !c.eof {
		got, err := io.ReadFull(c.src, win.buf[n:limit])
		n += got
		switch {
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			c.eof = true
		case err != nil:
			return fmt.Errorf("read journal at byte %d: %w", c.off+int64(n), err)
		}
	}
	win.n, win.last, c.after = n, c.eof, false
	if !c.eof {
		if at := bytes.LastIndex(win.buf[:n], bulletinEnd); at >= 0 {
			if close := bytes.IndexByte(win.buf[at:n], '>'); close >= 0 {
				win.n = at + close + 1
				c.tail = append(c.tail, win.buf[win.n:n]...)
				c.after = true
			}
		}
	}
	clear(win.buf[win.n:min(win.n+padding, len(win.buf))])
	c.off += int64(win.n)
	return nil
}
