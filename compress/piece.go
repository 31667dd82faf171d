package compress

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
)

// Piece is a justificatif measured for transport: what it weighs in the form,
// stored or deflated, that weighs less. Most pieces are PDF, images and office
// files, compressed already, and travel stored.
type Piece struct {
	Raw    int64
	CRC    uint32
	Method Method
	Size   int64 // bytes of the deflate stream, End included; Raw for Store
}

// Measure reads a piece to its end and finds its form. The answer depends on
// the content and on the Niveau of e only.
//
// Each MiB is deflated when a look at twelve samples of 4 KiB, in the middle of
// each of its twelfths, promises at least 1/32, and it gains as much; other MiBs
// are kept as they are within the stream. So a scan costs its checksum and
// little more, and a gain that no sample shows is given up.
func (e *Encoder) Measure(r io.Reader) (Piece, error) {
	all, err := e.deflate(r, nil)
	if err != nil {
		return Piece{}, fmt.Errorf("measure piece: %w", err)
	}
	p := Piece{Raw: all.Raw, CRC: all.CRC, Method: Deflate, Size: all.Size + EndSize}
	if p.Size >= p.Raw {
		p.Method, p.Size = Store, p.Raw
	}
	return p, nil
}

// GzipSize is the length of the piece as a gzip member, as CopyGzip writes it.
func (p Piece) GzipSize() int64 {
	if p.Method == Store {
		return StoredGzipSize(p.Raw)
	}
	return int64(len(gzipHeader)) + p.Size + gzipTrailer
}

// Entry is the zip entry of the piece, as CopyEntry writes it.
func (p Piece) Entry(name string) ZipEntry {
	return ZipEntry{Name: name, Method: p.Method, Raw: p.Raw, Size: p.Size, CRC: p.CRC}
}

// CopyGzip writes to w the gzip member of the piece p, measured by an Encoder
// of the same Niveau, whose content r gives. ErrChanged when the content is
// another one; w has then received bytes that are worth nothing.
func (e *Encoder) CopyGzip(w io.Writer, p Piece, r io.Reader) error {
	var got Block
	var err error
	if p.Method == Store {
		s := NewStoredGzip(w)
		if err := e.copy(s, r); err != nil {
			return fmt.Errorf("copy piece: %w", err)
		}
		err = s.Close()
		got = Block{s.raw, s.raw, s.crc}
	} else {
		g := NewGzipWriter(w)
		if _, err := e.deflate(r, g.WriteBlock); err != nil {
			return fmt.Errorf("copy piece: %w", err)
		}
		err = g.Close()
		got = g.total
		got.Size += EndSize
	}
	if err != nil {
		return fmt.Errorf("copy piece: %w", err)
	}
	return p.same(got)
}

// CopyEntry writes to z the entry name of the piece p, measured by an Encoder
// of the same Niveau, whose content r gives. ErrChanged as for CopyGzip.
func (e *Encoder) CopyEntry(z *ZipWriter, name string, p Piece, r io.Reader) error {
	if err := z.Begin(p.Entry(name)); err != nil {
		return err
	}
	if p.Method == Store {
		if err := e.copy(z, io.LimitReader(r, p.Raw)); err != nil {
			return fmt.Errorf("copy piece: %w", err)
		}
		if n, err := io.ReadFull(r, make([]byte, 1)); n > 0 || z.left > 0 || z.crc != p.CRC {
			return fmt.Errorf("copy piece: %w", ErrChanged)
		} else if err != io.EOF {
			return fmt.Errorf("copy piece: %w", err)
		}
		return nil
	}
	left := p.Size - EndSize
	all, err := e.deflate(r, func(b Block, data []byte) error {
		if left -= b.Size; left < 0 {
			return ErrChanged
		}
		_, err := z.Write(data)
		return err
	})
	if err == nil {
		all.Size += EndSize
		err = p.same(all)
	}
	if err == nil {
		_, err = io.WriteString(z, End)
	}
	if err != nil {
		return fmt.Errorf("copy piece: %w", err)
	}
	return nil
}

func (p Piece) same(got Block) error {
	if (got != Block{p.Raw, p.Size, p.CRC}) {
		return fmt.Errorf("copy piece: %w", ErrChanged)
	}
	return nil
}

// buffer is room for a block before it is one.
func (e *Encoder) buffer() []byte {
	if e.raw == nil {
		e.raw = make([]byte, BlockRaw)
	}
	return e.raw
}

