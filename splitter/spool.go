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
// process. What is added first stays in memory, so that most towns need no file.
type spool struct {
	dir string

	mu   sync.Mutex
	head []byte   // the blocks that end below maxHead
	file *os.File // nil as long as there are no others
	size int64
}

// maxHead is what a book of some thousand bulletins weighs.
const maxHead = 512 << 10

// newSpool will make its file in dir, which has to be there all the same: a
// folder that was named wrongly is told of at every size.
func newSpool(dir string) (*spool, error) {
	if dir != "" {
		if _, err := os.Stat(dir); err != nil {
			return nil, fmt.Errorf("make the spool: %w", err)
		}
	}
	return &spool{dir: dir}, nil
}

func (s *spool) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// add appends data and returns its offset.
func (s *spool) add(data []byte) (int64, error) {
	off, file, err := s.place(data)
	if err != nil {
		return 0, fmt.Errorf("make the spool: %w", err)
	}
	if file == nil {
		return off, nil
	}
	if _, err := file.WriteAt(data, off); err != nil {
		return 0, fmt.Errorf("write the spool: %w", err)
	}
	return off, nil
}

// place takes the room of data, and tells the file that it goes to; nil where it
// is in the head already.
func (s *spool) place(data []byte) (off int64, file *os.File, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	off = s.size
	if off == int64(len(s.head)) && off+int64(len(data)) <= maxHead {
		s.head = append(s.head, data...)
		s.size = int64(len(s.head))
		return off, nil, nil
	}
	if s.file == nil {
		if s.file, err = openSpool(s.dir); err != nil {
			return 0, nil, err
		}
	}
	s.size += int64(len(data))
	return off, s.file, nil
}

// forget gives back the room of what was added from the offset on.
func (s *spool) forget(from int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.size = from
	s.head = s.head[:min(int64(len(s.head)), from)]
}

// held are the bytes of a chunk that is in memory; nil for another.
func (s *spool) held(c *chunk) []byte {
	if c.data != nil {
		return c.data
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if end := c.off + c.block.Size; end <= int64(len(s.head)) {
		return s.head[c.off:end:end]
	}
	return nil
}

// chunk is a deflate block of the XHL of a volume: in the spool, or in memory
// while data is not nil.
type chunk struct {
	block compress.Block
	sum   sum
	off   int64
	data  []byte
	leger bool // compressed at that level, in a volume of Normal
}

// sum tells the raw bytes of a chunk from others: what it is compared with was
// made from the same source, so that speed counts and forgery does not.
type sum [16]byte

func sumOf(raw []byte) sum { return xxh3.Hash128(raw).Bytes() }

// reader gives the deflate bytes of the chunk.
func (s *spool) reader(c *chunk) io.Reader {
	if data := s.held(c); data != nil {
		return bytes.NewReader(data)
	}
	return io.NewSectionReader(s.file, c.off, c.block.Size)
}

// read returns the deflate bytes of the chunk, in buf when it is large enough.
func (s *spool) read(c *chunk, buf []byte) ([]byte, error) {
	if data := s.held(c); data != nil {
		return data, nil
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
