package vault

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"paye/internal/durable"
)

// The journal is on disk in segments, journal/000001.seg and so on, to which
// frames are appended. A frame is what one commit wrote, whole or not at all:
//
//	"XLOT" | length of the rest (4) | records (4) | first index (8)
//	leaf hashes, 32 bytes a record | records | signed checkpoint | "FIN\n"
//
// The leaf hashes are there twice, computed and written, so that a damaged
// header is one damaged record and not a tree that cannot be verified.

const (
	segmentMagic = "XHLJRN1\n"
	segmentHead  = len(segmentMagic) + 16 + 8 // magic, vault, number
	frameMagic   = "XLOT"
	frameEnd     = "FIN\n"
	frameHead    = 4 + 4 + 4 + 8
	maxFrame     = 64 << 20
	maxRecords   = 1 << 16
	segmentLimit = 64 << 20 // a segment that reached it gets no further frame
	journalDir   = "journal"
)

// place is where something is in the journal.
type place struct {
	segment int64
	offset  int64
	size    int64
}

type frame struct {
	place
	premier int64 // index of the first record
	hashes  []tlog.Hash
	records []*record // nil where the bytes are no record
	places  []place
	note    []byte
	misled  []int // records whose length was false and that were found otherwise
}

// intact reports whether no slot of the records was erased or damaged.
func (f *frame) intact() bool {
	for _, r := range f.records {
		for i := range r.slots {
			if r.slots[i].state() != slotIntact {
				return false
			}
		}
	}
	return true
}

// errTorn is a frame that ends before its announced length: the process died
// while it was writing, and nothing in it was acknowledged.
var errTorn = errors.New("frame cut short")

func segmentName(n int64) string { return fmt.Sprintf("%06d.seg", n) }

func encodeSegmentHead(vault ID, n int64) []byte {
	b := append([]byte(segmentMagic), vault[:]...)
	return binary.BigEndian.AppendUint64(b, uint64(n))
}

// encodeFrame lays out records with their note and sets the places of the
// records relative to the start of the frame.
func encodeFrame(premier int64, records []*record, note []byte) ([]byte, []place) {
	b := make([]byte, 0, 4096+len(records)*4096)
	b = append(b, frameMagic...)
	b = append(b, 0, 0, 0, 0)
	b = binary.BigEndian.AppendUint32(b, uint32(len(records)))
	b = binary.BigEndian.AppendUint64(b, uint64(premier))
	for _, r := range records {
		h := r.leaf()
		b = append(b, h[:]...)
	}
	places := make([]place, len(records))
	for i, r := range records {
		places[i].offset = int64(len(b))
		b = r.encode(b)
		places[i].size = int64(len(b)) - places[i].offset
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(note)))
	b = append(b, note...)
	b = append(b, frameEnd...)
	binary.BigEndian.PutUint32(b[4:], uint32(len(b)-8))
	return b, places
}

// readFrame reads the frame at offset. It returns io.EOF at the end of the
// segment, errTorn for a frame that is cut or was never finished, and any
// other error for bytes that are no frame.
func readFrame(r io.ReaderAt, segment, offset, size int64) (*frame, error) {
	if offset == size {
		return nil, io.EOF
	}
	var head [frameHead]byte
	n, err := r.ReadAt(head[:], offset)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read frame at %d of segment %d: %w", offset, segment, err)
	}
	if n < frameHead {
		if strings.HasPrefix(frameMagic, string(head[:min(n, 4)])) || allZero(head[:n]) {
			return nil, errTorn
		}
		return nil, fmt.Errorf("frame at %d of segment %d: %d bytes that are no frame", offset, segment, n)
	}
	if allZero(head[:]) {
		return nil, errTorn
	}
	if string(head[:4]) != frameMagic {
		return nil, fmt.Errorf("frame at %d of segment %d: bad magic", offset, segment)
	}
	length := int64(binary.BigEndian.Uint32(head[4:]))
	count := int64(binary.BigEndian.Uint32(head[8:]))
	if length > maxFrame || count > maxRecords || length < int64(frameHead-8+len(frameEnd))+count*32 {
		return nil, fmt.Errorf("frame at %d of segment %d: announces %d bytes, %d records", offset, segment, length, count)
	}
	if offset+8+length > size {
		return nil, errTorn
	}
	f := &frame{place: place{segment, offset, 8 + length}, premier: int64(binary.BigEndian.Uint64(head[12:]))}
	b := make([]byte, 8+length)
	if _, err := r.ReadAt(b, offset); err != nil {
		return nil, fmt.Errorf("read frame at %d of segment %d: %w", offset, segment, err)
	}
	if tail := b[len(b)-len(frameEnd):]; string(tail) != frameEnd {
		if allZero(tail) {
			return nil, errTorn
		}
		return nil, fmt.Errorf("frame at %d of segment %d: bad end", offset, segment)
	}
	b = b[:len(b)-len(frameEnd)]
	at := int64(frameHead)
	for range count {
		var h tlog.Hash
		copy(h[:], b[at:])
		f.hashes = append(f.hashes, h)
		at += 32
	}
	for i := range count {
		p := place{segment: segment, offset: offset + at}
		rec, n, ok := spanRecord(b[at:], f.premier+i, i+1 == count)
		if !ok {
			return nil, fmt.Errorf("frame at %d of segment %d: record %d has no end", offset, segment, i)
		}
		if int64(binary.BigEndian.Uint32(b[at:]))+4 != int64(n) {
			f.misled = append(f.misled, int(i))
		}
		p.size = int64(n)
		at += int64(n)
		f.records, f.places = append(f.records, rec), append(f.places, p)
	}
	if at+4 > int64(len(b)) || at+4+int64(binary.BigEndian.Uint32(b[at:])) != int64(len(b)) {
		return nil, fmt.Errorf("frame at %d of segment %d: bad checkpoint length", offset, segment)
	}
	f.note = b[at+4:]
	return f, nil
}

