package journal

import (
	"fmt"
	"io"
	"os"
)

// Reader reads records one after the other with one open file.
type Reader struct {
	Seg *Segments

	// Ahead reads together the records that follow each other: a slot that was
	// erased a moment ago may still be seen.
	Ahead bool

	n    int64
	f    *os.File
	buf  []byte
	from int64 // of buf in the file
	next int64 // where the last record ends
}

// readAhead is how many bytes are read at once where a record follows the one
// before it, or nearly.
const (
	readAhead = 64 << 10
	nearly    = 4 << 10
)

// Record reads the record at p. Its slots are those of the reader until the
// next one is read.
func (s *Reader) Record(p Place) (*Record, error) {
	if s.f == nil || s.n != p.Segment {
		s.Close()
		f, err := os.Open(s.Seg.Path(p.Segment))
		if err != nil {
			return nil, fmt.Errorf("open journal segment %d: %w", p.Segment, err)
		}
		s.f, s.n, s.buf = f, p.Segment, s.buf[:0]
	}
	if p.Size > maxRecord+4 || p.Size < 0 {
		return nil, fmt.Errorf("record of %d bytes", p.Size)
	}
	if p.Offset < s.from || p.Offset-s.from > int64(len(s.buf))-p.Size {
		if err := s.read(p); err != nil {
			return nil, fmt.Errorf("read record at %d of segment %d: %w", p.Offset, p.Segment, err)
		}
	}
	s.next = p.Offset + p.Size
	at := int(p.Offset - s.from)
	r, _, err := decodeRecord(s.buf[min(at, len(s.buf)):min(at+int(p.Size), len(s.buf))])
	return r, err
}

// read fills the buffer from a place on.
func (s *Reader) read(p Place) error {
	size := p.Size
	if after := p.Offset - s.next; s.Ahead && s.next > 0 && after >= 0 && after < nearly {
		size = max(size, readAhead)
	}
	if int64(cap(s.buf)) < size {
		s.buf = make([]byte, size)
	}
	n, err := s.f.ReadAt(s.buf[:size], p.Offset)
	s.buf, s.from = s.buf[:n], p.Offset
	if err != nil && err != io.EOF {
		return err
	}
	return nil
}

// Close closes the file that is open.
func (s *Reader) Close() {
	if s.f != nil {
		s.f.Close()
		s.f = nil
	}
}
