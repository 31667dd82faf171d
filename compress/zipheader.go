package compress

import (
	"encoding/binary"
	"io/fs"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// zipHeader is what a local or a central header says of an entry.
type zipHeader struct {
	rawName string // bytes as written
	flags   uint16
	method  Method
	crc     uint32
	size    int64
	raw     int64
	offset  int64 // of the local header
	zip64   bool  // has a zip64 field

	// central header only
	madeBy   uint16
	external uint32
}

func (e *zipHeader) described() bool { return e.flags&flagDescriptor != 0 }
func (e *zipHeader) folder() bool    { return strings.HasSuffix(e.rawName, "/") }

// fault is the anomaly code about this entry.
func (e *zipHeader) fault(code string, offset int64, args ...any) error {
	a := fault(code, offset, args...)
	a.Chemin = strings.ToValidUTF8(e.rawName, "?")
	return a
}

// local reads a local header whose signature has been read, at offset.
func (h *headerReader) local(offset int64) *zipHeader {
	le := binary.LittleEndian
	b := h.bytes(lenLocal - 4)
	e := &zipHeader{
		flags: le.Uint16(b[2:]), method: Method(le.Uint16(b[4:])), crc: le.Uint32(b[10:]),
		size: int64(le.Uint32(b[14:])), raw: int64(le.Uint32(b[18:])), offset: offset,
	}
	nameLen, extraLen := le.Uint16(b[22:]), le.Uint16(b[24:])
	e.rawName = string(h.bytes(int(nameLen)))
	if !e.zip64Field(h.bytes(int(extraLen)), &e.raw, &e.size) && h.err == nil {
		h.err = e.fault(ZipInconnu, offset)
	}
	return e
}

// central reads a central header whose signature has been read.
func (h *headerReader) central() *zipHeader {
	le := binary.LittleEndian
	at := h.src.pos() - 4
	b := h.bytes(lenCentral - 4)
	e := &zipHeader{
		madeBy: le.Uint16(b), flags: le.Uint16(b[4:]), method: Method(le.Uint16(b[6:])), crc: le.Uint32(b[12:]),
		size: int64(le.Uint32(b[16:])), raw: int64(le.Uint32(b[20:])),
		external: le.Uint32(b[34:]), offset: int64(le.Uint32(b[38:])),
	}
	nameLen, extraLen, commentLen, disk := le.Uint16(b[24:]), le.Uint16(b[26:]), le.Uint16(b[28:]), le.Uint16(b[30:])
	e.rawName = string(h.bytes(int(nameLen)))
	ok := e.zip64Field(h.bytes(int(extraLen)), &e.raw, &e.size, &e.offset)
	h.bytes(int(commentLen))
	switch {
	case h.err != nil:
	case !ok:
		h.err = e.fault(ZipRepertoire, at)
	case disk != 0:
		h.err = fault(ZipDisques, at)
	}
	return e
}

// zip64Field replaces those of the values that say "see the zip64 field" by
// what it holds, in the order of APPNOTE 4.5.3. False when it is cut, or holds
// what no file can have.
func (e *zipHeader) zip64Field(extra []byte, values ...*int64) bool {
	le := binary.LittleEndian
	for len(extra) >= 4 {
		id, n := le.Uint16(extra), int(le.Uint16(extra[2:]))
		extra = extra[4:]
		if n > len(extra) {
			return false
		}
		if id == extraZip64 {
			if e.zip64 {
				return false // twice
			}
			e.zip64 = true
			field := extra[:n]
			for _, v := range values {
				if *v != full32 {
					continue
				}
				if len(field) < 8 {
					return false
				}
				if *v = int64(le.Uint64(field)); *v < 0 {
					return false
				}
				field = field[8:]
			}
		}
		extra = extra[n:]
	}
	return true
}

// accept returns the anomaly of an entry that is not to be read: encrypted,
// of another method, special, or with a name that could escape from a folder.
func (e *zipHeader) accept() error {
	switch {
	case e.flags&(flagEncrypted|flagStrongEncrypted|flagMasked) != 0:
		return e.fault(ZipChiffre, e.offset)
	case e.method != Store && e.method != Deflate, e.flags&flagPatched != 0:
		return e.fault(ZipMethode, e.offset, int(e.method))
	case !safeName(e.rawName, e.flags&flagUTF8 != 0):
		return e.fault(ZipNom, e.offset)
	case e.madeBy>>8 == madeByUnix && special(e.external>>16):
		return e.fault(ZipLien, e.offset)
	case e.folder() && e.raw != 0:
		return e.fault(ZipTaille, e.offset)
	}
	return nil
}

// special reports a Unix mode that is neither of a file nor of a folder.
func special(mode uint32) bool {
	const kind, file, folder = 0o170000, 0o100000, 0o040000
	k := mode & kind
	return k != 0 && k != file && k != folder
}

// safeName accepts relative slash-separated paths without empty, "." and ".."
// elements, that mean the same on every system. A folder ends with a slash.
func safeName(name string, isUTF8 bool) bool {
	if len(name) > nameMax || isUTF8 && !utf8.ValidString(name) || !fs.ValidPath(latinised(strings.TrimSuffix(name, "/"))) {
		return false
	}
	for i := range len(name) {
		if c := name[i]; c < ' ' || c == 0x7f || c == '\\' {
			return false
		}
	}
	return name != "." && name != "./" && !(len(name) >= 2 && name[1] == ':')
}

// latinised makes any bytes acceptable to fs.ValidPath, which wants UTF-8.
func latinised(name string) string { return strings.ToValidUTF8(name, "_") }

// name is the name in UTF-8. Without the UTF-8 flag, bytes that are not UTF-8
// are taken for code page 850, that of French Windows: it agrees with the 437
// of the format wherever that one has a letter of French, and has the capitals
// that 437 lacks.
func (e *zipHeader) name() string {
	if utf8.ValidString(e.rawName) {
		return e.rawName
	}
	s, err := charmap.CodePage850.NewDecoder().String(e.rawName)
	if err != nil {
		return strings.ToValidUTF8(e.rawName, "?")
	}
	return s
}

// key is the same for two entries that a folder cannot hold both.
func (e *zipHeader) key() string { return strings.TrimSuffix(e.name(), "/") }
