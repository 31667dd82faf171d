package xhl

import (
	"errors"
	"io"
	"iter"

	"paye/internal/xmlr"
)

// Reader gives the bulletins of a journal one after the other. Memory does not
// grow with the journal.
type Reader struct {
	cut     *Cutter
	dec     *Decoder
	entete  *Entete
	seg     Segment
	bullet  Bulletin
	etab    *Etablissement
	groupe  int
	queue   *Queue
	started bool
}

// NewReader reads the head of a journal: plain bytes, in any encoding that
// [Encoding] knows.
func NewReader(r io.Reader, o Options) (*Reader, error) {
	cut, err := NewCutter(r, o)
	if err != nil {
		return nil, err
	}
	dec := NewDecoder(cut.Encoding(), o)
	entete, err := dec.Entete(cut.Prologue())
	if err != nil {
		return nil, err
	}
	return &Reader{cut: cut, dec: dec, entete: entete, groupe: -1}, nil
}

// Entete returns the head of the journal.
func (r *Reader) Entete() *Entete { return r.entete }

// Encoding tells how the journal's bytes stand for characters.
func (r *Reader) Encoding() *Encoding { return r.cut.Encoding() }

// Prologue returns the raw bytes before the first DonneesIndiv.
func (r *Reader) Prologue() []byte { return r.cut.Prologue() }

// Bulletins gives each bulletin with its place and raw bytes. The Bulletin is
// reused: Clone what has to last. After an error, which is an *Anomalie when
// the journal is at fault, nothing more comes. It can be ranged over once.
func (r *Reader) Bulletins() iter.Seq2[*Bulletin, error] {
	return func(yield func(*Bulletin, error) bool) {
		if r.started {
			yield(nil, errors.New("read journal: its bulletins were read already"))
			return
		}
		r.started = true
		for {
			err := r.cut.Next(&r.seg)
			if errors.Is(err, io.EOF) {
				r.queue, err = r.cut.Queue()
				if err == nil {
					r.dec.Finish()
					return
				}
			}
			if err != nil {
				// What was framed before the fault is whole.
				if r.each(yield) {
					yield(nil, err)
				}
				return
			}
			if !r.each(yield) {
				return
			}
		}
	}
}

// each yields the bulletins of the current segment and reports whether to go
// on.
func (r *Reader) each(yield func(*Bulletin, error) bool) bool {
	rang := r.seg.Rang
	ligne, counted := r.seg.Ligne, 0
	for i, p := range r.seg.Parts {
		switch p.Kind {
		case PartOuverture:
			etab, err := r.dec.Etablissement(&r.seg, i)
			if err != nil {
				yield(nil, err)
				return false
			}
			r.etab = etab
			r.groupe++
		case PartBulletin:
			if err := r.dec.Bulletin(&r.seg, i, rang, &r.bullet); err != nil {
				yield(nil, err)
				return false
			}
			r.bullet.Lieu.Etablissement, r.bullet.Lieu.Groupe = r.etab, r.groupe
			ligne += int64(xmlr.CountLines(r.seg.Raw[counted:p.Start]))
			counted = p.Start
			r.bullet.Lieu.Ligne = ligne
			rang++
			if !yield(&r.bullet, nil) {
				return false
			}
		}
	}
	return true
}

var errBulletinsFirst = errors.New("read the end of a journal: its bulletins come first")

// Nomenclatures returns the code lists, nil when the journal has none. They
// follow the bulletins, which must have been ranged over to the end.
func (r *Reader) Nomenclatures() (*Nomenclatures, error) {
	if r.queue == nil {
		return nil, errBulletinsFirst
	}
	defer r.dec.Finish()
	return r.dec.Nomenclatures(r.queue)
}

// RepartitionParNature returns the last block, nil when the journal has none,
// on the terms of Nomenclatures.
func (r *Reader) RepartitionParNature() (*RepartitionParNature, error) {
	if r.queue == nil {
		return nil, errBulletinsFirst
	}
	defer r.dec.Finish()
	return r.dec.RepartitionParNature(r.queue)
}

// Queue returns the raw bytes after the last bulletin, nil before the bulletins
// have been ranged over to the end.
func (r *Reader) Queue() *Queue { return r.queue }