// diskSector is what a disk writes whole or not at all, in bytes.
const diskSector = 512

// unfinished reports whether what stands from offset to the end of a segment is
// one frame that was being written when the power went: some of its sectors
// never came to the disk and read as zeros, and no frame follows. It was never
// synced, so that nothing in it was acknowledged. Erased slots are not taken
// for such sectors: the frame of their erasure would follow.
func unfinished(r io.ReaderAt, segment, offset, size int64) bool {
	b, whole := lastFrame(r, segment, offset, size)
	for at := 0; whole && at < len(b); {
		next := min(len(b), at+diskSector-int(offset+int64(at))%diskSector)
		if allZero(b[at:next]) {
			return true
		}
		at = next
	}
	return false
}

// lastFrame reads what stands from offset to the end of a segment, and reports
// whether no frame begins after offset.
func lastFrame(r io.ReaderAt, segment, offset, size int64) ([]byte, bool) {
	if size-offset > 8+maxFrame {
		return nil, false
	}
	b := make([]byte, size-offset)
	if _, err := r.ReadAt(b, offset); err != nil {
		return nil, false
	}
	for at := 1; ; at++ {
		i := bytes.Index(b[min(at, len(b)):], []byte(frameMagic))
		if i < 0 {
			return b, true
		}
		at += i
		if _, err := readFrame(bytes.NewReader(b), segment, int64(at), int64(len(b))); err == nil {
			return b, false
		}
	}
}

// spanRecord finds where the record at the start of b ends. Its length and its
// slots both say so: when one of them is damaged, the one that leads to the
// next record, or to the checkpoint, is believed. The record is nil when it
// cannot be decoded at all.
func spanRecord(b []byte, index int64, last bool) (*record, int, bool) {
	leads := func(n int) bool {
		if n < 4+headerSize || n > len(b) {
			return false
		}
		rest := b[n:]
		if last {
			return len(rest) >= 4 && int64(binary.BigEndian.Uint32(rest)) == int64(len(rest)-4)
		}
		if len(rest) < 4+headerSize {
			return false
		}
		h, err := parseHeader(rest[4:])
		return err == nil && h.Index == index+1
	}
	rec, n, err := decodeRecord(b)
	if err == nil && leads(n) {
		return rec, n, true
	}
	if len(b) >= 4 {
		if n := int(binary.BigEndian.Uint32(b)) + 4; leads(n) {
			return rec, n, true
		}
	}
	if n := slotsEnd(b); leads(n) {
		fixed := append(binary.BigEndian.AppendUint32(nil, uint32(n-4)), b[4:n]...)
		if rec, _, err = decodeRecord(fixed); err != nil {
			rec = nil
		}
		return rec, n, true
	}
	// The next header is the one that is damaged: the length was good.
	return rec, n, err == nil && !last
}

// slotsEnd is where a record ends by its slots; -1 when they do not say.
func slotsEnd(b []byte) int {
	if len(b) < 4+headerSize+1 {
		return -1
	}
	at := 4 + headerSize + 1
	for range b[4+headerSize] {
		if at+slotHead > len(b) {
			return -1
		}
		at += slotHead + int(binary.BigEndian.Uint32(b[at+1:]))
		if at > len(b) {
			return -1
		}
	}
	return at
}

