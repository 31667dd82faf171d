package splitter

import (
	"context"
	"errors"

	"paye/splitter/pack"
)

// Alternative is what another way to cut the same book would give, on sizes
// that are estimated: nothing is compressed again for it.
type Alternative struct {
	Limit   int64 // bytes
	Par     int   // bulletins a volume; 0 for the fewest volumes
	Volumes int
	Borne   int // no plan has fewer; 0 with Par
	Trop    int // volumes beyond Limit, with Par
}

// effort is how long an alternative is looked for, in steps of package pack: a
// third of a plan's.
const effort = pack.DefaultWork / 3

// Compare tells what other limits would give, and what fixed cuts of so many
// bulletins would give at the limit of o. An alternative in which something
// alone exceeds the limit is left out.
func Compare(ctx context.Context, l *Livre, p Pieces, f Format, o Options, limits []int64, pars []int) ([]Alternative, error) {
	var list []Alternative
	for _, limit := range limits {
		pl := &planner{livre: l, pieces: p, format: f, opts: Options{Limit: limit}, recette: newRecette(l, l.niveau)}
		a, err := pl.alternative(ctx)
		pl.recette.Close()
		if err != nil {
			return nil, err
		}
		if a.Volumes > 0 {
			list = append(list, a)
		}
	}
	pl := &planner{livre: l, pieces: p, format: f, opts: o, recette: newRecette(l, l.niveau)}
	defer pl.recette.Close()
	for _, par := range pars {
		a, err := pl.fixedCut(par)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

func (pl *planner) alternative(ctx context.Context) (Alternative, error) {
	a := Alternative{Limit: pl.opts.Limit}
	if pl.tooLarge() != nil {
		return a, nil
	}
	normal, err := pl.livre.atNormal()
	if err != nil {
		return a, err
	}
	in, err := pl.instance(partage.times(normal.mean), 0)
	if err != nil {
		return a, err
	}
	result, err := pack.Solve(ctx, &in.Instance, pack.Options{Work: effort})
	var large *pack.TooLargeError
	switch {
	case errors.As(err, &large) || errors.Is(err, pack.ErrLimit):
		return a, nil
	case err != nil:
		return a, err
	}
	a.Volumes = result.Plan.Volumes
	a.Borne, err = pl.bound(a.Volumes)
	return a, err
}

func (pl *planner) fixedCut(par int) (Alternative, error) {
	a := Alternative{Limit: pl.opts.Limit, Par: par}
	in, err := pl.instance(partage, 0)
	if err != nil {
		return a, err
	}
	plan := pack.Plan{Volume: make([]int32, in.Items())}
	for i := range in.bulletins {
		plan.Volume[i] = int32(i / par)
	}
	plan.Volumes = (in.bulletins + par - 1) / par
	a.Volumes = plan.Volumes
	whole := in.Instance
	whole.Limit = 1 << 62
	measure, err := pack.Verify(&whole, plan)
	if err != nil {
		return a, err
	}
	for _, size := range measure.Size {
		if size > in.Limit {
			a.Trop++
		}
	}
	return a, nil
}

// Parts are the bytes of a volume's file: the journal, the pieces that only
// this volume carries, those that another carries too, and what is around
// them.
type Parts struct {
	XHL       int64
	Propres   int64
	Partagees int64
}

// Parts splits the bytes of every volume in proportion to what its parts cost
// in the format, so that they add up to its file.
func (p *Plan) Parts(f Format) []Parts {
	carried := make(map[*Justificatif]int)
	for _, v := range p.Volumes {
		for _, q := range v.Pieces {
			carried[q]++
		}
	}
	list := make([]Parts, len(p.Volumes))
	for i, v := range p.Volumes {
		xhl := f.XHLCost(v.XHL)
		var propres, partagees int64
		for _, q := range v.Pieces {
			if carried[q] > 1 {
				partagees += f.PieceCost(q)
			} else {
				propres += f.PieceCost(q)
			}
		}
		total := max(1, xhl+propres+partagees)
		share := func(n int64) int64 { return int64(float64(n) / float64(total) * float64(v.Octets)) }
		list[i] = Parts{Propres: share(propres), Partagees: share(partagees)}
		list[i].XHL = v.Octets - list[i].Propres - list[i].Partagees
	}
	return list
}