// copy copies all that r gives, as it is.
func (e *Encoder) copy(w io.Writer, r io.Reader) error {
	_, err := io.CopyBuffer(w, r, e.buffer()[:64<<10])
	return err
}

// deflate makes blocks of all that r gives, one a MiB, for emit, and describes
// them together. With no emit, nothing is made of what is kept as it is.
func (e *Encoder) deflate(r io.Reader, emit func(Block, []byte) error) (Block, error) {
	buf := e.buffer()
	sampler := e
	if e.niveau != Rapide {
		sampler = NewEncoder(Rapide)
		defer sampler.Release()
	}
	var all Block
	for {
		n, err := io.ReadFull(r, buf)
		if n > 0 {
			b, deflated := e.smaller(sampler, buf[:n])
			all = Join(all, b)
			if emit != nil {
				if !deflated {
					e.packed = appendStored(e.packed[:0], buf[:n])
				}
				if err := emit(b, e.packed); err != nil {
					return all, err
				}
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
	}
}

// smaller describes the block of raw, deflated or as it is; what was deflated
// is in e.packed.
func (e *Encoder) smaller(sampler *Encoder, raw []byte) (b Block, deflated bool) {
	if promising(sampler, raw) {
		if e.packed, b = e.AppendBlock(roomy(e.packed[:0], BlockRaw), raw); b.Size <= worthwhile(len(raw)) {
			return b, true
		}
	}
	return Block{int64(len(raw)), storedBlockSize(len(raw)), crc32.ChecksumIEEE(raw)}, false
}

// gain is the share of its bytes, one in so many, that makes it worth while to
// deflate what every reader has to inflate again.
const gain = 32

// worthwhile is what n bytes may deflate to.
func worthwhile(n int) int64 { return int64(n - n/gain) }

// promising looks at samples of raw: together they deflate to what is worthwhile.
// None is at an end, where the structure of a PDF compresses as its content does
// not. The samples that are uniform, all of them in most scans, cost a count. What
// is no longer than they are is as well deflated itself.
func promising(sampler *Encoder, raw []byte) bool {
	const samples, sample = 12, 4 << 10
	if len(raw) <= samples*sample {
		return !uniform(raw)
	}
	mixed, kept := sampler.samples[:0], 0
	for k := range samples {
		if s := raw[(len(raw)-sample)*(2*k+1)/(2*samples):][:sample]; uniform(s) {
			kept += sample
		} else {
			mixed = append(mixed, s...)
		}
	}
	sampler.samples = mixed
	var b Block
	sampler.packed, b = sampler.AppendBlock(sampler.packed[:0], mixed)
	return int64(kept)+b.Size <= worthwhile(samples*sample)
}

// uniform reports whether all bytes are about as frequent in raw, as they are in
// what is compressed already: their collision entropy is above 7.75 bits, so
// that codes of bytes save less than 1/32. Repetitions are not looked for. A
// byte is not counted as a pair with itself, which would matter in a sample.
func uniform(raw []byte) bool {
	var count [4][256]uint32 // four, for equal bytes that follow each other
	for ; len(raw) >= 4; raw = raw[4:] {
		count[0][raw[0]]++
		count[1][raw[1]]++
		count[2][raw[2]]++
		count[3][raw[3]]++
	}
	var all, pairs uint64
	for b := range 256 {
		n := uint64(count[0][b]) + uint64(count[1][b]) + uint64(count[2][b]) + uint64(count[3][b])
		all += n
		pairs += n * n
	}
	const classes = 215 // 2 to the power of 7.75
	return (pairs-all)*classes < all*all
}

// storedBlockSize is the length of the block that appendStored makes of n bytes.
func storedBlockSize(n int) int64 {
	return int64(n + storedHeader*((n+storedMax-1)/storedMax))
}

// appendStored appends to dst the block that keeps raw as it is.
func appendStored(dst, raw []byte) []byte {
	for len(raw) > 0 {
		n := min(len(raw), storedMax)
		dst = append(dst, 0) // not final, stored
		dst = binary.LittleEndian.AppendUint16(dst, uint16(n))
		dst = binary.LittleEndian.AppendUint16(dst, ^uint16(n))
		dst = append(dst, raw[:n]...)
		raw = raw[n:]
	}
	return dst
}
