package journal

import (
	"fmt"
	"io"
	"os"
)

// Reader reads records one after the other with one open file.
type Reader struct {
	Seg *Segments
	n   int64
	f   *os.File
	buf []byte
}

// Record reads the record at p. Its slots are those of the reader until the
// next one is read.
func (s *Reader) Record(p Place) (*Record, error) {
	if s.f == nil || s.n != p.Segment {
		s.Close()
		f, err := os.Open(s.Seg.Path(p.Segment))
		if err != nil {
			return nil, fmt.Errorf("open journal segment %d: %w", p.Segment, err)
		}
		s.f, s.n = f, p.Segment
	}
	if p.Size > maxRecord+4 || p.Size < 0 {
		return nil, fmt.Errorf("record of %d bytes", p.Size)
	}
	if int64(cap(s.buf)) < p.Size {
		s.buf = make([]byte, p.Size)
	}
	b := s.buf[:p.Size]
	if _, err := s.f.ReadAt(b, p.Offset); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read record at %d of segment %d: %w", p.Offset, p.Segment, err)
	}
	r, _, err := decodeRecord(b)
	return r, err
}

// Close closes the file that is open.
func (s *Reader) Close() {
	if s.f != nil {
		s.f.Close()
		s.f = nil
	}
}
