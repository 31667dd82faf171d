package compress

import "encoding/binary"

// zipEnd is what the records at the end must say of the directory.
type zipEnd struct {
	count, size, start int64
}

// end reads the records that close an archive, the signature sig of the first
// having been read, and checks that they say want. A value of the short record
// may refer to the zip64 record, if there is one.
func (h *headerReader) end(sig uint32, want zipEnd) error {
	le := binary.LittleEndian
	at := h.src.pos() - 4
	is64 := sig == sigEnd64
	if is64 {
		length := le.Uint64(h.bytes(8))
		if h.err == nil && (length < lenEnd64-12 || length > full16) {
			return fault(ZipRepertoire, at)
		}
		b := h.bytes(int(length))
		if h.err != nil {
			return h.failed(ZipTronque)
		}
		if le.Uint32(b[4:])|le.Uint32(b[8:]) != 0 {
			return fault(ZipDisques, at)
		}
		if le.Uint64(b[12:]) != uint64(want.count) || le.Uint64(b[20:]) != uint64(want.count) ||
			le.Uint64(b[28:]) != uint64(want.size) || le.Uint64(b[36:]) != uint64(want.start) {
			return fault(ZipRepertoire, at)
		}
		locator := h.src.pos()
		b = h.bytes(lenEnd64Locator)
		if h.err != nil {
			return h.failed(ZipTronque)
		}
		if le.Uint32(b) != sigEnd64Locator || le.Uint64(b[8:]) != uint64(at) {
			return fault(ZipRepertoire, locator)
		}
		at = h.src.pos()
		sig = le.Uint32(h.bytes(4))
	}
	b := h.bytes(lenEnd - 4)
	if h.err != nil {
		return h.failed(ZipTronque)
	}
	if sig != sigEnd {
		return fault(ZipInconnu, at)
	}
	says := func(value, full uint64, want int64) bool {
		return value == uint64(want) || is64 && value == full
	}
	disk, directoryDisk := le.Uint16(b), le.Uint16(b[2:])
	if !says(uint64(disk), full16, 0) || !says(uint64(directoryDisk), full16, 0) {
		return fault(ZipDisques, at)
	}
	if !says(uint64(le.Uint16(b[4:])), full16, want.count) || !says(uint64(le.Uint16(b[6:])), full16, want.count) ||
		!says(uint64(le.Uint32(b[8:])), full32, want.size) || !says(uint64(le.Uint32(b[12:])), full32, want.start) {
		return fault(ZipRepertoire, at)
	}
	h.bytes(int(le.Uint16(b[16:]))) // comment
	return h.failed(ZipTronque)
}
