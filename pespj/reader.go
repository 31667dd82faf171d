package pespj

import (
	"io"
	"iter"

	"paye/internal/anomalie"
)

// ReaderOptions are those of NewReader; the zero value works.
type ReaderOptions struct {
	Fichier string // name of the file in anomalies
	Limites Limites
}

// Reader reads a flux as a stream, in memory that does not grow with it. It
// takes what is well-formed and has the names of a flux, whether the schema
// allows it or not: Check is the judge.
type Reader struct{ p *walk }

// NewReader reads the declaration of the flux r.
func NewReader(r io.Reader, o ReaderOptions) (*Reader, error) {
	p, err := newParcours(r, o.Fichier, o.Limites, func(*anomalie.Anomalie) {})
	if err != nil {
		return nil, err
	}
	return &Reader{p}, nil
}

// Release gives the buffers of r back. It may be called at any time, once; r must
// not be read afterwards.
func (r *Reader) Release() {
	if r.p.contenu != nil {
		r.p.contenu.release()
	}
	r.p.Document.Release()
	r.p = nil
}

// Flux reads the header, up to the first piece. IdVer, Signature and
// AutresDomaines are complete once the pieces have been read.
func (r *Reader) Flux() (FluxLu, error) {
	p := r.p
	for !p.ended && p.err == nil && p.nbPJ == 0 && p.etape != etEntete {
		p.step()
	}
	f := p.flux
	f.IdVer = p.texteDe(champIdVer)
	return f, p.err
}

// PJ gives the pieces in order; it can be walked once. An error ends the
// iteration: the document is malformed, or cannot be read.
//
// The PJLue is an io.Reader of the original file. It is valid until the next
// one; its content may be left unread.
func (r *Reader) PJ() iter.Seq2[*PJLue, error] {
	return func(yield func(*PJLue, error) bool) {
		p := r.p
		for given := 0; ; p.step() {
			if p.nbPJ > given && (p.etape == etFichier || p.etape == etPJ) {
				given = p.nbPJ
				if !yield(p.pj, nil) {
					return
				}
			}
			if p.err != nil {
				yield(nil, p.err)
				return
			}
			if p.ended {
				return
			}
		}
	}
}

// Read gives the original file of the piece, expanded. What is wrong with the
// content is an anomaly, given after the sound bytes before it; io.EOF says
// that the whole was verified.
func (j *PJLue) Read(b []byte) (int, error) {
	if j.walk == nil || j.walk.pj != j || j.walk.contenu == nil {
		if j.Faute != nil {
			return 0, j.Faute
		}
		return 0, io.EOF
	}
	return j.walk.contenu.Read(b)
}

// Finish reads what is left of the piece, which fills its fields, and returns
// what is wrong with its content.
func (j *PJLue) Finish() error {
	for p := j.walk; p != nil && p.pj == j; {
		at, err := p.step()
		if err != nil {
			return err
		}
		if at == etPJ || at == etFin {
			j.walk = nil
			break
		}
	}
	if j.Faute != nil {
		return j.Faute
	}
	return nil
}

// Root returns the name and the namespace of the root element of r, and reads
// no further: enough to tell a flux from an acquittal. The error is an
// anomaly when r is no XML.
func Root(r io.Reader, o ReaderOptions) (nom, ns string, err error) {
	s, err := openDocument(r, o.Fichier, o.Limites.defaults())
	if err == nil {
		_, err = s.next()
	}
	return clip(s.Name), clip(s.NS), err
}
