package compress

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"sort"
)

// StreamEntry is an entry of a ZipStream.
type StreamEntry struct {
	Name   string // relative, with slashes, safe to open below a folder
	Folder bool   // then Name ends with a slash and there is no content
	Method Method
	Raw    int64 // bytes of the content; -1 when the archive tells only after it
	Offset int64 // of the entry in the archive, in bytes
}

// ZipStream reads a zip archive from its first byte to its last, without
// seeking. Nothing is trusted twice: each entry is checked against its own
// header or data descriptor, and the directory at the end must say of every
// entry what was read, no more and no less. Until Next has returned io.EOF, an
// archive may still turn out to be wrong, or an entry to be a link.
//
// Memory grows with the number of entries, by their names and some 100 bytes.
type ZipStream struct {
	src    *source
	limits Limits
	body   *zipBody // nil between entries
	seen   []*zipHeader
	names  map[string]struct{}
	length int64 // of the names
	raw    int64 // content read
	err    error
}

// NewZipStream reads the archive that r gives. It reads ahead.
func NewZipStream(r io.Reader, limits Limits) *ZipStream {
	return &ZipStream{src: newSource(r), limits: limits.withDefaults(), names: map[string]struct{}{}}
}

// Release gives the buffers of z back. It may be called at any time, once; z must
// not be read afterwards.
func (z *ZipStream) Release() {
	z.src.release()
	z.src, z.body, z.err = nil, nil, errClosed
}

// Next skips what is left of the entry under way, checking it, and gives the
// next one; io.EOF after the directory has been found to agree and the input
// to end.
func (z *ZipStream) Next() (StreamEntry, error) {
	if z.err == nil && z.body != nil {
		if _, err := io.Copy(io.Discard, z); err != nil {
			z.err = err
		}
	}
	if z.err != nil {
		return StreamEntry{}, z.err
	}
	h := headerReader{src: z.src}
	at := z.src.pos()
	switch sig := binary.LittleEndian.Uint32(h.bytes(4)); {
	case h.err != nil:
		z.err = h.failed(ZipTronque)
	case sig == sigUnsplit && at == 0:
		return z.Next()
	case sig == sigLocal:
		e := h.local(at)
		if h.err != nil {
			z.err = h.failed(ZipTronque)
		} else {
			z.err = z.begin(e)
		}
	case sig == sigCentral || sig == sigEnd || sig == sigEnd64:
		z.err = z.directory(sig)
	case sig == sigDescriptor && at == 0:
		z.err = fault(ZipDisques, at)
	default:
		z.err = fault(ZipInconnu, at)
	}
	if z.err != nil {
		return StreamEntry{}, z.err
	}
	e := z.body.zipHeader
	entry := StreamEntry{Name: e.name(), Folder: e.folder(), Method: e.method, Raw: e.raw, Offset: e.offset}
	if e.described() {
		entry.Raw = -1
	}
	return entry, nil
}

// begin accepts the entry e, whose header has just been read.
func (z *ZipStream) begin(e *zipHeader) error {
	if err := e.accept(); err != nil {
		return err
	}
	if z.length += int64(len(e.rawName)); len(z.seen) >= z.limits.Entries || z.length > namesMax {
		return fault(ZipEntrees, e.offset, z.limits.Entries)
	}
	key := e.key()
	if _, twice := z.names[key]; twice {
		return e.fault(ZipDoublon, e.offset)
	}
	if e.method == Store && e.size != e.raw {
		return e.fault(ZipTaille, e.offset)
	}
	z.names[key] = struct{}{}
	z.seen = append(z.seen, e)
	z.body = newZipBody(e, z.src, z.limits, z.raw)
	return nil
}

// Read gives the content of the entry that Next returned; io.EOF once it has
// been found whole.
func (z *ZipStream) Read(p []byte) (int, error) {
	switch {
	case z.err != nil:
		return 0, z.err
	case z.body == nil:
		return 0, io.EOF
	}
	n, err := z.body.Read(p)
	if err == nil {
		return n, nil
	}
	if err == io.EOF && z.body.described() {
		if wrong := z.descriptor(z.body.zipHeader); wrong != nil {
			err = wrong
		}
	}
	if err != io.EOF {
		z.err = err
		return n, err
	}
	z.raw += z.body.raw
	z.body = nil
	return n, io.EOF
}

