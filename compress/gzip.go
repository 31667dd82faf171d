package compress

import (
	"encoding/binary"
	"fmt"
	"io"
)

// gzipHeader has no name and no time, so that the same content gives the same
// bytes; 255 is the operating system "unknown" (RFC 1952, 2.3.1).
const gzipHeader = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"

const gzipTrailer = 8 // CRC-32, length modulo 2^32

// GzipSize is the length of the gzip member made of the blocks.
func GzipSize(blocks ...Block) int64 {
	return int64(len(gzipHeader)) + DeflateSize(blocks...) + gzipTrailer
}

// GzipWriter assembles one gzip member out of blocks. It writes in as many
// calls as it is given blocks and buffers nothing.
type GzipWriter struct {
	w     io.Writer
	total Block
	err   error
}

// NewGzipWriter writes the header of a member to w.
func NewGzipWriter(w io.Writer) *GzipWriter {
	g := &GzipWriter{w: w}
	g.put(gzipHeader)
	return g
}

// WriteBlock adds the run b, whose bytes are data.
func (g *GzipWriter) WriteBlock(b Block, data []byte) error {
	if g.err == nil && int64(len(data)) != b.Size {
		g.err = fmt.Errorf("write gzip: %d bytes given for a block of %d", len(data), b.Size)
	}
	if g.err == nil {
		_, g.err = g.w.Write(data)
		g.total = Join(g.total, b)
	}
	return g.err
}

// CopyBlock adds the run b, whose bytes are the next b.Size of r.
func (g *GzipWriter) CopyBlock(b Block, r io.Reader) error {
	if g.err == nil {
		n, err := io.CopyN(g.w, r, b.Size)
		if err == io.EOF {
			err = fmt.Errorf("write gzip: %d bytes read of a block of %d: %w", n, b.Size, io.ErrUnexpectedEOF)
		}
		g.err = err
		g.total = Join(g.total, b)
	}
	return g.err
}

// Close ends the member; it does not close the writer below.
func (g *GzipWriter) Close() error {
	g.put(End)
	var trailer [gzipTrailer]byte
	g.put(string(appendGzipTrailer(trailer[:0], g.total.CRC, g.total.Raw)))
	if g.err != nil {
		return g.err
	}
	g.err = errClosed
	return nil
}

func (g *GzipWriter) put(s string) {
	if g.err == nil {
		_, g.err = io.WriteString(g.w, s)
	}
}

func appendGzipTrailer(dst []byte, crc uint32, raw int64) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, crc)
	return binary.LittleEndian.AppendUint32(dst, uint32(raw))
}
