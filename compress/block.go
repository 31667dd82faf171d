package compress

import (
	"hash/crc32"
	"io"
	"strings"
	"sync"

	"github.com/klauspost/compress/flate"
)

// BlockRaw is the raw length, in bytes, at which a block is worth closing:
// smaller blocks cost in ratio (64 KiB ones over 30 %), larger ones only in
// what a volume boundary inside them makes to recompress.
const BlockRaw = 1 << 20

// End closes a deflate stream after any number of blocks: a final, empty block
// with the fixed Huffman codes.
const (
	End     = "\x03\x00"
	EndSize = int64(len(End))
)

// Block describes a run of deflate data that starts with an empty window and
// ends on a byte, without being final. The zero Block is an empty run.
type Block struct {
	Raw  int64  // bytes before compression
	Size int64  // bytes after
	CRC  uint32 // CRC-32 (IEEE) of the raw bytes
}

// Join describes a followed by b: the bytes of the one, then those of the other.
func Join(a, b Block) Block {
	return Block{a.Raw + b.Raw, a.Size + b.Size, CombineCRC(a.CRC, b.CRC, b.Raw)}
}

// DeflateSize is the length of the deflate stream made of the blocks and End.
func DeflateSize(blocks ...Block) int64 {
	size := EndSize
	for _, b := range blocks {
		size += b.Size
	}
	return size
}

// Encoder makes blocks. It is for one goroutine at a time; blocks do not
// depend on which Encoder of a Niveau made them, nor on what it did before.
type Encoder struct {
	niveau Niveau
	w      *flate.Writer
	out    appender

	raw, packed, samples []byte // buffers of deflate
}

var encoders [len(niveaux)]sync.Pool

// NewEncoder returns an Encoder of the Niveau. An Encoder holds some 1 to 2 MB
// of tables: Release it for the next one to use.
func NewEncoder(n Niveau) *Encoder {
	if e, ok := encoders[n].Get().(*Encoder); ok {
		return e
	}
	return newEncoder(n)
}

func newEncoder(n Niveau) *Encoder {
	e := &Encoder{niveau: n}
	w, err := flate.NewWriter(&e.out, niveaux[n].level)
	if err != nil {
		panic(err) // a level of the table that the library does not have
	}
	e.w = w
	return e
}

// Release gives e back; it must not be used afterwards.
func (e *Encoder) Release() { encoders[e.niveau].Put(e) }

// AppendBlock compresses raw into one block, appended to dst. The bytes are a
// function of raw and of the Niveau only. An empty raw adds nothing.
func (e *Encoder) AppendBlock(dst, raw []byte) ([]byte, Block) {
	if len(raw) == 0 {
		return dst, Block{}
	}
	e.out.b = roomy(dst, len(raw)/likely)
	e.w.Reset(&e.out)
	// The errors are those of the writer below, and an appender has none.
	e.w.Write(raw)
	e.w.Flush()
	out := e.out.b
	e.out.b = nil
	return out, Block{int64(len(raw)), int64(len(out) - len(dst)), crc32.ChecksumIEEE(raw)}
}

// likely is what a block is compressed by at least, but for what is compressed
// already.
const likely = 4

// roomy returns b with room for n bytes more, and the same content. Growing by
// and by would take memory several times, and clear it.
func roomy(b []byte, n int) []byte {
	if cap(b)-len(b) >= n {
		return b
	}
	return append(make([]byte, 0, len(b)+n), b...)
}

type appender struct{ b []byte }

func (a *appender) Write(p []byte) (int, error) {
	a.b = append(a.b, p...)
	return len(p), nil
}

// BlockReader reads the raw bytes of blocks.
type BlockReader struct {
	src *source
	inf io.Reader
}

// NewBlockReader reads blocks that follow each other in the given readers. It
// reads ahead.
func NewBlockReader(blocks ...io.Reader) *BlockReader {
	src := newSource(io.MultiReader(append(blocks, strings.NewReader(End))...))
	return &BlockReader{src, src.inflate()}
}

func (b *BlockReader) Read(p []byte) (int, error) { return b.inf.Read(p) }

// Release gives the buffers of b back; it must not be read afterwards.
func (b *BlockReader) Release() {
	b.src.release()
	b.src, b.inf = nil, nil
}
