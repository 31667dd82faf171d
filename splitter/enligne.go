package splitter

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"paye/compress"
	"paye/xhl"
)

// EnLigneMode is the Mode of a plan that was made while the book was read.
const EnLigneMode Mode = "enligne"

// Online says how a book is cut while it is read: volumes are runs of the
// book, each closed before a bulletin that would make it exceed the limit, and
// never looked at again. A bulletin is admitted on the measured size of the
// volume with it. What lies in no closed volume waits in the spool.
//
// The end of the journal stands in every volume, so that none can be closed
// before it is known: Annonce tells it. Without an Annonce that has the
// Nomenclatures, volumes are closed once the whole book was read. The first
// volume, unless RepartitionParNature was announced too, keeps room for the
// most that block may weigh and is finished last.
type Online struct {
	Format  Format
	Limit   int64 // bytes of a volume's file at most
	Marge   int64 // bytes of the limit to leave free
	Annonce *xhl.Annonce

	// Pieces returns the documents of the references of l from the one given
	// on, nil for one that does not travel; l is only what was read so far.
	Pieces func(ctx context.Context, l *Livre, from int) ([]*Justificatif, error)
	// Generales returns the pieces of general scope, once the whole book was
	// read: they travel in the last volumes.
	Generales func(ctx context.Context, l *Livre) ([]*Justificatif, error)
	// Volume takes a volume that is closed and finished. It may keep it and
	// write it while others are being filled.
	Volume func(*Volume) error
}

// Online reads the rest of the journal and cuts it on the way; it can be
// called once, or Livre can. The plan has neither Borne nor Prouve: those of a
// plan of the whole book hold for it. After a failure too the book, unless it
// is nil, is there to be closed, once nobody writes a volume of it any more.
func (r *Reading) Online(ctx context.Context, refs References, o Online) (*Livre, *Plan, error) {
	if r.opts.Niveau == compress.Auto {
		r.opts.Niveau = compress.Normal // how many volumes there will be is not known
	}
	l, err := r.livre(ctx)
	if err != nil {
		return nil, nil, err
	}
	plan, err := l.online(ctx, r, refs, &o)
	return l, plan, err
}

func (l *Livre) online(ctx context.Context, r *Reading, refs References, o *Online) (*Plan, error) {
	pl, err := newPlanner(l, Pieces{}, o.Format, Options{Limit: o.Limit, Marge: o.Marge})
	if err != nil {
		return nil, err
	}
	defer pl.recette.Close()
	e := &online{planner: pl, o: o}
	if a := o.Annonce; a != nil && a.Nomenclatures != nil {
		e.annonce = a
		l.fermeture, l.nomenclatures, l.repartition, l.fin = a.Fermeture, a.Nomenclatures, a.RepartitionParNature, a.Fin
		if l.repartition == nil {
			l.repartitionMax = max(1, a.RepartitionMax)
		}
	}
	e.ouvert = pl.union(0)
	if err := l.read(ctx, r, refs, e.suivi); err != nil {
		return nil, err
	}
	if err := e.finish(ctx); err != nil {
		return nil, err
	}
	return &Plan{Volumes: e.volumes, Limit: o.Limit, Mode: EnLigneMode, Dupliques: pl.duplicated(e.volumes), Agents: pl.agentsCut(e.volumes)}, nil
}

// enLigne is a book being cut.
type online struct {
	*planner
	o       *Online
	annonce *xhl.Annonce // nil while no volume can be closed
	volumes []*Volume
	from    int    // the first bulletin of the volume that is open
	ouvert  *union // its pieces
}

// suivi takes notice of the blocs that were read.
func (e *online) suivi(ctx context.Context) error {
	if err := e.resolve(ctx); err != nil || e.annonce == nil {
		return err
	}
	return e.close(ctx, false)
}

// resolve finds the documents of the references that are new.
func (e *online) resolve(ctx context.Context) error {
	known := len(e.pieces.ParRef)
	if known == len(e.livre.RefIDs) {
		return nil
	}
	list, err := e.o.Pieces(ctx, e.livre, known)
	if err != nil {
		return err
	}
	e.pieces.ParRef = append(e.pieces.ParRef, list...)
	return e.refuse(list)
}

