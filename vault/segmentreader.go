package vault

import (
	"fmt"
	"io"
	"os"
)

// segmentReader reads records one after the other with one open file.
type segmentReader struct {
	seg *segments
	n   int64
	f   *os.File
	buf []byte
}

func (s *segmentReader) record(p place) (*record, error) {
	if s.f == nil || s.n != p.segment {
		s.close()
		f, err := os.Open(s.seg.path(p.segment))
		if err != nil {
			return nil, fmt.Errorf("open journal segment %d: %w", p.segment, err)
		}
		s.f, s.n = f, p.segment
	}
	if p.size > maxRecord+4 || p.size < 0 {
		return nil, fmt.Errorf("record of %d bytes", p.size)
	}
	if int64(cap(s.buf)) < p.size {
		s.buf = make([]byte, p.size)
	}
	b := s.buf[:p.size]
	if _, err := s.f.ReadAt(b, p.offset); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read record at %d of segment %d: %w", p.offset, p.segment, err)
	}
	r, _, err := decodeRecord(b)
	return r, err
}

func (s *segmentReader) close() {
	if s.f != nil {
		s.f.Close()
		s.f = nil
	}
}
