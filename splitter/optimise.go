package splitter

import (
	"context"
	"errors"
	"slices"

	"paye/splitter/pack"
)

// optimise makes the fewest volumes that it can. The plan in the order of the
// book comes first, with exact sizes; it is the last word when it reaches the
// bound and cuts no agent. Otherwise package pack looks for a better one on
// estimated sizes. Only a plan that would win is put together and weighed, which
// compresses most of the book again; one that turns out too heavy is looked for
// again on safer estimates.
func (pl *planner) optimise(ctx context.Context) ([]*Volume, error) {
	volumes, err := pl.fewest(ctx)
	if err != nil || !pl.livre.auto || !pl.packs() || pl.agentsCut(volumes) == 0 {
		return volumes, err
	}
	return pl.again(ctx) // lighter blocs may leave the room that keeps an agent whole
}

func (pl *planner) fewest(ctx context.Context) ([]*Volume, error) {
	if pl.livre.unread > 0 {
		volumes, err := pl.unread(ctx)
		if volumes != nil || err != nil {
			return volumes, err
		}
		if err := pl.livre.settle(ctx); err != nil {
			return nil, err
		}
		pl.reset()
	}
	ordered, err := pl.nextFit(ctx)
	if err != nil {
		return nil, err
	}
	if len(ordered) == 1 {
		return ordered, nil
	}
	bound, err := pl.bound(len(ordered))
	if err != nil {
		return nil, err
	}
	reached := len(ordered) == bound && pl.agentsCut(ordered) == 0
	wishes := pl.opts.Equilibre || pl.opts.Ensemble != SansClasse
	if reached && !wishes {
		return ordered, nil
	}
	if fewer, err := pl.fewerAtNormal(ctx, len(ordered)); err != nil {
		return nil, err
	} else if fewer {
		return pl.atNormal(ctx, ordered)
	}
	if !pl.packs() {
		return ordered, nil
	}
	volumes, err := pl.scatter(ctx, ordered)
	if err != nil {
		return nil, err
	}
	// The estimates were for fewer volumes than the plan turned out to have.
	if fewer, err := pl.lighter(ctx, len(volumes)); err != nil {
		return nil, err
	} else if fewer {
		return pl.atNormal(ctx, volumes)
	}
	return volumes, nil
}