// ferme closes the volumes that what was read fills; at the end of the book,
// all of them.
func (e *online) close(ctx context.Context, fin bool) error {
	for e.from < e.livre.Bulletins() && (fin || e.plein()) {
		if err := ctx.Err(); err != nil {
			return err
		}
		v, err := e.fill(len(e.volumes)+1, e.from)
		if err != nil {
			return err
		}
		if v.Runs[0].To == e.livre.Bulletins() && !fin {
			return nil // the estimate was too high: what comes may still fit
		}
		if v, err = e.agentEntier(v); err != nil {
			return err
		}
		if err := e.recette.spoolPartials(v); err != nil {
			return err
		}
		e.carry(v)
		e.volumes = append(e.volumes, v)
		e.from = v.Runs[0].To
		e.ouvert = e.union(e.from)
		if v.Repartition && e.livre.repartitionMax > 0 {
			continue
		}
		if err := e.giveBack(v); err != nil {
			return err
		}
	}
	return nil
}

// plein reports whether what is not in a closed volume seems to exceed one. It
// may be wrong either way: it only says when to measure.
func (e *online) plein() bool {
	known := e.livre.Bulletins()
	e.ouvert.through(known)
	return e.position(known)-e.position(e.from)+e.ouvert.cost[known-1-e.from] > e.format.Room(e.opts.Limit)
}

// agentEntier leaves the last agent of v to the next volume, when his
// bulletins go on there and are not all that v holds.
func (e *online) agentEntier(v *Volume) (*Volume, error) {
	from, to := v.Runs[0].From, v.Runs[0].To
	start := to
	for to < e.livre.Bulletins() && start > from && e.livre.Matricule(start-1) == e.livre.Matricule(to) {
		start--
	}
	if start == to || start == from {
		return v, nil
	}
	generales := 0
	for generales < len(v.Pieces) && v.Pieces[generales].General {
		generales++
	}
	u := &union{pl: e.planner, seen: make(map[int32]bool), list: v.Pieces[:generales:generales], from: from}
	u.through(start)
	shorter, err := e.try(v.N, from, start, u.pieces(start))
	if err != nil || shorter.Octets > e.opts.Limit {
		return v, err
	}
	return shorter, nil
}

// rend hands v over, with the book as it is: it will grow while v is written.
func (e *online) giveBack(v *Volume) error {
	book := *e.livre
	v.livre = &book
	return e.o.Volume(v)
}

// finir closes what is left once the whole book was read.
func (e *online) finish(ctx context.Context) error {
	l := e.livre
	l.repartitionMax = 0
	if err := e.tenue(); err != nil {
		return err
	}
	var err error
	if e.pieces.Generales, err = e.o.Generales(ctx, l); err != nil {
		return err
	}
	if err := e.refuse(e.pieces.Generales); err != nil {
		return err
	}
	attend := len(e.volumes) > 0 && e.annonce.RepartitionParNature == nil
	if err := e.close(ctx, true); err != nil {
		return err
	}
	if e.format.Partage() != Jamais && e.general < len(e.pieces.Generales) {
		return Codes.New(GeneralesTropLourd, len(e.pieces.Generales)-e.general)
	}
	if !attend {
		return nil
	}
	first := e.volumes[0]
	if err := e.recette.volume(first); err != nil {
		return err
	}
	if first.Octets, err = e.format.Size(first); err != nil {
		return err
	}
	if first.Octets > e.opts.Limit {
		return Codes.New(RepartitionTardive, first.Octets, e.opts.Limit)
	}
	if err := e.recette.spoolPartials(first); err != nil {
		return err
	}
	return e.giveBack(first)
}

// tenue verifies that the journal ends as was announced: volumes were closed
// on the strength of it.
func (e *online) tenue() error {
	a, l := e.annonce, e.livre
	if a == nil {
		return nil
	}
	same := bytes.Equal(l.nomenclatures, a.Nomenclatures) && bytes.Equal(l.fin, a.Fin) &&
		(a.RepartitionParNature == nil || bytes.Equal(l.repartition, a.RepartitionParNature))
	for i := range l.groupes {
		same = same && bytes.Equal(l.groupes[i].fermeture, a.Fermeture)
	}
	if !same {
		return fmt.Errorf("cut the journal on the way: %w", errAnnonce)
	}
	return nil
}

var errAnnonce = errors.New("it does not end as its encoder announced")
