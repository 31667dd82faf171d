package run

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"paye/xhl"
)

// shape is how a run writes what a journal holds. One serves one goroutine; the
// slices that it appends to are the caller's.
type shape interface {
	// opening appends what begins a DonneesIndiv; its rank, among those that have
	// a bulletin, is not known yet.
	opening(dst []byte, etab *xhl.Etablissement) ([]byte, error)
	// bulletin adds a bulletin to p: rang counts from 1, groupe as opening says.
	bulletin(p *part, b *xhl.Bulletin, rang, groupe int) error
}

// part is a run of bulletins of one DonneesIndiv as a shape writes them.
type part struct {
	opens   bool // a DonneesIndiv begins before them, with opening
	opening []byte
	n       int // bulletins
	lines   [2][]byte
}

// job is a segment of a journal on its way to the run, in the order of the
// journal.
type job struct {
	seg     xhl.Segment
	groupes int  // DonneesIndiv with a bulletin before the segment
	pending bool // the one that is open at its start has none yet
	done    chan struct{}

	parts []part
	notes []*xhl.Anomalie
	err   error
}

// decoding is a journal that is read on several cores.
type decoding struct {
	cut     *xhl.Cutter
	opts    xhl.Options
	decoded *atomic.Int64
	some    bool           // bulletins were handed over
	workers []*xhl.Decoder // and the one of the head
	free    chan *job
}

// openDecoding reads the head of a journal.
func openDecoding(r io.Reader, o xhl.Options, decoded *atomic.Int64) (*decoding, *xhl.Entete, error) {
	cut, err := xhl.NewCutter(r, o)
	if err != nil {
		return nil, nil, err
	}
	dec := xhl.NewDecoder(cut.Encoding(), o)
	head, err := dec.Entete(cut.Prologue())
	return &decoding{cut: cut, opts: o, decoded: decoded, workers: []*xhl.Decoder{dec}}, head, err
}

// run shapes the bulletins on all cores and hands the parts to put in the order
// of the journal; what put is given is valid until it returns.
func (d *decoding) run(ctx context.Context, shapes func() shape, put func(*part) error) error {
	cores := runtime.GOMAXPROCS(0)
	g, ctx := errgroup.WithContext(ctx)
	awaited, ordered := newJobs(cores), newJobs(2*cores)
	d.free = newJobs(4*cores + 2)
	for range cores {
		w := &decodeWorker{shape: shapes()}
		o := d.opts
		o.Anomalie = func(a *xhl.Anomalie) { w.job.notes = append(w.job.notes, a) }
		w.dec = xhl.NewDecoder(d.cut.Encoding(), o)
		d.workers = append(d.workers, w.dec)
		g.Go(func() error {
			for j := range awaited {
				w.do(j)
				close(j.done)
			}
			return nil
		})
	}
	g.Go(func() error {
		defer close(awaited)
		defer close(ordered)
		return d.cutJobs(ctx, awaited, ordered)
	})
	g.Go(func() error {
		for j := range ordered {
			select {
			case <-j.done:
			case <-ctx.Done():
				return ctx.Err()
			}
			if err := d.put(j, put); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
	return g.Wait()
}

func newJobs(n int) chan *job { return make(chan *job, n) }

// cutJobs cuts the journal, and counts its DonneesIndiv as a run does: by those
// that have bulletins.
func (d *decoding) cutJobs(ctx context.Context, awaited, ordered chan<- *job) error {
	groupes, pending := 0, false
	for {
		j := d.job()
		err := d.cut.Next(&j.seg)
		j.groupes, j.pending = groupes, pending
		for _, p := range j.seg.Parts {
			switch p.Kind {
			case xhl.PartOuverture:
				pending = true
			case xhl.PartBulletin:
				if pending {
					groupes++
					pending = false
				}
			}
		}
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			j.err = err // after what was framed before it
		}
		for _, to := range []chan<- *job{ordered, awaited} {
			select {
			case to <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err != nil {
			return nil
		}
	}
}

func (d *decoding) job() *job {
	select {
	case j := <-d.free:
		*j = job{seg: j.seg, parts: j.parts[:0], done: make(chan struct{})}
		return j
	default:
		return &job{done: make(chan struct{})}
	}
}

// put tells what was noted of a job and hands its parts over.
func (d *decoding) put(j *job, put func(*part) error) error {
	for _, a := range j.notes {
		if d.opts.Anomalie != nil {
			d.opts.Anomalie(a)
		}
	}
	for i := range j.parts {
		if err := put(&j.parts[i]); err != nil {
			return err
		}
		d.some = d.some || j.parts[i].n > 0
		if d.decoded != nil {
			d.decoded.Add(int64(j.parts[i].n))
		}
	}
	if j.err != nil {
		return j.err
	}
	select {
	case d.free <- j:
	default:
	}
	return nil
}

// end reads what follows the bulletins, and tells what was counted over them
// all. No run is made of a journal without bulletins: none could be read again.
func (d *decoding) end() (*xhl.Fin, error) {
	if !d.some {
		return nil, xhl.Codes.New("XHL-015").At(d.opts.Fichier, -1, 0)
	}
	dec := xhl.NewDecoder(d.cut.Encoding(), d.opts)
	q, err := d.cut.Queue()
	if err != nil {
		return nil, err
	}
	defer dec.Finish(d.workers...) // with what is counted here
	fin := new(xhl.Fin)
	if fin.Nomenclatures, err = dec.Nomenclatures(q); err != nil {
		return nil, err
	}
	fin.RepartitionParNature, err = dec.RepartitionParNature(q)
	return fin, err
}

// decodeWorker shapes segments.
type decodeWorker struct {
	shape    shape
	dec      *xhl.Decoder
	job      *job
	bulletin xhl.Bulletin
}

func (w *decodeWorker) do(j *job) {
	w.job = j
	rang, groupe, pending := j.seg.Rang, j.groupes, j.pending
	cut := j.err
	j.err = nil
	for i, p := range j.seg.Parts {
		switch p.Kind {
		case xhl.PartOuverture:
			pending = true
			etab, err := w.dec.Etablissement(&j.seg, i)
			if err == nil {
				next := w.part()
				next.opens = true
				next.opening, err = w.shape.opening(next.opening, etab)
			}
			if j.err = err; err != nil {
				return
			}
		case xhl.PartBulletin:
			if pending {
				groupe++
				pending = false
			}
			if len(j.parts) == 0 {
				w.part()
			}
			if j.err = w.dec.Passing(&j.seg, i, rang, &w.bulletin); j.err != nil {
				return
			}
			rang++
			at := &j.parts[len(j.parts)-1]
			if j.err = w.shape.bulletin(at, &w.bulletin, rang, groupe); j.err != nil {
				return
			}
			at.n++
		}
	}
	j.err = cut
}

// part begins a part of the job, in the buffers of one that is done with.
func (w *decodeWorker) part() *part {
	j := w.job
	if n := len(j.parts); n < cap(j.parts) {
		j.parts = j.parts[:n+1]
		p := &j.parts[n]
		*p = part{opening: p.opening[:0], lines: [2][]byte{p.lines[0][:0], p.lines[1][:0]}}
		return p
	}
	j.parts = append(j.parts, part{})
	return &j.parts[len(j.parts)-1]
}
