package splitter

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"paye/compress"
)

// The level of compression is a means: what counts is the number of volumes. A
// book of compress.Auto is read at the level Rapide, and planned. When the plan
// reaches the bound that holds at Normal too, or Normal is not expected to save
// a volume, that is all; else the blocs are compressed again, at Normal.

// lightness is what Normal makes of the blocs of a book, as shares of what they
// weigh.
type lightness struct {
	mean  float64
	least float64 // of any bloc that was looked at
}

// lightSamples is how many blocs are looked at, evenly over the book.
const lightSamples = 8

// atNormal tells how light the book would be at the level Normal.
func (l *Livre) atNormal() (lightness, error) {
	if !l.auto {
		return lightness{1, 1}, nil
	}
	return l.normal()
}

func (l *Livre) sampleNormal(ctx context.Context) (lightness, error) {
	step := max(1, len(l.blocs)/lightSamples)
	var samples []*bloc
	for n := step / 2; n < len(l.blocs); n += step {
		at := n
		for l.blocs[at].unread { // the one before it that was weighed
			at--
		}
		samples = append(samples, &l.blocs[at])
	}
	sizes := make([]int64, len(samples))
	err := l.each(ctx, len(samples), compress.Normal, func(n int, zip blocks, buf *buffers) error {
		if err := buf.inflate(l, samples[n]); err != nil {
			return err
		}
		var block compress.Block
		buf.packed, block = zip(buf.packed[:0], buf.raw)
		sizes[n] = block.Size
		return nil
	})
	found := lightness{1, 1}
	var before, after int64
	for n, c := range samples {
		before, after = before+c.block.Size, after+sizes[n]
		found.least = min(found.least, float64(sizes[n])/float64(c.block.Size))
	}
	if before > 0 {
		found.mean = float64(after) / float64(before)
	}
	return found, err
}

// buffers are those of one goroutine of each.
type buffers struct{ raw, packed []byte }

func (b *buffers) inflate(l *Livre, c *bloc) (err error) {
	b.raw, err = l.raw(c, b.raw)
	return err
}

// blocks is what makes blocks for one goroutine.
type blocks func(dst, raw []byte) ([]byte, compress.Block)

// each calls f for 0 to n-1, on all cores, with what compresses at niveau.
func (l *Livre) each(ctx context.Context, n int, niveau compress.Niveau, f func(int, blocks, *buffers) error) error {
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	session := compress.Together(ctx, niveau)
	defer session.Close()
	for range min(n, l.compressors(session)) {
		g.Go(func() error {
			enc := compress.NewEncoder(niveau)
			defer enc.Release()
			zip := func(dst, raw []byte) ([]byte, compress.Block) { return enc.AppendBlockIn(ctx, session, dst, raw) }
			var buf buffers
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return nil
				}
				if err := f(i, zip, &buf); err != nil {
					return err
				}
			}
			return ctx.Err()
		})
	}
	return g.Wait()
}

// fewerAtNormal reports whether a book that is Auto is expected to give fewer
// volumes at Normal than it does as it is, ordered being those of the plan in the
// order of the book.
func (pl *planner) fewerAtNormal(ctx context.Context, ordered int) (bool, error) {
	if pl.livre.auto && pl.packs() {
		_, plan, err := pl.solve(ctx, essai{weights: partage})
		if err != nil {
			return false, err
		}
		if plan.Volumes > 0 {
			ordered = min(ordered, plan.Volumes)
		}
	}
	return pl.lighter(ctx, ordered)
}

// lighter reports whether a book that is Auto is expected to give fewer volumes
// than so many at Normal.
func (pl *planner) lighter(ctx context.Context, volumes int) (bool, error) {
	normal, err := pl.livre.atNormal()
	if err != nil || !pl.livre.auto || volumes <= pl.borne {
		return false, err
	}
	_, plan, err := pl.solve(ctx, essai{weights: partage.times(normal.mean)})
	return plan.Volumes > 0 && plan.Volumes < volumes, err
}

// atNormal plans the book at the level Normal. A plan that scatters it compresses
// all of it anyway, so that the blocs need not be compressed before.
func (pl *planner) atNormal(ctx context.Context, ordered []*Volume) ([]*Volume, error) {
	if pl.packs() {
		pl.recette.Close()
		pl.recette = newRecette(pl.livre, compress.Normal)
		volumes, err := pl.scatter(ctx, ordered)
		if err != nil {
			return nil, err
		}
		if fewer, err := pl.lighter(ctx, len(volumes)); err != nil || !fewer {
			return volumes, err
		}
	}
	return pl.again(ctx)
}

// share is what the recette makes of the blocs, as a share of what they weigh.
func (pl *planner) share() (float64, error) {
	if pl.recette.niveau == pl.livre.niveau {
		return 1, nil
	}
	normal, err := pl.livre.atNormal()
	return normal.mean, err
}

// again plans the book from the beginning, at the level Normal.
func (pl *planner) again(ctx context.Context) ([]*Volume, error) {
	if err := pl.livre.recompress(ctx, compress.Normal); err != nil {
		return nil, err
	}
	pl.reset()
	return pl.optimise(ctx)
}

// reset forgets what was planned: the blocs have other sizes.
func (pl *planner) reset() {
	pl.recette.Close()
	*pl = planner{livre: pl.livre, pieces: pl.pieces, format: pl.format, opts: pl.opts, recette: newRecette(pl.livre, pl.livre.niveau)}
}

// recompress compresses the blocs of the book again.
func (l *Livre) recompress(ctx context.Context, niveau compress.Niveau) error {
	err := l.each(ctx, len(l.blocs), niveau, func(n int, zip blocks, buf *buffers) (err error) {
		c := &l.blocs[n]
		if err := buf.inflate(l, c); err != nil {
			return err
		}
		buf.packed, c.block = zip(buf.packed[:0], buf.raw)
		c.off, err = l.spool.add(buf.packed)
		return err
	})
	if err != nil {
		return err
	}
	l.compressed()
	l.niveau, l.auto = niveau, false
	return nil
}
