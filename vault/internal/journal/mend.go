package journal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"paye/vault/internal/disk"
)

// diskSector is what a disk writes whole or not at all, in bytes.
const diskSector = 512

// Unfinished reports whether what stands from offset to the end of a segment is
// one frame that was being written when the power went: some of its sectors
// never came to the disk and read as zeros, and no frame follows. It was never
// synced, so that nothing in it was acknowledged. Erased slots are not taken
// for such sectors: the frame of their erasure would follow.
func Unfinished(r io.ReaderAt, segment, offset, size int64) bool {
	b, whole := LastFrame(r, segment, offset, size)
	for at := 0; whole && at < len(b); {
		next := min(len(b), at+diskSector-int(offset+int64(at))%diskSector)
		if disk.AllZero(b[at:next]) {
			return true
		}
		at = next
	}
	return false
}

// LastFrame reads what stands from offset to the end of a segment, and reports
// whether no frame begins after offset.
func LastFrame(r io.ReaderAt, segment, offset, size int64) ([]byte, bool) {
	if size-offset > 8+MaxFrame {
		return nil, false
	}
	b := make([]byte, size-offset)
	if _, err := r.ReadAt(b, offset); err != nil {
		return nil, false
	}
	for at := 1; ; at++ {
		i := bytes.Index(b[min(at, len(b)):], []byte(FrameMagic))
		if i < 0 {
			return b, true
		}
		at += i
		if _, err := ReadFrame(bytes.NewReader(b), segment, int64(at), int64(len(b))); err == nil {
			return b, false
		}
	}
}

// spanRecord finds where the record at the start of b ends. Its length and its
// slots both say so: when one of them is damaged, the one that leads to the
// next record, or to the checkpoint, is believed. The record is nil when it
// cannot be decoded at all.
func spanRecord(b []byte, index int64, last bool) (*Record, int, bool) {
	leads := func(n int) bool {
		if n < 4+HeaderSize || n > len(b) {
			return false
		}
		rest := b[n:]
		if last {
			return len(rest) >= 4 && int64(binary.BigEndian.Uint32(rest)) == int64(len(rest)-4)
		}
		if len(rest) < 4+HeaderSize {
			return false
		}
		h, err := ParseHeader(rest[4:])
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
	if len(b) < 4+HeaderSize+1 {
		return -1
	}
	at := 4 + HeaderSize + 1
	for range b[4+HeaderSize] {
		if at+SlotHead > len(b) {
			return -1
		}
		at += SlotHead + int(binary.BigEndian.Uint32(b[at+1:]))
		if at > len(b) {
			return -1
		}
	}
	return at
}

// MendFrame reads a frame whose head or end is damaged, by what surrounds it:
// it goes from offset to next, and its first record is premier.
func MendFrame(r io.ReaderAt, segment, offset, next, premier, count int64) (*Frame, error) {
	if next-offset < int64(FrameHead+len(FrameEnd)) || next-offset > MaxFrame {
		return nil, fmt.Errorf("frame at %d of segment %d: %d bytes are no frame", offset, segment, next-offset)
	}
	b := make([]byte, next-offset)
	if _, err := r.ReadAt(b, offset); err != nil {
		return nil, fmt.Errorf("read frame at %d of segment %d: %w", offset, segment, err)
	}
	copy(b, FrameMagic)
	binary.BigEndian.PutUint32(b[4:], uint32(len(b)-8))
	if count >= 0 {
		binary.BigEndian.PutUint32(b[8:], uint32(count))
	}
	binary.BigEndian.PutUint64(b[12:], uint64(premier))
	copy(b[len(b)-len(FrameEnd):], FrameEnd)
	f, err := ReadFrame(bytes.NewReader(b), segment, 0, int64(len(b)))
	if err != nil {
		return nil, err
	}
	f.Offset = offset
	for i := range f.Places {
		f.Places[i].Offset += offset
	}
	return f, nil
}
