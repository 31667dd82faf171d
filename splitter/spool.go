package splitter

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/zeebo/xxh3"

	"paye/compress"
)

// spool keeps compressed blocks on disk: a file without a name, gone with the
// process.
type spool struct {
	mu   sync.Mutex
	file *os.File
	size int64
}

func newSpool(dir string) (*spool, error) {
	f, err := openSpool(dir)
	if err != nil {
		return nil, fmt.Errorf("make the spool: %w", err)
	}
	return &spool{file: f}, nil
}

func (s *spool) Close() error { return s.file.Close() }

// add appends data and returns its offset.
func (s *spool) add(data []byte) (int64, error) {
	s.mu.Lock()
	off := s.size
	s.size += int64(len(data))
	s.mu.Unlock()
	if _, err := s.file.WriteAt(data, off); err != nil {
		return 0, fmt.Errorf("write the spool: %w", err)
	}
	return off, nil
}

// forget gives back the room of what was added from the offset on.
func (s *spool) forget(from int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.size = from
}

// chunk is a deflate block of the XHL of a volume: in the spool, or in memory
// while data is not nil.
type chunk struct {
	block compress.Block
	sum   sum
	off   int64
	data  []byte
}

// sum tells the raw bytes of a chunk from others: what it is compared with was
// made from the same source, so that speed counts and forgery does not.
type sum [16]byte

func sumOf(raw []byte) sum { return xxh3.Hash128(raw).Bytes() }

// reader gives the deflate bytes of the chunk.
func (s *spool) reader(c *chunk) io.Reader {
	if c.data != nil {
		return bytes.NewReader(c.data)
	}
	return io.NewSectionReader(s.file, c.off, c.block.Size)
}

// read returns the deflate bytes of the chunk, in buf when it is large enough.
func (s *spool) read(c *chunk, buf []byte) ([]byte, error) {
	if c.data != nil {
		return c.data, nil
	}
	if int64(cap(buf)) < c.block.Size {
		buf = make([]byte, c.block.Size)
	}
	buf = buf[:c.block.Size]
	if _, err := s.file.ReadAt(buf, c.off); err != nil {
		return nil, fmt.Errorf("read the spool: %w", err)
	}
	return buf, nil
}