// mendFrame reads a frame whose head or end is damaged, by what surrounds it:
// it goes from offset to next, and its first record is premier.
func mendFrame(r io.ReaderAt, segment, offset, next, premier, count int64) (*frame, error) {
	if next-offset < int64(frameHead+len(frameEnd)) || next-offset > maxFrame {
		return nil, fmt.Errorf("frame at %d of segment %d: %d bytes are no frame", offset, segment, next-offset)
	}
	b := make([]byte, next-offset)
	if _, err := r.ReadAt(b, offset); err != nil {
		return nil, fmt.Errorf("read frame at %d of segment %d: %w", offset, segment, err)
	}
	copy(b, frameMagic)
	binary.BigEndian.PutUint32(b[4:], uint32(len(b)-8))
	if count >= 0 {
		binary.BigEndian.PutUint32(b[8:], uint32(count))
	}
	binary.BigEndian.PutUint64(b[12:], uint64(premier))
	copy(b[len(b)-len(frameEnd):], frameEnd)
	f, err := readFrame(bytes.NewReader(b), segment, 0, int64(len(b)))
	if err != nil {
		return nil, err
	}
	f.offset = offset
	for i := range f.places {
		f.places[i].offset += offset
	}
	return f, nil
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// segments is the folder of the journal.
type segments struct {
	dir   string
	vault ID
	disk  *disk
}

func (s *segments) path(n int64) string { return filepath.Join(s.dir, segmentName(n)) }

// numbers lists the segments that exist, in order.
func (s *segments) numbers() ([]int64, error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, fmt.Errorf("list the journal: %w", err)
	}
	var list []int64
	for _, e := range entries {
		base, ok := strings.CutSuffix(e.Name(), ".seg")
		n, err := strconv.ParseInt(base, 10, 64)
		if ok && err == nil && segmentName(n) == e.Name() {
			list = append(list, n)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	return list, nil
}

// create makes segment n with its head, durable.
func (s *segments) create(n int64) error {
	if err := s.disk.check("create", s.path(n)); err != nil {
		return fmt.Errorf("create journal segment %d: %w", n, err)
	}
	if err := durable.WriteFile(s.path(n), encodeSegmentHead(s.vault, n)); err != nil {
		return fmt.Errorf("create journal segment %d: %w", n, err)
	}
	return nil
}

// open opens segment n for reading and verifies its head.
func (s *segments) open(n int64) (*os.File, int64, error) {
	f, err := os.Open(s.path(n))
	if err != nil {
		return nil, 0, fmt.Errorf("open journal segment %d: %w", n, err)
	}
	head := make([]byte, segmentHead)
	_, err = f.ReadAt(head, 0)
	if err == nil && string(head) != string(encodeSegmentHead(s.vault, n)) {
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

// append writes b at offset, which must be the end of what is acknowledged,
// and returns once it is on the disk. After an error the journal must be
// closed: an fsync that failed is never tried again.
func (s *segments) append(n, offset int64, b []byte) error {
	f, err := os.OpenFile(s.path(n), os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("append to journal segment %d: %w", n, err)
	}
	defer f.Close()
	if err := s.disk.write(f, b, offset); err != nil {
		return fmt.Errorf("append to journal segment %d: %w", n, err)
	}
	if err := s.disk.sync(f); err != nil {
		return fmt.Errorf("sync journal segment %d: %w", n, err)
	}
	return f.Close()
}

// truncate removes what a dead process left after offset.
func (s *segments) truncate(n, offset int64) error {
	f, err := os.OpenFile(s.path(n), os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("truncate journal segment %d: %w", n, err)
	}
	defer f.Close()
	if err := f.Truncate(offset); err != nil {
		return fmt.Errorf("truncate journal segment %d: %w", n, err)
	}
	if err := s.disk.sync(f); err != nil {
		return fmt.Errorf("sync journal segment %d: %w", n, err)
	}
	return f.Close()
}

// errRecord is a record whose bytes cannot be told apart any more.
var errRecord = errors.New("record is damaged")

// record reads the record at p, errRecord when it cannot be decoded.
func (s *segments) record(p place) (*record, error) {
	f, err := os.Open(s.path(p.segment))
	if err != nil {
		return nil, fmt.Errorf("open journal segment %d: %w", p.segment, err)
	}
	defer f.Close()
	if p.size > maxRecord+4 {
		return nil, fmt.Errorf("record of %d bytes at %d of segment %d", p.size, p.offset, p.segment)
	}
	b := make([]byte, p.size)
	if _, err := f.ReadAt(b, p.offset); err != nil {
		return nil, fmt.Errorf("read record at %d of segment %d: %w", p.offset, p.segment, err)
	}
	r, _, err := decodeRecord(b)
	if err != nil {
		return nil, fmt.Errorf("read record at %d of segment %d: %w: %w", p.offset, p.segment, errRecord, err)
	}
	return r, nil
}

// erase overwrites slots of the record at p with zeros, in place, and returns
// the record as it was once that is on the disk.
func (s *segments) erase(p place, kinds ...slotKind) (*record, error) {
	r, err := s.record(p)
	if err != nil {
		return nil, fmt.Errorf("erase: %w", err)
	}
	return r, s.zero(p.segment, func(f *os.File) error { return s.zeroSlots(f, p.offset, r, kinds) })
}

// zero opens a segment for what overwrites slots in it, and syncs it.
func (s *segments) zero(n int64, overwrite func(*os.File) error) error {
	f, err := os.OpenFile(s.path(n), os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("erase in journal segment %d: %w", n, err)
	}
	defer f.Close()
	if err := overwrite(f); err != nil {
		return fmt.Errorf("erase in journal segment %d: %w", n, err)
	}
	if err := s.disk.sync(f); err != nil {
		return fmt.Errorf("sync journal segment %d: %w", n, err)
	}
	return f.Close()
}

func (s *segments) zeroSlots(f *os.File, offset int64, r *record, kinds []slotKind) error {
	for _, kind := range kinds {
		if off := r.slotOffset(kind); off >= 0 {
			if err := s.disk.write(f, make([]byte, len(r.slot(kind).data)), offset+off); err != nil {
				return err
			}
		}
	}
	return nil
}
