package xmlr

import (
	"fmt"
	"io"

	"paye/internal/room"
)

// window slides over the bytes of a document and knows where it is. Indexes
// into bytes hold until the next call of more.
type window struct {
	src     io.Reader
	name    string // of the document, for errors of src
	bytes   []byte // what was read and is not consumed starts at pos
	pos     int
	base    int64 // offset of bytes[0] in the document
	recoded bool  // offsets are not those of the file
	lines   int64 // line breaks before bytes[counted]
	counted int
	max     int // bytes that may be held at once
	eof     bool
	err     error       // of src, not io.EOF
	mem     *room.Block // of bytes, as long as they fit
}

const windowSize = 64 << 10

// newWindow begins small for a document that is known to be: folders hold tens
// of thousands of answers of a few hundred bytes.
func newWindow(src io.Reader, name string, max int) window {
	if known, ok := src.(interface{ Len() int }); ok && known.Len()+512 < windowSize {
		return window{src: src, name: name, bytes: make([]byte, 0, known.Len()+512), max: max}
	}
	mem := room.Lend()
	return window{src: src, name: name, bytes: mem[:0:windowSize], mem: mem, max: max}
}

// Release gives the window back. It may be called at any time, once; nothing that
// pointed into it must be read afterwards.
func (w *window) Release() {
	w.mem.Give()
	w.mem, w.bytes, w.pos, w.eof = nil, nil, 0, true
}

// more reads on, keeping what is not consumed and moving it to the start. It
// returns false at the end of the input, on an error, and when the window may
// not grow any more.
func (w *window) more() bool {
	if w.eof || w.err != nil {
		return false
	}
	if w.pos > 0 {
		if w.counted < w.pos {
			w.lines += int64(CountLines(w.bytes[w.counted:w.pos]))
			w.counted = w.pos
		}
		w.bytes = w.bytes[:copy(w.bytes, w.bytes[w.pos:])]
		w.base += int64(w.pos)
		w.counted -= w.pos
		w.pos = 0
	}
	if len(w.bytes) == cap(w.bytes) {
		if cap(w.bytes) >= w.max {
			return false
		}
		grown := make([]byte, len(w.bytes), min(2*cap(w.bytes), max(w.max, cap(w.bytes))))
		copy(grown, w.bytes)
		w.bytes = grown
	}
	for range 100 {
		n, err := w.src.Read(w.bytes[len(w.bytes):cap(w.bytes)])
		w.bytes = w.bytes[:len(w.bytes)+n]
		if err == io.EOF {
			w.eof = true
		} else if err != nil {
			w.err = err
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	w.err = io.ErrNoProgress
	return false
}

// need makes n bytes available from pos on; false when the input ends before.
func (w *window) need(n int) bool {
	for len(w.bytes)-w.pos < n {
		if !w.more() {
			return false
		}
	}
	return true
}

func (w *window) prefixed(p string) bool {
	return w.need(len(p)) && string(w.bytes[w.pos:w.pos+len(p)]) == p
}

// At returns the offset, -1 in UTF-16, and the line of a place of the window.
func (w *window) At(i int) (offset, line int64) {
	if i >= w.counted {
		w.lines += int64(CountLines(w.bytes[w.counted:i]))
		w.counted = i
		line = w.lines
	} else {
		line = w.lines - int64(CountLines(w.bytes[i:w.counted]))
	}
	if w.recoded {
		return -1, line + 1
	}
	return w.base + int64(i), line + 1
}

// Len is the end of the window: the place of a fault that is the end of the
// document.
func (w *window) Len() int { return len(w.bytes) }

func (w *window) fault(kind FaultKind, i int, args ...any) error {
	i = min(i, len(w.bytes))
	offset, line := w.At(i)
	return &Fault{Kind: kind, Pos: i, Args: args, Offset: offset, Line: line}
}

// cutShort is what to say when bytes are missing: the error of the reader below,
// or that the document stops.
func (w *window) cutShort() error {
	switch {
	case w.err != nil:
		return fmt.Errorf("read %s at offset %d: %w", w.name, w.base+int64(len(w.bytes)), w.err)
	case !w.eof:
		return w.fault(TooLarge, w.pos, w.max)
	}
	return w.fault(Truncated, len(w.bytes))
}
