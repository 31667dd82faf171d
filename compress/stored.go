package compress

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"paye/internal/room"
)

const (
	storedMax    = 65535 // bytes of a stored block, RFC 1951, 3.2.4
	storedHeader = 5
)

var errClosed = errors.New("write after Close")

// StoredGzipSize is the length of the gzip member that a StoredGzip makes of n
// bytes: blocks of 65,535 bytes and one empty final block.
func StoredGzipSize(n int64) int64 {
	blocks := (n + storedMax - 1) / storedMax
	return int64(len(gzipHeader)) + n + storedHeader*(blocks+1) + gzipTrailer
}

// StoredGzip writes one gzip member without compressing: for what is
// compressed already, and because its size is known from the length alone. It
// writes in chunks of 65,540 bytes.
type StoredGzip struct {
	w   io.Writer
	buf []byte // header and content of the block under way
	mem *room.Block
	crc uint32
	raw int64
	err error
}

// NewStoredGzip starts a member on w.
func NewStoredGzip(w io.Writer) *StoredGzip {
	s := &StoredGzip{w: w, mem: room.Lend()}
	s.buf = s.mem[: storedHeader : storedHeader+storedMax]
	_, s.err = io.WriteString(w, gzipHeader)
	return s
}

// Write adds p to the content.
func (s *StoredGzip) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) && s.err == nil {
		n := min(len(p)-done, cap(s.buf)-len(s.buf))
		s.buf = append(s.buf, p[done:done+n]...)
		done += n
		if len(s.buf) == cap(s.buf) {
			s.flush(0)
		}
	}
	s.crc = crc32.Update(s.crc, crc32.IEEETable, p[:done])
	s.raw += int64(done)
	return done, s.err
}

// Close ends the member; it does not close the writer below.
func (s *StoredGzip) Close() error {
	if len(s.buf) > storedHeader {
		s.flush(0)
	}
	s.flush(1)
	if s.err == nil {
		_, s.err = s.w.Write(appendGzipTrailer(s.buf[:0], s.crc, s.raw))
	}
	if s.err != nil {
		return s.err
	}
	s.mem.Give()
	s.err, s.buf, s.mem = errClosed, nil, nil
	return nil
}

func (s *StoredGzip) flush(final byte) {
	if s.err != nil {
		return
	}
	n := uint16(len(s.buf) - storedHeader)
	s.buf[0] = final
	binary.LittleEndian.PutUint16(s.buf[1:], n)
	binary.LittleEndian.PutUint16(s.buf[3:], ^n)
	_, s.err = s.w.Write(s.buf)
	s.buf = s.buf[:storedHeader]
}
