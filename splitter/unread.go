//go:build !js

package splitter

import (
	"cmp"
	"context"

	"golang.org/x/sync/errgroup"

	"paye/compress"
	"paye/splitter/pack"
)

// unread plans a book whose blocs were not all compressed; nil when its plan is
// not scattered, or turns out too heavy: that wants all of them.
func (pl *planner) unread(ctx context.Context) ([]*Volume, error) {
	l := pl.livre
	if l.added || !pl.packs() || pl.opts.GardeOrdre || pl.opts.Equilibre || pl.opts.Ensemble != SansClasse {
		return nil, nil
	}
	ordered := pl.inOrder()
	bound, err := pl.bound(ordered)
	if err != nil || ordered <= bound {
		return nil, err
	}
	g, beside := errgroup.WithContext(ctx)
	g.Go(func() error { return l.know(beside) }) // a plan is the work of one core
	best, err := pl.fewestOf(ctx, ordered)
	if err := cmp.Or(err, g.Wait()); err != nil || best.plan.Volumes == 0 {
		return nil, err
	}
	lighter, err := pl.mixed(ctx, best)
	if err != nil {
		return nil, err
	}
	for _, p := range []scatteredPlan{lighter, best} {
		if p.plan.Volumes == 0 {
			continue
		}
		pl.level(p.niveau)
		pl.recette.leger = p.leger
		volumes, err := pl.realise(ctx, p.in, p.plan)
		if err != nil || volumes != nil {
			return volumes, cmp.Or(err, pl.prove(volumes))
		}
	}
	return nil, nil
}

// mixed is the plan of as many volumes in which a share of the blocks is compressed
// at compress.Leger: what room the volumes of Normal leave is spent on time. Without
// a volume where there is little.
func (pl *planner) mixed(ctx context.Context, best scatteredPlan) (p scatteredPlan, err error) {
	if best.niveau != compress.Normal {
		return p, nil
	}
	normal := best.weights
	pl.level(compress.Leger)
	leger, err := pl.recette.disperse(ctx)
	if err != nil {
		return p, err
	}
	measure, err := pack.Verify(&best.in.Instance, best.plan)
	if err != nil {
		return p, err
	}
	const slack, kept, least = 0.006, 0.85, 0.1 // of a volume, of the room, of the book
	room := float64(pl.format.Room(pl.opts.Limit)) - slack*float64(pl.opts.Limit)
	var left, more float64
	for _, size := range measure.Size {
		left += room - float64(size)
	}
	for i := range best.in.bulletins {
		by := leger.sans / normal.sans
		if len(pl.livre.Refs(i)) > 0 {
			by = leger.avec / normal.avec
		}
		more += (by - 1) * float64(best.in.Private[i])
	}
	if more <= 0 || left*kept < least*more {
		return p, nil
	}
	share := min(1, left*kept/more)
	w := weights{1, normal.sans + share*(leger.sans-normal.sans), normal.avec + share*(leger.avec-normal.avec)}
	pl.level(compress.Normal)
	in, plan, err := pl.solve(ctx, essai{w, slack})
	if err != nil || plan.Volumes != best.plan.Volumes {
		return p, err
	}
	if _, err := pack.Verify(&in.Instance, plan); err != nil {
		return p, err
	}
	return scatteredPlan{niveau: compress.Normal, weights: w, leger: share, in: in, plan: plan}, nil
}

// fewestOf is the plan at the level that gives the fewest volumes, the quick one
// where both do; without a volume when it has as many as the one in the order of the
// book.
func (pl *planner) fewestOf(ctx context.Context, ordered int) (best scatteredPlan, err error) {
	best, err = pl.roomiest(ctx, compress.Normal)
	if err != nil || best.plan.Volumes == 0 || best.plan.Volumes >= ordered {
		return scatteredPlan{}, err
	}
	rapid, err := pl.boundOn(partage)
	if err != nil || rapid > best.plan.Volumes {
		return best, err
	}
	other, err := pl.roomiest(ctx, compress.Rapide)
	if err == nil && other.plan.Volumes > 0 && other.plan.Volumes <= best.plan.Volumes {
		best = other
	}
	return best, err
}

// level has the recette compress at a level.
func (pl *planner) level(niveau compress.Niveau) {
	if pl.recette.niveau != niveau {
		pl.recette.Close()
		pl.recette = newRecette(pl.livre, niveau)
	}
}

// scatteredPlan is a plan on the sizes of a level.
type scatteredPlan struct {
	niveau compress.Niveau
	weights
	leger float64 // share of the blocks that are of compress.Leger
	in    *packing
	plan  pack.Plan
}

// slacks are the shares of a volume that may be kept free of what the sizes of a
// book miss that was not compressed: as much as costs no volume.
var slacks = [...]float64{0.02, 0.006, 0.002}

// roomiest is the plan of the fewest volumes that leaves the most room in them.
func (pl *planner) roomiest(ctx context.Context, niveau compress.Niveau) (best scatteredPlan, err error) {
	pl.level(niveau)
	w, err := pl.recette.disperse(ctx)
	if err != nil {
		return best, err
	}
	for _, slack := range slacks {
		in, plan, err := pl.solve(ctx, essai{w, slack})
		if err != nil {
			return best, err
		}
		if plan.Volumes > 0 && (best.plan.Volumes == 0 || plan.Volumes < best.plan.Volumes) {
			best = scatteredPlan{niveau: niveau, weights: w, in: in, plan: plan}
		}
		if best.plan.Volumes == pl.borne {
			break
		}
	}
	if best.plan.Volumes > 0 {
		_, err = pack.Verify(&best.in.Instance, best.plan)
	}
	return best, err
}

// prove takes the bound anew, on what the volumes turned out to weigh where that is
// less than was expected.
func (pl *planner) prove(volumes []*Volume) error {
	normal, err := pl.livre.atNormal()
	if err != nil {
		return err
	}
	var expected, found compress.Block
	for i := range pl.livre.blocs {
		b := &pl.livre.blocs[i].block
		expected.Raw, expected.Size = expected.Raw+b.Raw, expected.Size+b.Size
	}
	for _, v := range volumes {
		for i := range v.chunks {
			if c := &v.chunks[i]; !c.leger {
				found.Raw, found.Size = found.Raw+c.block.Raw, found.Size+c.block.Size
			}
		}
	}
	by := ratio(found) / ratio(expected)
	if pl.recette.niveau != compress.Normal {
		by *= normal.least
	}
	least := (1 - margeBlocs) * min(normal.least, by)
	pl.borne, err = pl.boundOn(weights{least, least, least})
	return err
}

// ratio is what a byte weighs once it is compressed.
func ratio(b compress.Block) float64 { return float64(b.Size) / float64(max(1, b.Raw)) }

// inOrder is about how many volumes the plan in the order of the book has.
func (pl *planner) inOrder() int {
	room, n := pl.format.Room(pl.opts.Limit), 0
	for from, last := 0, pl.livre.entries.len(); from < last; n++ {
		u := pl.union(from)
		start, to := pl.position(from), from+1
		for ; to < last; to++ {
			if u.through(to + 1); pl.position(to+1)-start+u.total > room {
				break
			}
		}
		pl.general = len(pl.pieces.Generales)
		from = to
	}
	pl.general = 0
	return n
}
