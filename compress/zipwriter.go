package compress

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"time"
)

// ZipEntry is an entry of an archive to be written, all of which is known
// before its first byte.
type ZipEntry struct {
	Name   string // as it is written; UTF-8, slashes, at most 65,535 bytes
	Method Method
	Raw    int64  // bytes of the content
	Size   int64  // bytes in the archive; Raw for Store
	CRC    uint32 // of the content
}

// BlockEntry is the entry that holds the run b closed by End.
func BlockEntry(name string, b Block) ZipEntry {
	return ZipEntry{Name: name, Method: Deflate, Raw: b.Raw, Size: b.Size + EndSize, CRC: b.CRC}
}

// Cost is the number of bytes that the entry adds to an archive, its two
// headers included, as long as the archive needs no zip64 record for its
// offset: below 4 GiB. An empty archive costs ZipSize().
func (e ZipEntry) Cost() int64 {
	return lenLocal + int64(len(e.Name)) + e.localExtra() + e.Size + e.centralSize(0)
}

// ZipSize is the length of the archive that a ZipWriter makes of the entries
// in this order.
func ZipSize(entries ...ZipEntry) int64 {
	var offset, directory int64
	for _, e := range entries {
		directory += e.centralSize(offset)
		offset += lenLocal + int64(len(e.Name)) + e.localExtra() + e.Size
	}
	size := offset + directory + lenEnd
	if endNeeds64(len(entries), offset, directory) {
		size += lenEnd64 + lenEnd64Locator
	}
	return size
}

func (e ZipEntry) needs64() bool { return e.Raw >= full32 || e.Size >= full32 }

// localExtra is the length of the zip64 field of the local header, which holds
// both sizes or none (APPNOTE 4.5.3).
func (e ZipEntry) localExtra() int64 {
	if e.needs64() {
		return 4 + 16
	}
	return 0
}

// centralExtra is the length of the values of the zip64 field of the central
// header, which holds those that do not fit.
func (e ZipEntry) centralExtra(offset int64) int64 {
	var n int64
	for _, v := range [...]int64{e.Raw, e.Size, offset} {
		if v >= full32 {
			n += 8
		}
	}
	return n
}

func (e ZipEntry) centralSize(offset int64) int64 {
	size := lenCentral + int64(len(e.Name))
	if extra := e.centralExtra(offset); extra > 0 {
		size += 4 + extra
	}
	return size
}

func endNeeds64(entries int, offset, directory int64) bool {
	return entries >= full16 || offset >= full32 || directory >= full32
}

// ZipWriter writes an archive to a writer that need not seek: sizes are in the
// local headers, there are no data descriptors, and zip64 records only where
// something does not fit. It keeps the entries until Close.
type ZipWriter struct {
	w       io.Writer
	entries []placed
	offset  int64 // where the next byte goes
	left    int64 // bytes of the entry under way still to come
	crc     uint32
	time    uint16
	date    uint16
	buf     []byte
	err     error
}

type placed struct {
	ZipEntry
	offset int64
}

// NewZipWriter starts an archive on w. Every entry bears date, as the clock of
// its own location shows it; the zero date, and one before the format begins,
// is 1980-01-01.
func NewZipWriter(w io.Writer, date time.Time) *ZipWriter {
	z := &ZipWriter{w: w, date: 1<<5 | 1}
	if year := date.Year(); year >= 1980 && year < 1980+128 {
		z.date = uint16(year-1980)<<9 | uint16(date.Month())<<5 | uint16(date.Day())
		z.time = uint16(date.Hour())<<11 | uint16(date.Minute())<<5 | uint16(date.Second()/2)
	}
	return z
}

// Begin ends the entry under way and starts e, whose e.Size bytes follow by
// Write. The name is the caller's: two entries may not bear the same.
func (z *ZipWriter) Begin(e ZipEntry) error {
	if !z.finish() {
		return z.err
	}
	switch {
	case e.Name == "" || len(e.Name) > full16:
		z.err = fmt.Errorf("write zip: a name of %d bytes", len(e.Name))
	case e.Raw < 0 || e.Size < 0:
		z.err = fmt.Errorf("write zip: entry %q: negative size", e.Name)
	case e.Method == Store && e.Raw != e.Size:
		z.err = fmt.Errorf("write zip: entry %q: %d bytes stored as %d", e.Name, e.Raw, e.Size)
	case e.Method != Store && e.Method != Deflate:
		z.err = fmt.Errorf("write zip: entry %q: method %d", e.Name, e.Method)
	}
	if z.err != nil {
		return z.err
	}
	z.entries = append(z.entries, placed{e, z.offset})
	z.left, z.crc = e.Size, 0

	le := binary.LittleEndian
	b := le.AppendUint32(z.buf[:0], sigLocal)
	b = z.appendShared(b, e, e.needs64())
	if e.needs64() {
		b = le.AppendUint32(b, full32)
		b = le.AppendUint32(b, full32)
	} else {
		b = le.AppendUint32(b, uint32(e.Size))
		b = le.AppendUint32(b, uint32(e.Raw))
	}
	b = le.AppendUint16(b, uint16(len(e.Name)))
	b = le.AppendUint16(b, uint16(e.localExtra()))
	b = append(b, e.Name...)
	if e.needs64() {
		b = le.AppendUint16(b, extraZip64)
		b = le.AppendUint16(b, 16)
		b = le.AppendUint64(b, uint64(e.Raw))
		b = le.AppendUint64(b, uint64(e.Size))
	}
	z.put(b)
	return z.err
}

