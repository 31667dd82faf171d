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
// estimated sizes, which is then put together and weighed; one that turns out
// too heavy is looked for again with more slack.
func (pl *planner) optimise(ctx context.Context) ([]*Volume, error) {
	ordered, err := pl.nextFit(ctx)
	if err != nil {
		return nil, err
	}
	bound, err := pl.bound()
	if err != nil {
		return nil, err
	}
	reached := len(ordered) == bound && pl.agentsCut(ordered) == 0
	wishes := pl.opts.Equilibre || pl.opts.Ensemble != SansClasse
	if len(ordered) == 1 || reached && !wishes || pl.opts.GardeOrdre && !pl.opts.Equilibre {
		return ordered, nil
	}
	if pl.format.Partage() == UneFois && !wishes {
		return ordered, nil // pieces travel once wherever they are: sharing gains nothing
	}
	best := ordered
	for _, slack := range []float64{0.002, 0.006, 0.02} {
		volumes, err := pl.packed(ctx, slack)
		if err != nil {
			return nil, err
		}
		if volumes == nil {
			continue
		}
		if pl.better(volumes, best) {
			best = volumes
		}
		break
	}
	return best, nil
}

// better compares plans by the wishes: fewer volumes, fewer agents cut, then
// whatever was asked for, which the packed plan is made for.
func (pl *planner) better(a, b []*Volume) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	if x, y := pl.agentsCut(a), pl.agentsCut(b); x != y {
		return x < y
	}
	return pl.opts.Equilibre || pl.opts.Ensemble != SansClasse
}

// packed makes the volumes of a plan of package pack over sizes that keep the
// share slack of a volume free; nil when one of them exceeds the limit.
func (pl *planner) packed(ctx context.Context, slack float64) ([]*Volume, error) {
	in, err := pl.instance(1, int64(float64(pl.opts.Limit)*slack))
	if err != nil {
		return nil, err
	}
	merged, into := pack.Merge(&in.Instance, pl.agents(in))
	o := pack.Options{KeepOrder: pl.opts.GardeOrdre, Balance: pl.opts.Equilibre, Class: pl.classes(in, into, merged.Items())}
	result, err := pack.Solve(ctx, merged, o)
	var large *pack.TooLargeError
	switch {
	case errors.As(err, &large) || errors.Is(err, pack.ErrLimit):
		return nil, nil // with this slack an agent fits nowhere
	case err != nil:
		return nil, err
	}
	plan := result.Plan.Expand(into)
	if _, err := pack.Verify(&in.Instance, plan); err != nil {
		return nil, err
	}
	return pl.realise(ctx, in, plan)
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
		e := &pl.livre.entries[i]
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
	if err := pl.recette.volumes(ctx, volumes); err != nil {
		return nil, err
	}
	for _, v := range volumes {
		var err error
		if v.Octets, err = pl.format.Size(v); err != nil {
			return nil, err
		}
		if v.Octets > pl.opts.Limit {
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
	in := make([]int32, len(pl.livre.entries))
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