// scatter looks for a better plan than that in the order of the book, which it
// returns when it finds none.
func (pl *planner) scatter(ctx context.Context, ordered []*Volume) ([]*Volume, error) {
	tries, err := pl.essais(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tries {
		volumes, err := pl.packed(ctx, t, ordered)
		if volumes != nil || err != nil {
			return volumes, err
		}
	}
	return ordered, nil
}

// packs reports whether volumes that are no runs of the book may be better.
func (pl *planner) packs() bool {
	wishes := pl.opts.Equilibre || pl.opts.Ensemble != SansClasse
	if pl.opts.GardeOrdre && !pl.opts.Equilibre {
		return false
	}
	// Where pieces travel once, wherever that is, sharing gains nothing.
	return wishes || pl.format.Partage() != UneFois
}

// essai is how a packed plan is estimated: the weights of the journal, and the
// share of a volume that is kept free of what they may miss.
type essai struct {
	weights
	slack float64
}

// essais lists the estimates to plan on, one after the other until the plan
// made on it turns out to fit. Those of a plan that scatters the book come
// first, for they miss little; the others do not count on what scattering
// gains, since blocs that stay whole do not gain it.
func (pl *planner) essais(ctx context.Context) ([]essai, error) {
	const narrow, wide, widest = 0.002, 0.006, 0.02
	if pl.opts.GardeOrdre {
		return []essai{{partage, narrow}, {partage, wide}, {partage, widest}}, nil
	}
	w, err := pl.recette.disperse(ctx)
	if err != nil {
		return nil, err
	}
	share, err := pl.share()
	prudent := weights{1, max(share, w.sans), max(share, w.avec)}
	return []essai{{w, narrow}, {prudent, narrow}, {prudent, wide}, {prudent, widest}}, err
}

// better reports whether a packed plan of so many volumes is better than that
// in the order of the book: it has fewer volumes; or as many, and cuts fewer
// agents, itself cutting none, or is made for the wishes.
func (pl *planner) better(volumes int, ordered []*Volume) bool {
	if volumes != len(ordered) {
		return volumes < len(ordered)
	}
	return pl.opts.Equilibre || pl.opts.Ensemble != SansClasse || pl.agentsCut(ordered) > 0
}

// packed makes the volumes of a plan of package pack over the sizes of t; nil
// when one of them exceeds the limit, and ordered when the plan is no better.
func (pl *planner) packed(ctx context.Context, t essai, ordered []*Volume) ([]*Volume, error) {
	in, plan, err := pl.solve(ctx, t)
	if err != nil || plan.Volumes == 0 {
		return nil, err
	}
	if !pl.better(plan.Volumes, ordered) {
		return ordered, nil
	}
	if _, err := pack.Verify(&in.Instance, plan); err != nil {
		return nil, err
	}
	return pl.realise(ctx, in, plan)
}

// solve plans on the sizes of t; without a volume when an agent fits nowhere.
func (pl *planner) solve(ctx context.Context, t essai) (*packing, pack.Plan, error) {
	in, err := pl.instance(t.weights, int64(float64(pl.opts.Limit)*t.slack))
	if err != nil {
		return nil, pack.Plan{}, err
	}
	merged, into := pack.Merge(&in.Instance, pl.agents(in))
	o := pack.Options{KeepOrder: pl.opts.GardeOrdre, Balance: pl.opts.Equilibre, Class: pl.classes(in, into, merged.Items())}
	result, err := pack.Solve(ctx, merged, o)
	var large *pack.TooLargeError
	switch {
	case errors.As(err, &large) || errors.Is(err, pack.ErrLimit):
		return in, pack.Plan{}, nil
	case err != nil:
		return nil, pack.Plan{}, err
	}
	return in, result.Plan.Expand(into), nil
}

// agents groups the items that must stay together: the bulletins of a
// matricule. Every piece is its own group.
func (pl *planner) agents(in *packing) []int32 {
	group := make([]int32, in.Items())
	for i := range group {
		group[i] = int32(i)
	}
	for _, bulletins := range pl.livre.agents {
		for _, i := range bulletins {
			group[i] = bulletins[0]
		}
	}
	return group
}

// classes tells the class of the merged items; nil without a wish.
func (pl *planner) classes(in *packing, into []int32, items int) []int32 {
	if pl.opts.Ensemble == SansClasse {
		return nil
	}
	class := make([]int32, items)
	for i := in.bulletins - 1; i >= 0; i-- { // the first bulletin of an agent has the last word
		e := pl.livre.entries.at(i)
		class[into[i]] = e.groupe
		if pl.opts.Ensemble == ParService {
			class[into[i]] = e.service
		}
	}
	return class
}

// realise puts the volumes of a plan together and weighs them; nil when one
// exceeds the limit or holds no bulletin.
func (pl *planner) realise(ctx context.Context, in *packing, plan pack.Plan) ([]*Volume, error) {
	volumes := make([]*Volume, plan.Volumes)
	for n := range volumes {
		volumes[n] = &Volume{N: n + 1, Repartition: n == 0}
	}
	for i := range in.bulletins {
		v := volumes[plan.Volume[i]]
		if k := len(v.Runs) - 1; k >= 0 && v.Runs[k].To == i {
			v.Runs[k].To++
		} else {
			v.Runs = append(v.Runs, Run{i, i + 1})
		}
	}
	for k, q := range pl.alone() {
		v := volumes[plan.Volume[in.bulletins+k]]
		v.Pieces = append(v.Pieces, q)
	}
	for _, v := range volumes {
		if len(v.Runs) == 0 {
			return nil, nil
		}
		if pl.format.Partage() == ParVolume {
			v.Pieces = append(v.Pieces, pl.referenced(v)...)
		}
	}
	before := pl.livre.spool.size
	put := pl.recette.volumes
	if pl.livre.unread > 0 {
		put = pl.recette.fromOriginal
	}
	if err := put(ctx, volumes); err != nil {
		return nil, err
	}
	for _, v := range volumes {
		var err error
		if v.Octets, err = pl.format.Size(v); err != nil {
			return nil, err
		}
		if v.Octets > pl.opts.Limit {
			pl.livre.spool.forget(before)
			return nil, nil
		}
	}
	return volumes, nil
}

// referenced lists the pieces that the bulletins of a volume reference, in
// their order.
func (pl *planner) referenced(v *Volume) []*Justificatif {
	seen := make(map[int32]bool)
	var list []*Justificatif
	for _, run := range v.Runs {
		for i := run.From; i < run.To; i++ {
			for _, r := range pl.livre.Refs(i) {
				if q := pl.pieces.ParRef[r]; q != nil && !seen[r] {
					seen[r] = true
					list = append(list, q)
				}
			}
		}
	}
	return list
}

// agentsCut counts the matricules whose bulletins are in several volumes.
func (pl *planner) agentsCut(volumes []*Volume) int {
	if len(volumes) == 1 || len(pl.livre.agents) == 0 {
		return 0
	}
	in := make([]int32, pl.livre.entries.len())
	for _, v := range volumes {
		for _, run := range v.Runs {
			for i := run.From; i < run.To; i++ {
				in[i] = int32(v.N)
			}
		}
	}
	cut := 0
	for _, bulletins := range pl.livre.agents {
		if slices.ContainsFunc(bulletins, func(i int32) bool { return in[i] != in[bulletins[0]] }) {
			cut++
		}
	}
	return cut
}
