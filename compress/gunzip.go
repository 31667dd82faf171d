package compress

import (
	"bufio"
	"encoding/binary"
	"hash/crc32"
	"io"
	"sync"

	"paye/internal/inflate"
)

// source reads a compressed stream and knows where it stands in it.
type source struct {
	*bufio.Reader
	below    counting
	inflater *inflate.Reader // made when it is first needed
}

type counting struct {
	r io.Reader
	n int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

var sources = sync.Pool{New: func() any {
	s := new(source)
	s.Reader = bufio.NewReaderSize(&s.below, 32<<10)
	return s
}}

func newSource(r io.Reader) *source {
	s := sources.Get().(*source)
	s.below = counting{r: r}
	s.Reset(&s.below)
	return s
}

// release gives s back; it must not be used afterwards.
func (s *source) release() {
	s.below.r = nil
	sources.Put(s)
}

// inflate returns the inflater of s, at the start of a stream: s has one, and the
// stream before it is over.
func (s *source) inflate() io.Reader {
	if s.inflater == nil {
		s.inflater = new(inflate.Reader)
	}
	s.inflater.Reset(s.Reader)
	return s.inflater
}

// pos is the offset of the next byte.
func (s *source) pos() int64 { return s.below.n - int64(s.Buffered()) }

// padding reads to the end of the input bytes that only fill it; another one is
// the anomaly code.
func (s *source) padding(code string, fills func(byte) bool) error {
	for n := 0; ; n++ {
		b, err := s.ReadByte()
		if err != nil {
			return err
		}
		if !fills(b) || n >= paddingMax {
			return fault(code, s.pos()-1)
		}
	}
}

// paddingMax is how much may fill the last block of a tape or of a transfer.
const paddingMax = 64 << 10

// inflateFault turns what an inflater returns into the anomaly truncated or
// corrupt; errors of the reader below stay as they are.
func inflateFault(err error, truncated, corrupt string, offset int64) error {
	switch err {
	case io.ErrUnexpectedEOF:
		return fault(truncated, offset)
	case inflate.ErrCorrupt:
		return fault(corrupt, offset)
	}
	return err
}

// Gunzip reads gzip. io.EOF is given only once the CRC, the length and the end
// of the input have been checked.
type Gunzip struct {
	name    string
	src     *source
	limits  Limits
	inf     io.Reader
	members bool // more than one may come, and padding after them
	before  int64
	out     int64 // of all members
	crc     uint32
	err     error
}

// NewGunzipFile reads a gzip file as gzip does: members one after the other
// (RFC 1952, 2.2), then zeros to the end of a block, if any. It reads ahead.
func NewGunzipFile(r io.Reader, limits Limits) (*Gunzip, error) {
	g, err := NewGunzip(r, limits)
	if err == nil {
		g.members = true
	}
	return g, err
}

// NewGunzip reads one member, which must be all there is, as a PES carries it.
// It reads ahead.
func NewGunzip(r io.Reader, limits Limits) (*Gunzip, error) {
	g := &Gunzip{src: newSource(r), limits: limits.withDefaults()}
	if err := g.header(); err != nil {
		g.Release()
		return nil, err
	}
	g.inf = g.src.inflate()
	return g, nil
}

// Release gives the buffers of g back. It may be called at any time, once; g
// must not be read afterwards.
func (g *Gunzip) Release() {
	g.src.release()
	g.src, g.inf = nil, nil
}

// Name is the file name of the header, bytes above 0x7f in ISO-8859-1 (RFC
// 1952, 2.3.1); empty when there is none. It may be anything: it is not a path.
func (g *Gunzip) Name() string { return g.name }

func (g *Gunzip) Read(p []byte) (int, error) {
	if g.err != nil {
		return 0, g.err
	}
	n, err := g.inf.Read(p)
	g.crc = crc32.Update(g.crc, crc32.IEEETable, p[:n])
	g.out += int64(n)
	switch {
	case err == io.EOF:
		g.err = g.trailer()
	case err != nil:
		g.err = inflateFault(err, GzipTronque, GzipCorrompu, g.src.pos())
	}
	if over := g.limits.check(g.src.pos(), g.out, g.out, g.src.pos()); over != nil {
		n, g.err = 0, over
	}
	return n, g.err
}

// Flags of the header, RFC 1952, 2.3.1.
const (
	gzipHeaderCRC = 1 << 1
	gzipExtra     = 1 << 2
	gzipName      = 1 << 3
	gzipComment   = 1 << 4
	gzipReserved  = 0xe0
)

func (g *Gunzip) header() error {
	h := headerReader{src: g.src}
	fixed := h.bytes(10)
	if h.err == nil && (fixed[0] != 0x1f || fixed[1] != 0x8b || fixed[2] != 8 || fixed[3]&gzipReserved != 0) {
		return fault(GzipInconnu, 0)
	}
	if h.err != nil {
		return h.failed(GzipTronque)
	}
	flags := fixed[3]
	if flags&gzipExtra != 0 {
		h.bytes(int(binary.LittleEndian.Uint16(h.bytes(2))))
	}
	if flags&gzipName != 0 {
		g.name = h.text()
	}
	if flags&gzipComment != 0 {
		h.text()
	}
	if flags&gzipHeaderCRC != 0 {
		want := uint16(h.crc)
		if got := binary.LittleEndian.Uint16(h.bytes(2)); h.err == nil && got != want {
			return fault(GzipCRC, g.src.pos()-2)
		}
	}
	return h.failed(GzipTronque)
}

func (g *Gunzip) trailer() error {
	h := headerReader{src: g.src}
	at := g.src.pos()
	b := h.bytes(gzipTrailer)
	if h.err != nil {
		return h.failed(GzipTronque)
	}
	if binary.LittleEndian.Uint32(b) != g.crc {
		return fault(GzipCRC, at)
	}
	if binary.LittleEndian.Uint32(b[4:]) != uint32(g.out-g.before) {
		return fault(GzipLongueur, at+4)
	}
	if g.members {
		return g.next()
	}
	if _, err := g.src.ReadByte(); err == nil {
		return fault(GzipSuite, at+gzipTrailer)
	} else if err != io.EOF {
		return err
	}
	return io.EOF
}

// next begins the member that follows; io.EOF when none does.
func (g *Gunzip) next() error {
	if magic, _ := g.src.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		name := g.name
		if err := g.header(); err != nil {
			return err
		}
		g.name, g.before, g.crc = name, g.out, 0
		g.inf = g.src.inflate()
		return nil
	}
	return g.src.padding(GzipSuite, func(b byte) bool { return b == 0 })
}