// Write gives bytes of the entry under way as they go into the archive:
// deflated, for Deflate. More than announced is an error.
func (z *ZipWriter) Write(p []byte) (int, error) {
	if z.err == nil && int64(len(p)) > z.left {
		z.err = fmt.Errorf("write zip: %s: more bytes than announced", z.current())
	}
	if z.err != nil {
		return 0, z.err
	}
	n, err := z.w.Write(p)
	z.left -= int64(n)
	z.offset += int64(n)
	if len(z.entries) > 0 && z.entries[len(z.entries)-1].Method == Store {
		z.crc = crc32.Update(z.crc, crc32.IEEETable, p[:n])
	}
	z.err = err
	return n, err
}

// Close ends the last entry and writes the directory; it does not close the
// writer below.
func (z *ZipWriter) Close() error {
	if !z.finish() {
		return z.err
	}
	start := z.offset
	for _, e := range z.entries {
		z.put(z.appendCentral(z.buf[:0], e))
	}
	z.put(z.appendEnd(z.buf[:0], start))
	if z.err != nil {
		return z.err
	}
	z.err = errClosed
	return nil
}

// finish checks that the entry under way is whole, and, if it is stored, that
// its content is what was announced.
func (z *ZipWriter) finish() bool {
	switch {
	case z.err != nil:
	case z.left > 0:
		z.err = fmt.Errorf("write zip: %s: %d bytes fewer than announced", z.current(), z.left)
	case len(z.entries) > 0:
		if e := z.entries[len(z.entries)-1]; e.Method == Store && e.CRC != z.crc {
			z.err = fmt.Errorf("write zip: %s: %w", z.current(), ErrChanged)
		}
	}
	return z.err == nil
}

// ErrChanged says that a content is not the one that was measured: the file
// changed in between.
var ErrChanged = errors.New("content changed since it was measured")

func (z *ZipWriter) current() string {
	if len(z.entries) == 0 {
		return "before the first entry"
	}
	return fmt.Sprintf("entry %q", z.entries[len(z.entries)-1].Name)
}

func (z *ZipWriter) put(b []byte) {
	if z.err == nil {
		var n int
		n, z.err = z.w.Write(b)
		z.offset += int64(n)
	}
	z.buf = b[:0]
}

// appendShared appends what the local and the central header have in common,
// from the version needed to the CRC.
func (z *ZipWriter) appendShared(b []byte, e ZipEntry, zip64 bool) []byte {
	le := binary.LittleEndian
	version, flags := uint16(versionDeflate), uint16(0)
	if zip64 {
		version = versionZip64
	}
	for i := range len(e.Name) {
		if e.Name[i] >= 0x80 {
			flags = flagUTF8
		}
	}
	b = le.AppendUint16(b, version)
	b = le.AppendUint16(b, flags)
	b = le.AppendUint16(b, uint16(e.Method))
	b = le.AppendUint16(b, z.time)
	b = le.AppendUint16(b, z.date)
	return le.AppendUint32(b, e.CRC)
}

func (z *ZipWriter) appendCentral(b []byte, e placed) []byte {
	le := binary.LittleEndian
	const privateFile = 0o100600 << 16 // what unzip gives to the files
	extra := e.centralExtra(e.offset)
	b = le.AppendUint32(b, sigCentral)
	b = le.AppendUint16(b, madeByUnix<<8|versionZip64)
	b = z.appendShared(b, e.ZipEntry, extra > 0)
	b = le.AppendUint32(b, uint32(min(e.Size, full32)))
	b = le.AppendUint32(b, uint32(min(e.Raw, full32)))
	b = le.AppendUint16(b, uint16(len(e.Name)))
	if extra > 0 {
		b = le.AppendUint16(b, uint16(4+extra))
	} else {
		b = le.AppendUint16(b, 0)
	}
	b = le.AppendUint16(b, 0) // comment
	b = le.AppendUint16(b, 0) // disk
	b = le.AppendUint16(b, 0) // internal attributes
	b = le.AppendUint32(b, privateFile)
	b = le.AppendUint32(b, uint32(min(e.offset, full32)))
	b = append(b, e.Name...)
	if extra > 0 {
		b = le.AppendUint16(b, extraZip64)
		b = le.AppendUint16(b, uint16(extra))
		for _, v := range [...]int64{e.Raw, e.Size, e.offset} {
			if v >= full32 {
				b = le.AppendUint64(b, uint64(v))
			}
		}
	}
	return b
}

func (z *ZipWriter) appendEnd(b []byte, start int64) []byte {
	le := binary.LittleEndian
	count, end := len(z.entries), z.offset
	if endNeeds64(count, start, end-start) {
		b = le.AppendUint32(b, sigEnd64)
		b = le.AppendUint64(b, lenEnd64-12) // without the signature and this field
		b = le.AppendUint16(b, madeByUnix<<8|versionZip64)
		b = le.AppendUint16(b, versionZip64)
		b = le.AppendUint32(b, 0) // this disk
		b = le.AppendUint32(b, 0) // disk of the directory
		b = le.AppendUint64(b, uint64(count))
		b = le.AppendUint64(b, uint64(count))
		b = le.AppendUint64(b, uint64(end-start))
		b = le.AppendUint64(b, uint64(start))

		b = le.AppendUint32(b, sigEnd64Locator)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint64(b, uint64(end))
		b = le.AppendUint32(b, 1) // disks
	}
	b = le.AppendUint32(b, sigEnd)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, uint16(min(count, full16)))
	b = le.AppendUint16(b, uint16(min(count, full16)))
	b = le.AppendUint32(b, uint32(min(end-start, full32)))
	b = le.AppendUint32(b, uint32(min(start, full32)))
	return le.AppendUint16(b, 0) // comment
}
