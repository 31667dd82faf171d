package check

import (
	"bytes"
	"context"
	"fmt"
	"hash/maphash"
	"io"
	"runtime"
	"sync"

	"paye/internal/anomalie"
	"paye/internal/pdfx"
)

// piece is a justificatif that was read.
type piece struct {
	id     string // IdUnique, of a piece of a flux
	nom    string // its file name
	lieu   string // the file that it is, or is in, where a set has to say
	octets int64
	somme  uint64 // of the content, under the seed of the run
	commun bool   // the journals of the whole set may reference it
}

const (
	// maxExamen is the size, in bytes, of the largest piece that shares the
	// memory with others: a hundred times a signed contract of three pages. A
	// larger one is looked at alone.
	maxExamen = 16 << 20
	// enVol bounds the bytes of the pieces in memory.
	enVol = 2 * maxExamen
)

var graine = maphash.MakeSeed()

var tampons = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxTampon is the largest buffer that is kept for the next piece.
const maxTampon = 1 << 20

// read reads a piece to its end. What may be a PDF is opened by another
// goroutine; what is found is that of the examen.
func (c *checker) read(ctx context.Context, r io.Reader) (piece, *examen, error) {
	held := int64(maxExamen)
	if err := c.room.Acquire(ctx, held); err != nil {
		return piece{}, nil, err
	}
	buf := tampons.Get().(*bytes.Buffer)
	buf.Reset()
	done := func() {
		c.room.Release(held)
		if buf.Cap() <= maxTampon {
			tampons.Put(buf)
		}
	}
	_, err := io.CopyN(buf, r, pdfx.SniffSize)
	format := pdfx.Sniff(buf.Bytes())
	if err == nil && format.MayOpen() {
		if _, err = io.CopyN(buf, r, maxExamen-pdfx.SniffSize); err == nil {
			c.room.Release(held)
			if held = 0; c.room.Acquire(ctx, enVol) != nil {
				return piece{}, nil, ctx.Err()
			}
			held = enVol
			_, err = io.CopyN(buf, r, pdfx.MaxSize+1-maxExamen)
		}
	}
	var sum maphash.Hash
	sum.SetSeed(graine)
	sum.Write(buf.Bytes())
	p := piece{octets: int64(buf.Len())}
	if err == nil {
		var rest int64
		rest, err = io.Copy(&sum, r)
		p.octets += rest
	}
	if err != nil && err != io.EOF {
		done()
		return p, nil, err
	}
	p.somme = sum.Sum64()
	ex, known := c.vus.get(cle{p.somme, p.octets})
	if known {
		done()
		return p, ex, nil
	}
	if weight := min(int64(buf.Len()), held); weight < held {
		c.room.Release(held - weight)
		held = weight
	}
	go func() {
		defer close(ex.fini)
		defer done()
		ex.content, ex.err = pdfx.ContentOf(ctx, pdfx.Bytes(buf.Bytes()), p.octets)
	}()
	return p, ex, nil
}

// examen is what the content of a piece tells, once fini is closed.
type examen struct {
	fini    chan struct{}
	content pdfx.Content
	err     error
}

// examines remembers the pieces that were looked at, by content: a decision
// shared by several volumes is in each.
type examines struct {
	mu  sync.Mutex
	par map[cle]*examen
}

type cle struct {
	somme  uint64
	octets int64
}

// get returns the examen of a content, and whether another piece has begun it.
func (e *examines) get(k cle) (*examen, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if ex := e.par[k]; ex != nil {
		return ex, true
	}
	ex := &examen{fini: make(chan struct{})}
	if e.par == nil {
		e.par = make(map[cle]*examen)
	}
	if len(e.par) < maxPieces {
		e.par[k] = ex
	}
	return ex, false
}

// attente holds the examens of a file in the order of its pieces, so that what
// they find is said in that order.
type attente struct {
	f    *Fichier
	list []enAttente
	err  error
}

type enAttente struct {
	ex   *examen
	nom  string
	lieu func(*anomalie.Anomalie)
}

// push adds the examen of a piece of that name. It waits for the oldest when
// there are many.
func (w *attente) push(ex *examen, nom string, lieu func(*anomalie.Anomalie)) {
	if ex == nil {
		return
	}
	w.list = append(w.list, enAttente{ex, nom, lieu})
	if len(w.list) > 4*runtime.GOMAXPROCS(0) {
		w.settle(w.list[0])
		w.list = w.list[1:]
	}
}

func (w *attente) settle(e enAttente) {
	<-e.ex.fini
	if e.ex.err != nil {
		if w.err == nil {
			w.err = fmt.Errorf("look at a piece: %w", e.ex.err)
		}
		return
	}
	for _, a := range e.ex.content.Verdict(e.nom) {
		e.lieu(a)
		w.f.add(a)
	}
}

// end waits for all of them, and returns the first error of one.
func (w *attente) end() error {
	for _, e := range w.list {
		w.settle(e)
	}
	w.list = nil
	return w.err
}

// keepPiece counts a piece and keeps what the set needs of it.
func (f *Fichier) keepPiece(p piece) {
	f.Pieces++
	switch {
	case len(f.pieces) < maxPieces:
		f.pieces = append(f.pieces, p)
	case f.Pieces == maxPieces+1:
		f.add(Codes.New(TropDePieces, maxPieces).At(f.Nom, -1, 0))
	}
}

// tropDePieces reports whether some were not kept.
func (f *Fichier) tropDePieces() bool { return f.Pieces > len(f.pieces) }