// headerReader reads the fields of a header; after the first error it gives
// zeros.
type headerReader struct {
	src *source
	crc uint32
	buf []byte
	err error
}

// bytes returns the next n bytes, valid until the next call.
func (h *headerReader) bytes(n int) []byte {
	if cap(h.buf) < n {
		h.buf = make([]byte, n)
	}
	b := h.buf[:n]
	if h.err == nil {
		_, h.err = io.ReadFull(h.src, b)
	}
	if h.err != nil {
		clear(b)
	}
	h.crc = crc32.Update(h.crc, crc32.IEEETable, b)
	return b
}

// text returns a field ended by a NUL; one that is too long to be a name is
// taken for a fault.
func (h *headerReader) text() string {
	var runes []rune
	for len(runes) <= nameMax {
		c := h.bytes(1)[0]
		if c == 0 {
			return string(runes)
		}
		runes = append(runes, rune(c))
	}
	if h.err == nil {
		h.err = fault(GzipInconnu, h.src.pos())
	}
	return ""
}

// failed gives the anomaly truncated for an input that ended too early, else
// the error as it came.
func (h *headerReader) failed(truncated string) error {
	if h.err == io.EOF || h.err == io.ErrUnexpectedEOF {
		return fault(truncated, h.src.pos())
	}
	return h.err
}
