package pespj

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"paye/internal/anomalie"
)

// fenetre is a sliding window over the bytes of a document, that knows where
// it is. Indexes into octets hold until the next call of more.
type window struct {
	src      io.Reader
	fichier  string
	octets   []byte // what was read and is not consumed starts at pos
	pos      int
	base     int64 // offset of octets[0] in the document
	transcod bool  // offsets are not those of the file
	lines    int64 // line breaks before octets[counted]
	counted  int
	max      int // bytes that may be held at once
	fin      bool
	err      error // of the reader below, not io.EOF
}

const tailleFenetre = 64 << 10

func (f *window) reset(src io.Reader, fichier string, max int) {
	if cap(f.octets) < tailleFenetre {
		f.octets = make([]byte, 0, tailleFenetre)
	}
	*f = window{src: src, fichier: fichier, octets: f.octets[:0], max: max}
}

// more reads on, keeping what is not consumed and moving it to the start. It
// returns false at the end of the input, on an error, and when the window may
// not grow any more.
func (f *window) more() bool {
	if f.fin || f.err != nil {
		return false
	}
	if f.pos > 0 {
		if f.counted < f.pos {
			f.lines += int64(bytes.Count(f.octets[f.counted:f.pos], newline))
			f.counted = f.pos
		}
		f.octets = f.octets[:copy(f.octets, f.octets[f.pos:])]
		f.base += int64(f.pos)
		f.counted -= f.pos
		f.pos = 0
	}
	if len(f.octets) == cap(f.octets) {
		if cap(f.octets) >= f.max {
			return false
		}
		grown := make([]byte, len(f.octets), min(2*cap(f.octets), max(f.max, cap(f.octets))))
		copy(grown, f.octets)
		f.octets = grown
	}
	for range 100 {
		n, err := f.src.Read(f.octets[len(f.octets):cap(f.octets)])
		f.octets = f.octets[:len(f.octets)+n]
		if err == io.EOF {
			f.fin = true
		} else if err != nil {
			f.err = err
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	f.err = io.ErrNoProgress
	return false
}

var newline = []byte{'\n'}

// need makes n bytes available from pos on; false when the input ends before.
func (f *window) need(n int) bool {
	for len(f.octets)-f.pos < n {
		if !f.more() {
			return false
		}
	}
	return true
}

// at returns the offset and the line of octets[i].
func (f *window) at(i int) (offset, ligne int64) {
	if i >= f.counted {
		f.lines += int64(bytes.Count(f.octets[f.counted:i], newline))
		f.counted = i
		ligne = f.lines
	} else {
		ligne = f.lines - int64(bytes.Count(f.octets[i:f.counted], newline))
	}
	if f.transcod {
		return -1, ligne + 1
	}
	return f.base + int64(i), ligne + 1
}

// faute is the anomaly code at octets[i].
func (f *window) faute(code string, i int, args ...any) *anomalie.Anomalie {
	offset, ligne := f.at(min(i, len(f.octets)))
	return Codes.New(code, args...).At(f.fichier, offset, ligne)
}

// cutShort is what to say when bytes are missing: the error of the reader below,
// or that the document stops.
func (f *window) cutShort() error {
	var a *anomalie.Anomalie
	switch {
	case errors.As(f.err, &a):
		return f.err
	case f.err == errUTF16:
		return f.faute(codeOctets, len(f.octets), "UTF-16")
	case f.err != nil:
		return fmt.Errorf("read %s at offset %d: %w", f.fichier, f.base+int64(len(f.octets)), f.err)
	case !f.fin:
		return f.faute(codeBaliseGeante, f.pos, f.max)
	}
	return f.faute(codeTronque, len(f.octets))
}