// descriptor reads the data descriptor of e, which knows by now what it must
// say. It comes with or without a signature, with sizes of 4 or 8 bytes, and
// nothing tells which: it is the form that says what was read and that a
// record follows. The end of stored content cannot be told from its bytes, so
// it is where the header says: writers to a pipe leave 0 there, which is right
// for empty files and folders, and wrong for the others, which are refused.
func (z *ZipStream) descriptor(e *zipHeader) error {
	at := z.src.pos()
	le := binary.LittleEndian
	next, err := z.src.Peek(4 + 4 + 16 + 4)
	if err != nil && err != io.EOF {
		return err
	}
	for _, sig := range [][]byte{le.AppendUint32(nil, sigDescriptor), nil} {
		head := le.AppendUint32(sig, e.crc)
		narrow := le.AppendUint32(le.AppendUint32(slices.Clone(head), uint32(e.size)), uint32(e.raw))
		wide := le.AppendUint64(le.AppendUint64(slices.Clone(head), uint64(e.size)), uint64(e.raw))
		for _, form := range [][]byte{narrow, wide} {
			if bytes.HasPrefix(next, form) && bytes.HasPrefix(next[len(form):], []byte("PK")) {
				_, err := z.src.Discard(len(form))
				return err
			}
		}
	}
	switch {
	case err == io.EOF: // even the shortest form and the last record are longer
		return fault(ZipTronque, at+int64(len(next)))
	case e.method == Store:
		return e.fault(ZipFlux, at)
	}
	return e.fault(ZipTaille, at)
}

// directory reads from the first central header, whose signature sig has been
// read, to the end of the input, and returns io.EOF when all of it agrees with
// the entries.
func (z *ZipStream) directory(sig uint32) error {
	h := headerReader{src: z.src}
	start := z.src.pos() - 4
	described := make([]bool, len(z.seen))
	count := 0
	for ; sig == sigCentral; count++ {
		at := z.src.pos() - 4
		c := h.central()
		if h.err != nil {
			return h.failed(ZipTronque)
		}
		i := z.find(c.offset, count)
		if i < 0 || described[i] || !same(z.seen[i], c) {
			return c.fault(ZipRepertoire, at)
		}
		described[i] = true
		if err := c.accept(); err != nil {
			return err
		}
		sig = binary.LittleEndian.Uint32(h.bytes(4))
	}
	if h.err != nil {
		return h.failed(ZipTronque)
	}
	if count != len(z.seen) {
		return fault(ZipRepertoire, z.src.pos()-4)
	}
	end := zipEnd{count: int64(count), size: z.src.pos() - 4 - start, start: start}
	if err := h.end(sig, end); err != nil {
		return err
	}
	return z.src.padding(ZipSuite, zipPadding)
}

// zipPadding tells the bytes that may follow an archive: what unzip and Java
// pass over, of the line end of a careless transfer or of a full block.
func zipPadding(b byte) bool { return b == 0 || b == '\r' || b == '\n' }

// find returns the index of the entry at offset, which is guess in archives
// whose directory keeps the order; -1 when there is none.
func (z *ZipStream) find(offset int64, guess int) int {
	if guess < len(z.seen) && z.seen[guess].offset == offset {
		return guess
	}
	i := sort.Search(len(z.seen), func(i int) bool { return z.seen[i].offset >= offset })
	if i < len(z.seen) && z.seen[i].offset == offset {
		return i
	}
	return -1
}

// same reports whether the directory says of an entry what was read.
func same(read, central *zipHeader) bool {
	const meaning = flagEncrypted | flagUTF8
	return read.rawName == central.rawName && read.method == central.method && read.crc == central.crc &&
		read.size == central.size && read.raw == central.raw && read.flags&meaning == central.flags&meaning
}
