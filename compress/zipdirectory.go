package compress

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"unicode/utf8"
)

// readDirectory reads the directory of an archive that can be seeked, under
// the rules of ZipStream: every entry acceptable, no name twice, no two
// entries overlapping, nothing before, after or inside that does not belong.
// The local headers are left to openEntry.
func readDirectory(r io.ReaderAt, length int64, limits Limits) ([]*zipHeader, error) {
	want, at, err := findEnd(r, length)
	if err != nil {
		return nil, err
	}
	if want.count > int64(limits.Entries) {
		return nil, fault(ZipEntrees, at, limits.Entries)
	}
	h := headerReader{src: newSource(io.NewSectionReader(r, want.start, length-want.start))}
	defer h.src.release()
	h.src.below.n = want.start
	var entries []*zipHeader
	names, namesLength := map[string]struct{}{}, int64(0)
	sig := binary.LittleEndian.Uint32(h.bytes(4))
	for ; sig == sigCentral && int64(len(entries)) < want.count; sig = binary.LittleEndian.Uint32(h.bytes(4)) {
		e := h.central()
		if h.err != nil {
			return nil, h.failed(ZipTronque)
		}
		if err := e.accept(); err != nil {
			return nil, err
		}
		if _, twice := names[e.key()]; twice {
			return nil, e.fault(ZipDoublon, e.offset)
		}
		if namesLength += int64(len(e.rawName)); namesLength > namesMax {
			return nil, fault(ZipEntrees, e.offset, limits.Entries)
		}
		names[e.key()] = struct{}{}
		entries = append(entries, e)
	}
	if h.err != nil {
		return nil, h.failed(ZipTronque)
	}
	if got := (zipEnd{int64(len(entries)), h.src.pos() - 4 - want.start, want.start}); got != want {
		return nil, fault(ZipRepertoire, h.src.pos()-4)
	}
	if err := h.end(sig, want); err != nil {
		return nil, err
	}
	var mark [4]byte
	if _, err := r.ReadAt(mark[:], 0); err != nil && err != io.EOF {
		return nil, err
	}
	first := int64(0)
	if binary.LittleEndian.Uint32(mark[:]) == sigUnsplit {
		first = int64(len(mark))
	}
	return entries, disjoint(entries, first, want.start)
}

// findEnd finds the record that ends at the end of the archive, and gives what
// it, or the zip64 record before it, says of the directory. Whether the two
// agree is left to headerReader.end.
func findEnd(r io.ReaderAt, length int64) (zipEnd, int64, error) {
	le := binary.LittleEndian
	tail := make([]byte, min(length, lenEnd64Locator+lenEnd+full16+paddingMax))
	base := length - int64(len(tail))
	if _, err := r.ReadAt(tail, base); err != nil && err != io.EOF {
		return zipEnd{}, 0, err
	}
	i, err := lastEnd(tail, base)
	if err != nil {
		return zipEnd{}, 0, err
	}
	at := base + int64(i)
	end := zipEnd{int64(le.Uint16(tail[i+10:])), int64(le.Uint32(tail[i+12:])), int64(le.Uint32(tail[i+16:]))}
	if i >= lenEnd64Locator && le.Uint32(tail[i-lenEnd64Locator:]) == sigEnd64Locator {
		var record [lenEnd64]byte
		at = int64(le.Uint64(tail[i-lenEnd64Locator+8:]))
		if at < 0 || at > length-lenEnd64 {
			return zipEnd{}, 0, fault(ZipRepertoire, base+int64(i))
		}
		if _, err := r.ReadAt(record[:], at); err != nil && err != io.EOF {
			return zipEnd{}, 0, err
		}
		end = zipEnd{int64(le.Uint64(record[32:])), int64(le.Uint64(record[40:])), int64(le.Uint64(record[48:]))}
	}
	if end.start < 0 || end.size < 0 || end.start > at || at-end.start != end.size || end.count < 0 || end.count > end.size/lenCentral {
		return zipEnd{}, 0, fault(ZipRepertoire, at)
	}
	return end, at, nil
}

// lastEnd finds the record in the tail of an archive that begins at base, after
// which nothing comes but its comment and padding.
func lastEnd(tail []byte, base int64) (int, error) {
	le := binary.LittleEndian
	var after error // bytes after a record that could be it
	for i := len(tail); ; {
		if i = bytes.LastIndex(tail[:i], le.AppendUint32(nil, sigEnd)); i < 0 {
			break
		}
		if len(tail)-i < lenEnd {
			continue
		}
		stop := i + lenEnd + int(le.Uint16(tail[i+20:]))
		if stop > len(tail) {
			continue
		}
		odd := bytes.IndexFunc(tail[stop:], func(r rune) bool { return r >= utf8.RuneSelf || !zipPadding(byte(r)) })
		if odd < 0 && len(tail)-stop <= paddingMax {
			return i, nil
		}
		after = fault(ZipSuite, base+int64(stop+max(odd, 0)))
	}
	if after == nil {
		after = fault(ZipTronque, base+int64(len(tail)))
	}
	return 0, after
}

// disjoint checks that the entries, whose directory is at start, neither
// overlap nor leave room before the first one.
func disjoint(entries []*zipHeader, first, start int64) error {
	inOrder := slices.Clone(entries)
	slices.SortFunc(inOrder, func(a, b *zipHeader) int { return int(min(1, max(-1, a.offset-b.offset))) })
	free := int64(0)
	for i, e := range inOrder {
		if e.offset < free || e.offset > start || i == 0 && e.offset != first {
			return e.fault(ZipRepertoire, e.offset)
		}
		if free = e.offset + lenLocal + int64(len(e.rawName)); e.size > start-free {
			return e.fault(ZipRepertoire, e.offset)
		}
		free += e.size
	}
	return nil
}

// openEntry reads the content of an entry of readDirectory; its local header
// must agree.
func openEntry(r io.ReaderAt, e *zipHeader, limits Limits) (io.Reader, error) {
	h := headerReader{src: newSource(io.NewSectionReader(r, e.offset, lenLocal+2*full16+e.size))}
	h.src.below.n = e.offset
	sig := binary.LittleEndian.Uint32(h.bytes(4))
	local := h.local(e.offset)
	if h.err != nil {
		return nil, h.failed(ZipTronque)
	}
	if local.described() {
		local.crc, local.size, local.raw = e.crc, e.size, e.raw
	}
	if sig != sigLocal || !same(local, e) {
		return nil, e.fault(ZipRepertoire, e.offset)
	}
	if e.method == Store && e.size != e.raw {
		return nil, e.fault(ZipTaille, e.offset)
	}
	known := *e
	known.flags &^= flagDescriptor // the directory says what the descriptor would
	return newZipBody(&known, h.src, limits, 0), nil
}
