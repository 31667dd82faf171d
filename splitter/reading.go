package splitter

import (
	"context"
	"errors"
	"io"

	"golang.org/x/sync/errgroup"

	"paye/xhl"
)

// reading is a journal on its way into a book.
type reading struct {
	*Reading
	livre     *Livre
	judgement *judgement
	worker    func() *worker                    // one more
	add       func(context.Context, *job) error // what a worker made, in order
}

// read gives what stands after the last bulletin.
func (r *reading) read(ctx context.Context, workers int) ([]jalon, error) {
	if workers == 1 {
		return r.alone(ctx)
	}
	g, ctx := errgroup.WithContext(ctx)
	jobs := make(chan *job)
	ordered := make(chan *job, workers+1)
	free := make(chan *job, 2*workers+2) // those that are made and idle: as many as this at most
	all := make([]*worker, workers)
	for i := range all {
		all[i] = r.worker()
		g.Go(func() error {
			defer all[i].release()
			for j := range jobs {
				j.err = all[i].do(ctx, j)
				close(j.done)
			}
			return nil
		})
	}
	var rest []jalon
	g.Go(func() (err error) {
		defer close(jobs)
		defer close(ordered)
		rest, err = r.hand(ctx, free, jobs, ordered)
		return err
	})
	g.Go(func() error {
		for j := range ordered {
			<-j.done
			if j.err == nil {
				j.err = r.add(ctx, j)
			}
			if j.err != nil {
				return j.err
			}
			free <- j
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for range len(free) {
		(<-free).release()
	}
	for _, w := range all {
		r.livre.Totaux.Merge(w.totals)
	}
	return rest, nil
}

// alone is read on the goroutine of its caller.
func (r *reading) alone(ctx context.Context) ([]jalon, error) {
	w, j := r.worker(), idle.Get().(*job)
	defer w.release()
	rest, err := r.cutAll(ctx, func() (*job, error) { return j, ctx.Err() }, func(*job) error {
		if err := w.do(ctx, j); err != nil {
			return err
		}
		return r.add(ctx, j)
	})
	if err != nil {
		return nil, err
	}
	r.livre.Totaux.Merge(w.totals)
	return rest, nil
}

// hand cuts for several workers.
func (r *reading) hand(ctx context.Context, free chan *job, jobs, ordered chan<- *job) ([]jalon, error) {
	made := 0
	return r.cutAll(ctx, func() (*job, error) {
		if made < cap(free) && len(free) == 0 { // none is idle: a short journal never fills them all
			made++
			return idle.Get().(*job), nil
		}
		select {
		case j := <-free:
			return j, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}, func(j *job) error {
		j.done = make(chan struct{})
		select {
		case ordered <- j:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case jobs <- j:
			return nil
		case <-ctx.Done():
			close(j.done)
			return ctx.Err()
		}
	})
}

// cutAll gives the segments to send, with the ends and openings of groupes at
// the end of each going to the next. It returns those that no bulletin follows.
func (r *reading) cutAll(ctx context.Context, take func() (*job, error), send func(*job) error) ([]jalon, error) {
	cut, enc := r.cut, r.cut.Encoding()
	var lead []byte
	var jalons []jalon
	open := int32(-1)
	var j *job
	for {
		if j == nil {
			var err error
			if j, err = take(); err != nil {
				return nil, err
			}
		}
		err := cut.Next(j.seg)
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return nil, err
		}
		start := open
		last := -1 // index of the last bulletin of the segment
		for i, p := range j.seg.Parts {
			if p.Kind == xhl.PartBulletin {
				last = i
				continue
			}
			if err := r.dec.PartCharacters(j.seg, i); err != nil {
				return nil, err
			}
			native, err := enc.Native(nil, j.seg.Raw[p.Start:p.End])
			if err != nil {
				return nil, err
			}
			if p.Kind == xhl.PartOuverture {
				open++
			}
			jalons = append(jalons, jalon{p.Kind == xhl.PartOuverture, native})
		}
		j.lead, j.groupe = lead, start
		if last < 0 {
			j.lead = nil
		} else {
			lead = nil
		}
		for _, p := range j.seg.Parts[last+1:] {
			lead = append(lead, j.seg.Raw[p.Start:p.End]...)
		}
		j.seg.Parts = j.seg.Parts[:last+1]
		if end {
			j.release()
			return jalons, nil
		}
		if last < 0 {
			continue
		}
		if err := r.judgement.next(ctx, j); err != nil {
			return nil, err
		}
		j.jalons, jalons = jalons, nil
		if err := send(j); err != nil {
			return nil, err
		}
		j = nil
	}
}
