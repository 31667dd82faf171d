package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"paye/internal/durable"
	"paye/vault/internal/disk"
	"paye/vault/internal/names"
)

// Segments is the folder of the journal.
type Segments struct {
	Dir   string
	Vault names.ID
	Disk  *disk.Disk
}

// Path is the file of segment n.
func (s *Segments) Path(n int64) string { return filepath.Join(s.Dir, SegmentName(n)) }

// Numbers lists the segments that exist, in order.
func (s *Segments) Numbers() ([]int64, error) {
	entries, err := os.ReadDir(s.Dir)
	if err != nil {
		return nil, fmt.Errorf("list the journal: %w", err)
	}
	var list []int64
	for _, e := range entries {
		base, ok := strings.CutSuffix(e.Name(), ".seg")
		n, err := strconv.ParseInt(base, 10, 64)
		if ok && err == nil && SegmentName(n) == e.Name() {
			list = append(list, n)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	return list, nil
}

// Create makes segment n with its head, durable.
func (s *Segments) Create(n int64) error {
	if err := s.Disk.Check("create", s.Path(n)); err != nil {
		return fmt.Errorf("create journal segment %d: %w", n, err)
	}
	if err := durable.WriteFile(s.Path(n), EncodeSegmentHead(s.Vault, n)); err != nil {
		return fmt.Errorf("create journal segment %d: %w", n, err)
	}
	return nil
}

// Open opens segment n for reading and verifies its head.
func (s *Segments) Open(n int64) (*os.File, int64, error) {
	f, err := os.Open(s.Path(n))
	if err != nil {
		return nil, 0, fmt.Errorf("open journal segment %d: %w", n, err)
	}
	head := make([]byte, SegmentHead)
	_, err = f.ReadAt(head, 0)
	if err == nil && string(head) != string(EncodeSegmentHead(s.Vault, n)) {
		err = errSegmentHead
	}
	info, statErr := f.Stat()
	if err = errors.Join(err, statErr); err != nil {
		f.Close()
		return nil, 0, fmt.Errorf("read the head of journal segment %d: %w", n, err)
	}
	return f, info.Size(), nil
}

var errSegmentHead = errors.New("the head is not the one of this vault and number")

// Append writes b at offset, which must be the end of what is acknowledged,
// and returns once it is on the disk. After an error the journal must be
// closed: an fsync that failed is never tried again.
func (s *Segments) Append(n, offset int64, b []byte) error {
	f, err := os.OpenFile(s.Path(n), os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("append to journal segment %d: %w", n, err)
	}
	defer f.Close()
	if err := s.Disk.Write(f, b, offset); err != nil {
		return fmt.Errorf("append to journal segment %d: %w", n, err)
	}
	if err := s.Disk.Sync(f); err != nil {
		return fmt.Errorf("sync journal segment %d: %w", n, err)
	}
	return f.Close()
}

// Truncate removes what a dead process left after offset.
func (s *Segments) Truncate(n, offset int64) error {
	f, err := os.OpenFile(s.Path(n), os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("truncate journal segment %d: %w", n, err)
	}
	defer f.Close()
	if err := f.Truncate(offset); err != nil {
		return fmt.Errorf("truncate journal segment %d: %w", n, err)
	}
	if err := s.Disk.Sync(f); err != nil {
		return fmt.Errorf("sync journal segment %d: %w", n, err)
	}
	return f.Close()
}

// ErrRecord is a record whose bytes cannot be told apart any more.
var ErrRecord = errors.New("record is damaged")

// Record reads the record at p, errRecord when it cannot be decoded.
func (s *Segments) Record(p Place) (*Record, error) {
	f, err := os.Open(s.Path(p.Segment))
	if err != nil {
		return nil, fmt.Errorf("open journal segment %d: %w", p.Segment, err)
	}
	defer f.Close()
	if p.Size > maxRecord+4 {
		return nil, fmt.Errorf("record of %d bytes at %d of segment %d", p.Size, p.Offset, p.Segment)
	}
	b := make([]byte, p.Size)
	if _, err := f.ReadAt(b, p.Offset); err != nil {
		return nil, fmt.Errorf("read record at %d of segment %d: %w", p.Offset, p.Segment, err)
	}
	r, _, err := decodeRecord(b)
	if err != nil {
		return nil, fmt.Errorf("read record at %d of segment %d: %w: %w", p.Offset, p.Segment, ErrRecord, err)
	}
	return r, nil
}
