package states

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"paye/etats"
	"paye/internal/anomalie"
	"paye/xhl"
)

// Progress counts the bytes of journals that were read, expanded.
type Progress struct{ lus, total atomic.Int64 }

// Status returns what was read, and the bytes of the files; the second is less
// than the first can become when they are compressed.
func (p *Progress) Status() (lus, total int64) { return p.lus.Load(), p.total.Load() }

// Watch is how a work is watched; the zero value watches nothing.
type Watch struct {
	Anomalie func(*anomalie.Anomalie)
	Progress *Progress
}

func (w *Watch) report(a *anomalie.Anomalie) {
	if w.Anomalie != nil {
		w.Anomalie(a)
	}
}

// reading is one journal being read into a month.
type reading struct {
	month   *etats.Mois
	keep    Keep
	watch   *Watch
	nom     string
	reports sync.Mutex
}

// part is a run of bulletins on its way through the workers.
type part struct {
	seg   xhl.Segment
	etabs []*xhl.Etablissement // of each part of the segment
	lot   *etats.Lot
	err   error
	done  chan struct{}
}

// journal reads the bulletins of a journal on every core, each once, and adds
// them to the month in their order. start is called with the head of the
// journal and returns the month that it belongs to.
func (r *reading) journal(ctx context.Context, in io.Reader, start func(*xhl.Entete) (*etats.Mois, error)) error {
	o := xhl.Options{Fichier: r.nom, Anomalie: func(a *anomalie.Anomalie) {
		r.reports.Lock()
		defer r.reports.Unlock()
		r.watch.report(a)
	}}
	cut, err := xhl.NewCutter(in, o)
	if err != nil {
		return err
	}
	dec := xhl.NewDecoder(cut.Encoding(), o)
	entete, err := dec.Entete(cut.Prologue())
	if err != nil {
		return err
	}
	if r.month, err = start(entete); err != nil {
		return err
	}
	workers, err := r.bulletins(ctx, cut, entete, o)
	if err != nil {
		return err
	}
	defer dec.Finish(workers...)
	queue, err := cut.Queue()
	if err != nil {
		return err
	}
	nomenclatures, err := dec.Nomenclatures(queue)
	if err != nil {
		return err
	}
	repartition, err := dec.RepartitionParNature(queue)
	if err != nil {
		return err
	}
	r.month.Nomenclatures(nomenclatures)
	r.month.RepartitionParNature(repartition)
	return nil
}

// bulletins cuts the journal, hands its segments to workers, and takes the lots
// back in order. It returns who decoded, for what they counted.
func (r *reading) bulletins(ctx context.Context, cut *xhl.Cutter, entete *xhl.Entete, o xhl.Options) (decoders []*xhl.Decoder, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	workers := runtime.GOMAXPROCS(0)
	free := make(chan *part, workers+2)
	for range cap(free) {
		free <- new(part)
	}
	awaited := make(chan *part)
	ordered := make(chan *part, cap(free))
	var wait sync.WaitGroup
	for range workers {
		w := worker{dec: xhl.NewDecoder(cut.Encoding(), o), releve: r.month.NewReleve(entete), keep: r.keep}
		if r.keep == ForEtats {
			w.releve.Detailed()
		} else {
			w.releve.Decode(xhl.NewDecoder(cut.Encoding(), o).Text)
		}
		decoders = append(decoders, w.dec)
		wait.Go(func() {
			for p := range awaited {
				p.lot, p.err = w.read(p)
				close(p.done)
			}
		})
	}
	wait.Go(func() {
		defer close(awaited)
		defer close(ordered)
		if err := segments(ctx, cut, free, awaited, ordered); err != nil {
			cancel(err)
		}
	})
	for p := range ordered {
		<-p.done
		if p.err != nil {
			cancel(p.err)
		}
		if ctx.Err() == nil {
			r.month.Append(p.lot)
		}
		if r.watch.Progress != nil {
			r.watch.Progress.lus.Add(int64(len(p.seg.Raw)))
		}
		free <- p
	}
	wait.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return decoders, nil
}

// segments gives the runs of bulletins out, each with the établissement of its
// parts.
func segments(ctx context.Context, cut *xhl.Cutter, free <-chan *part, awaited, ordered chan<- *part) error {
	dec := xhl.NewDecoder(cut.Encoding(), xhl.Options{})
	var etab *xhl.Etablissement
	for {
		var p *part
		select {
		case p = <-free:
		case <-ctx.Done():
			return nil
		}
		err := cut.Next(&p.seg)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err != nil {
			return nil
		}
		p.etabs = p.etabs[:0]
		for i := range p.seg.Parts {
			if p.seg.Parts[i].Kind == xhl.PartOuverture {
				if etab, err = dec.Etablissement(&p.seg, i); err != nil {
					return err
				}
			}
			p.etabs = append(p.etabs, etab)
		}
		p.done = make(chan struct{})
		ordered <- p
		select {
		case awaited <- p:
		case <-ctx.Done():
			p.err = context.Cause(ctx)
			close(p.done)
			return nil
		}
	}
}

// worker decodes segments.
type worker struct {
	dec      *xhl.Decoder
	releve   *etats.Releve
	bulletin xhl.Bulletin
	keep     Keep
}

// decode reads a bulletin, or what a comparison wants of it.
func (w *worker) decode(p *part, i, rang int) error {
	if w.keep == ForEtats {
		return w.dec.Bulletin(&p.seg, i, rang, &w.bulletin)
	}
	return w.dec.Pay(&p.seg, i, rang, &w.bulletin)
}

func (w *worker) read(p *part) (*etats.Lot, error) {
	lot := w.releve.Begin(p.seg.Bulletins())
	rang := p.seg.Rang
	for i := range p.seg.Parts {
		if p.seg.Parts[i].Kind != xhl.PartBulletin {
			continue
		}
		if err := w.decode(p, i, rang); err != nil {
			return nil, err
		}
		rang++
		if err := w.releve.Add(lot, &w.bulletin, p.etabs[i]); err != nil {
			return nil, err
		}
	}
	w.releve.End(lot)
	return lot, nil
}
