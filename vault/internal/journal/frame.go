package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"paye/vault/internal/disk"
	"paye/vault/internal/names"
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
	SegmentHead  = len(segmentMagic) + 16 + 8 // magic, vault, number
	FrameMagic   = "XLOT"
	FrameEnd     = "FIN\n"
	FrameHead    = 4 + 4 + 4 + 8
	MaxFrame     = 64 << 20
	MaxRecords   = 1 << 16
	SegmentLimit = 64 << 20 // a segment that reached it gets no further frame
	Dir          = "journal"
)

// Place is where something is in the journal.
type Place struct {
	Segment int64
	Offset  int64
	Size    int64
}

// Frame is what one commit wrote.
type Frame struct {
	Place
	Premier int64 // index of the first record
	Hashes  []tlog.Hash
	Records []*Record // nil where the bytes are no record
	Places  []Place
	Note    []byte
	Misled  []int // records whose length was false and that were found otherwise
}

// Intact reports whether no slot of the records was erased or damaged.
func (f *Frame) Intact() bool {
	for _, r := range f.Records {
		for i := range r.Parts {
			if r.Parts[i].State() != slotIntact {
				return false
			}
		}
	}
	return true
}

// ErrTorn is a frame that ends before its announced length: the process died
// while it was writing, and nothing in it was acknowledged.
var ErrTorn = errors.New("frame cut short")

// SegmentName is the file of segment n.
func SegmentName(n int64) string { return fmt.Sprintf("%06d.seg", n) }

// EncodeSegmentHead is how segment n of a vault begins.
func EncodeSegmentHead(vault names.ID, n int64) []byte {
	b := append([]byte(segmentMagic), vault[:]...)
	return binary.BigEndian.AppendUint64(b, uint64(n))
}

// EncodeFrame lays out records with their note and sets the places of the
// records relative to the start of the frame.
func EncodeFrame(premier int64, records []*Record, note []byte) ([]byte, []Place) {
	b := make([]byte, 0, 4096+len(records)*4096)
	b = append(b, FrameMagic...)
	b = append(b, 0, 0, 0, 0)
	b = binary.BigEndian.AppendUint32(b, uint32(len(records)))
	b = binary.BigEndian.AppendUint64(b, uint64(premier))
	for _, r := range records {
		h := r.Leaf()
		b = append(b, h[:]...)
	}
	places := make([]Place, len(records))
	for i, r := range records {
		places[i].Offset = int64(len(b))
		b = r.encode(b)
		places[i].Size = int64(len(b)) - places[i].Offset
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(note)))
	b = append(b, note...)
	b = append(b, FrameEnd...)
	binary.BigEndian.PutUint32(b[4:], uint32(len(b)-8))
	return b, places
}

// ReadFrame reads the frame at offset. It returns io.EOF at the end of the
// segment, errTorn for a frame that is cut or was never finished, and any
// other error for bytes that are no frame.
func ReadFrame(r io.ReaderAt, segment, offset, size int64) (*Frame, error) {
	if offset == size {
		return nil, io.EOF
	}
	var head [FrameHead]byte
	n, err := r.ReadAt(head[:], offset)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read frame at %d of segment %d: %w", offset, segment, err)
	}
	if n < FrameHead {
		if strings.HasPrefix(FrameMagic, string(head[:min(n, 4)])) || disk.AllZero(head[:n]) {
			return nil, ErrTorn
		}
		return nil, fmt.Errorf("frame at %d of segment %d: %d bytes that are no frame", offset, segment, n)
	}
	if disk.AllZero(head[:]) {
		return nil, ErrTorn
	}
	if string(head[:4]) != FrameMagic {
		return nil, fmt.Errorf("frame at %d of segment %d: bad magic", offset, segment)
	}
	length := int64(binary.BigEndian.Uint32(head[4:]))
	count := int64(binary.BigEndian.Uint32(head[8:]))
	if length > MaxFrame || count > MaxRecords || length < int64(FrameHead-8+len(FrameEnd))+count*32 {
		return nil, fmt.Errorf("frame at %d of segment %d: announces %d bytes, %d records", offset, segment, length, count)
	}
	if offset+8+length > size {
		return nil, ErrTorn
	}
	f := &Frame{Place: Place{Segment: segment, Offset: offset, Size: 8 + length}, Premier: int64(binary.BigEndian.Uint64(head[12:]))}
	b := make([]byte, 8+length)
	if _, err := r.ReadAt(b, offset); err != nil {
		return nil, fmt.Errorf("read frame at %d of segment %d: %w", offset, segment, err)
	}
	if tail := b[len(b)-len(FrameEnd):]; string(tail) != FrameEnd {
		if disk.AllZero(tail) {
			return nil, ErrTorn
		}
		return nil, fmt.Errorf("frame at %d of segment %d: bad end", offset, segment)
	}
	b = b[:len(b)-len(FrameEnd)]
	at := int64(FrameHead)
	for range count {
		var h tlog.Hash
		copy(h[:], b[at:])
		f.Hashes = append(f.Hashes, h)
		at += 32
	}
	for i := range count {
		p := Place{Segment: segment, Offset: offset + at}
		rec, n, ok := spanRecord(b[at:], f.Premier+i, i+1 == count)
		if !ok {
			return nil, fmt.Errorf("frame at %d of segment %d: record %d has no end", offset, segment, i)
		}
		if int64(binary.BigEndian.Uint32(b[at:]))+4 != int64(n) {
			f.Misled = append(f.Misled, int(i))
		}
		p.Size = int64(n)
		at += int64(n)
		f.Records, f.Places = append(f.Records, rec), append(f.Places, p)
	}
	if at+4 > int64(len(b)) || at+4+int64(binary.BigEndian.Uint32(b[at:])) != int64(len(b)) {
		return nil, fmt.Errorf("frame at %d of segment %d: bad checkpoint length", offset, segment)
	}
	f.Note = b[at+4:]
	return f, nil
}
