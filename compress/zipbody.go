package compress

import (
	"hash/crc32"
	"io"
)

// zipBody reads the content of one entry from where src stands, and checks it
// against the header at its end. When there is a data descriptor, it sets in
// the header what was read, and whoever reads the descriptor compares.
type zipBody struct {
	*zipHeader
	src    *source
	limits Limits
	before int64     // raw bytes of the entries before, for the limit on the total
	start  int64     // of the data
	inf    io.Reader // nil for Store
	out    int64
	sum    uint32
	err    error // io.EOF once the content is whole
}

func newZipBody(e *zipHeader, src *source, limits Limits, before int64) *zipBody {
	b := &zipBody{zipHeader: e, src: src, limits: limits, before: before, start: src.pos()}
	if e.method == Deflate {
		b.inf = src.inflate()
	}
	return b
}

func (b *zipBody) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	var n int
	var err error
	if b.inf != nil {
		n, err = b.inf.Read(p)
	} else {
		n, err = b.stored(p)
	}
	b.sum = crc32.Update(b.sum, crc32.IEEETable, p[:n])
	b.out += int64(n)
	b.err = b.judge(err)
	if b.err != nil && b.err != io.EOF {
		n = 0
	}
	return n, b.err
}

func (b *zipBody) stored(p []byte) (int, error) {
	left := b.raw - b.out
	if left == 0 {
		return 0, io.EOF
	}
	n, err := b.src.Read(p[:min(int64(len(p)), left)])
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (b *zipBody) judge(err error) error {
	at := b.src.pos()
	if over := b.limits.check(at-b.start, b.out, b.before+b.out, at); over != nil {
		return over
	}
	if !b.described() && (b.out > b.raw || at-b.start > b.size) || b.folder() && b.out > 0 {
		return b.fault(ZipTaille, at)
	}
	switch {
	case err == nil:
		return nil
	case err != io.EOF:
		return inflateFault(err, ZipTronque, ZipCorrompu, at)
	case b.described():
		b.size, b.raw, b.crc = at-b.start, b.out, b.sum
	case b.out != b.raw || at-b.start != b.size:
		return b.fault(ZipTaille, at)
	case b.sum != b.crc:
		return b.fault(ZipCRC, at)
	}
	return io.EOF
}
