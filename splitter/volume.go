package splitter

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"io"

	"github.com/zeebo/xxh3"

	"paye/compress"
	"paye/internal/room"
)

// NiveauPieces is how hard pieces are compressed, whatever the journal is:
// documents are compressed already, and what a few of them gain a light effort
// finds as well.
const NiveauPieces = compress.Rapide

// Justificatif is a document that bulletins reference, measured.
type Justificatif struct {
	IdUnique    string
	NomPJ       string // the name of its file in an archive, unique in the set
	Description string
	MIMEType    string
	General     bool     // no bulletin references it; it travels once in the set
	SHA256      [32]byte // of the content
	Piece       compress.Piece
	Open        func() (io.ReadCloser, error)
}

// Run is the bulletins From to To-1 of the book.
type Run struct{ From, To int }

// Volume is a slice of the book with its pieces. All of it is known before its
// file is written.
type Volume struct {
	N           int // from 1
	Runs        []Run
	Pieces      []*Justificatif // in the order in which its bulletins reference them
	Repartition bool            // carries RepartitionParNature
	EnteteSeul  bool            // the journal inside is a head without bulletins, to carry pieces
	XHL         compress.Block  // the journal inside, without compress.End
	Octets      int64           // of its file

	livre  *Livre
	chunks []chunk
}

// Bulletins counts the bulletins of the volume.
func (v *Volume) Bulletins() int {
	n := 0
	for _, r := range v.Runs {
		n += r.To - r.From
	}
	return n
}

// Premier is the matricule of the first bulletin, "" without one.
func (v *Volume) Premier() string {
	if len(v.Runs) == 0 {
		return ""
	}
	return v.livre.Matricule(v.Runs[0].From)
}

// Dernier is the matricule of the last bulletin, "" without one.
func (v *Volume) Dernier() string {
	if len(v.Runs) == 0 {
		return ""
	}
	return v.livre.Matricule(v.Runs[len(v.Runs)-1].To - 1)
}

// Livre returns the book that the volume is a slice of.
func (v *Volume) Livre() *Livre { return v.livre }

// Hash identifies what the volume holds: the same bulletins and pieces give
// the same hash, whatever the format and the level of compression. It tells
// payrolls apart; it is no proof against who forges one.
func (v *Volume) Hash() [32]byte {
	h := sha256.New()
	for i := range v.chunks {
		h.Write(v.chunks[i].sum[:])
	}
	binary.Write(h, binary.BigEndian, int64(len(v.chunks)))
	for _, p := range v.Pieces {
		h.Write(p.SHA256[:])
	}
	return [32]byte(h.Sum(nil))
}

// Differs reads a journal to the end of r and returns where it stops being that
// of the volume, in bytes: the beginning of the block that differs, or the end of
// the shorter one; -1 when it is the same. The error is that of r.
func (v *Volume) Differs(r io.Reader) (at int64, err error) {
	mem := room.Lend()
	defer mem.Give()
	buf := mem[:]
	h := xxh3.New128()
	for i := range v.chunks {
		c := &v.chunks[i]
		h.Reset()
		n, err := io.CopyBuffer(h, io.LimitReader(r, c.block.Raw), buf)
		if err != nil {
			return at, err
		}
		if n != c.block.Raw || h.Sum128().Bytes() != c.sum {
			return at, nil
		}
		at += n
	}
	switch n, err := io.CopyBuffer(io.Discard, struct{ io.Reader }{r}, buf); {
	case err != nil || n > 0:
		return at, err
	}
	return -1, nil
}

// AppendSums appends what Differs compares the journal of the volume with; a
// volume that ReadSums makes of it compares the same.
func (v *Volume) AppendSums(b []byte) []byte {
	for i := range v.chunks {
		b = binary.AppendUvarint(b, uint64(v.chunks[i].block.Raw))
		b = append(b, v.chunks[i].sum[:]...)
	}
	return b
}

// ReadSums reads what AppendSums wrote, to its end, and reports whether it is
// whole.
func (v *Volume) ReadSums(b []byte) bool {
	for len(b) > 0 {
		n, k := binary.Uvarint(b)
		if k <= 0 || len(b) < k+len(sum{}) {
			return false
		}
		v.chunks = append(v.chunks, chunk{block: compress.Block{Raw: int64(n)}, sum: sum(b[k:])})
		b = b[k+len(sum{}):]
	}
	return true
}

// WriteDeflate writes the journal of the volume as a deflate stream of
// v.XHL.Size + compress.EndSize bytes.
func (v *Volume) WriteDeflate(w io.Writer) error {
	for i := range v.chunks {
		if _, err := io.Copy(w, v.livre.spool.reader(&v.chunks[i])); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, compress.End)
	return err
}

// WriteGzip writes the journal of the volume as one gzip member, of
// compress.GzipSize(v.XHL) bytes.
func (v *Volume) WriteGzip(w io.Writer) error {
	z := compress.NewGzipWriter(w)
	for i := range v.chunks {
		r := v.livre.spool.reader(&v.chunks[i])
		if err := z.CopyBlock(v.chunks[i].block, r); err != nil {
			return err
		}
	}
	return z.Close()
}

// WriteRaw writes the journal of the volume as XML, v.XHL.Raw bytes.
func (v *Volume) WriteRaw(w io.Writer) error {
	var streams []io.Reader
	for i := range v.chunks {
		streams = append(streams, v.livre.spool.reader(&v.chunks[i]))
	}
	z := compress.NewBlockReader(streams...)
	defer z.Release()
	_, err := io.Copy(w, z)
	return err
}

// Format is what the file of a volume looks like.
type Format interface {
	// Extension of the files, with its dot.
	Extension() string
	// Size is the exact length of the file that Write makes of v.
	Size(v *Volume) (int64, error)
	// Write writes the file of v. It must write v.Octets bytes.
	Write(ctx context.Context, v *Volume, w io.Writer) error
	// Partage tells how often a piece travels that several volumes reference.
	Partage() Partage

	// The three below make Size additive for planning: a volume fits in limit
	// when the XHLCost of its journal and the PieceCost of its pieces add up to
	// Room(limit) at most. They may be wrong by some bytes a piece, which only
	// the plan's first guess feels.
	Room(limit int64) int64
	XHLCost(b compress.Block) int64
	PieceCost(p *Justificatif) int64
}

// Partage is how often a shared piece travels.
type Partage uint8

const (
	ParVolume Partage = iota // in every volume that references it, once
	UneFois                  // in one volume of the set
	Jamais                   // the format carries no piece
)
