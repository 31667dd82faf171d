package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"path"
	"runtime"
	"strings"
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
	format pdfx.Type
	commun bool // the journals of the whole set may reference it
}

const (
	// maxExamen is the size, in bytes, of the largest PDF that is opened: a
	// hundred times a signed contract of three pages.
	maxExamen = 16 << 20
	// enVol bounds the bytes of the pieces in memory.
	enVol = 2 * maxExamen
)

var graine = maphash.MakeSeed()

var tampons = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxTampon is the largest buffer that is kept for the next piece.
const maxTampon = 1 << 20

// read reads a piece to its end. A PDF is opened by another goroutine, whose
// findings are those of the examen; nil for other formats.
func (c *checker) read(ctx context.Context, r io.Reader) (piece, *examen, error) {
	if err := c.room.Acquire(ctx, maxExamen); err != nil {
		return piece{}, nil, err
	}
	buf := tampons.Get().(*bytes.Buffer)
	buf.Reset()
	held := int64(maxExamen)
	done := func() {
		c.room.Release(held)
		if buf.Cap() <= maxTampon {
			tampons.Put(buf)
		}
	}
	_, err := io.CopyN(buf, r, pdfx.SniffSize)
	p := piece{format: pdfx.Sniff(buf.Bytes())}
	if err == nil && p.format == pdfx.PDF {
		_, err = io.CopyN(buf, r, maxExamen+1-pdfx.SniffSize)
	}
	var sum maphash.Hash
	sum.SetSeed(graine)
	sum.Write(buf.Bytes())
	p.octets = int64(buf.Len())
	whole := err == io.EOF
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
	if p.format != pdfx.PDF {
		done()
		return p, nil, nil
	}
	if !whole {
		done()
		return p, &examen{fini: closed, trouve: []*anomalie.Anomalie{Codes.New(PieceNonExaminee, int64(maxExamen))}}, nil
	}
	ex, known := c.vus.get(cle{p.somme, p.octets})
	if known {
		done()
		return p, ex, nil
	}
	c.room.Release(held - p.octets)
	held = p.octets
	go func() {
		defer close(ex.fini)
		defer done()
		ex.run(ctx, buf.Bytes())
	}()
	return p, ex, nil
}

// examen is what opening a PDF tells, once fini is closed.
type examen struct {
	fini   chan struct{}
	trouve []*anomalie.Anomalie
	err    error
}

var closed = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

func (ex *examen) run(ctx context.Context, data []byte) {
	info, err := pdfx.Inspect(ctx, bytes.NewReader(data), int64(len(data)))
	var a *anomalie.Anomalie
	switch {
	case errors.As(err, &a):
		ex.trouve = append(ex.trouve, a)
	case err != nil:
		ex.err = fmt.Errorf("inspect a piece: %w", err)
	default:
		if a := info.Advice(); a != nil {
			ex.trouve = append(ex.trouve, a)
		}
	}
}

// examines remembers the PDF that were opened, by content: a decision shared
// by several volumes is in each.
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
}

type enAttente struct {
	ex   *examen
	lieu func(*anomalie.Anomalie)
}

// push waits for the oldest examen when there are many.
func (w *attente) push(ex *examen, lieu func(*anomalie.Anomalie)) error {
	if ex == nil {
		return nil
	}
	w.list = append(w.list, enAttente{ex, lieu})
	if len(w.list) <= 4*runtime.GOMAXPROCS(0) {
		return nil
	}
	err := w.settle(w.list[0])
	w.list = w.list[1:]
	return err
}

func (w *attente) settle(e enAttente) error {
	<-e.ex.fini
	for _, shared := range e.ex.trouve {
		a := *shared
		e.lieu(&a)
		w.f.add(&a)
	}
	return e.ex.err
}

// end waits for all of them.
func (w *attente) end() error {
	var first error
	for _, e := range w.list {
		if err := w.settle(e); first == nil {
			first = err
		}
	}
	w.list = nil
	return first
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

// forme holds the content of a piece against its name: nil when they agree.
func (p *piece) forme() *anomalie.Anomalie {
	ext := path.Ext(p.nom)
	notPDF := strings.EqualFold(ext, pdfx.PDF.Extension()) && p.format != pdfx.PDF
	switch {
	case p.octets == 0:
		return pdfx.Codes.New(pdfx.Vide)
	case p.format == pdfx.Unknown:
		return pdfx.Codes.New(pdfx.TypeInconnu)
	case notPDF, ext != "" && !p.format.Matches(ext):
		return pdfx.Codes.New(pdfx.Extension, ext, p.format.Extension())
	}
	return nil
}
