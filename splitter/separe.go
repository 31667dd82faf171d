package splitter

import (
	"context"
	"errors"
	"slices"

	"paye/splitter/pack"
)

// separe makes the first solution of the DGFiP note: the journal alone, cut
// only if it exceeds the limit by itself, then volumes of pieces under an XHL
// head (IdVer to Employeur), each piece once in the set. The note names the
// blocks Annee, Mois, Budget and Employeur; that IdVer opens them and that
// Train is repeated is inferred.
func (pl *planner) separe(ctx context.Context) ([]*Volume, error) {
	alone := *pl
	alone.pieces = Pieces{ParRef: make([]*Justificatif, len(pl.pieces.ParRef))}
	volumes, err := alone.nextFit(ctx)
	if err != nil || pl.format.Partage() == Jamais {
		return volumes, err
	}
	pieces := pl.everyPiece()
	if len(pieces) == 0 {
		return volumes, nil
	}
	var largest *Volume
	for _, slack := range []int64{0, 4 << 10, 64 << 10} {
		list, over, err := pl.heads(ctx, pieces, len(volumes), slack)
		if err != nil {
			return nil, err
		}
		if over == nil {
			return append(volumes, list...), nil
		}
		if largest == nil || over.Octets > largest.Octets {
			largest = over
		}
	}
	return nil, pl.headTooLarge(largest)
}

// everyPiece lists the pieces of the book, each once.
func (pl *planner) everyPiece() []*Justificatif {
	list := slices.Clone(pl.pieces.Generales)
	for _, q := range pl.pieces.ParRef {
		if q != nil {
			list = append(list, q)
		}
	}
	return list
}

// heads packs the pieces into volumes that follow the first done; when one
// exceeds the limit, it is returned as over, and slack has to be taken off.
func (pl *planner) heads(ctx context.Context, pieces []*Justificatif, done int, slack int64) (list []*Volume, over *Volume, err error) {
	head := &Volume{N: done + 1, EnteteSeul: true}
	if err := pl.weigh(head); err != nil {
		return nil, nil, err
	}
	in := &pack.Instance{Limit: pl.format.Room(pl.opts.Limit) - slack, Fixed: pl.format.XHLCost(head.XHL)}
	for _, q := range pieces {
		in.Add(pl.format.PieceCost(q))
	}
	result, err := pack.Solve(ctx, in, pack.Options{})
	var large *pack.TooLargeError
	switch {
	case errors.As(err, &large):
		return pl.apart(ctx, pieces, large.Item, done, slack)
	case errors.Is(err, pack.ErrLimit):
		return nil, head, nil
	case err != nil:
		return nil, nil, err
	}
	list = make([]*Volume, result.Plan.Volumes)
	for n := range list {
		list[n] = &Volume{N: done + n + 1, EnteteSeul: true}
	}
	for i, n := range result.Plan.Volume {
		list[n].Pieces = append(list[n].Pieces, pieces[i])
	}
	for _, v := range list {
		if err := pl.weigh(v); err != nil {
			return nil, nil, err
		}
		if v.Octets > pl.opts.Limit {
			return nil, v, nil
		}
	}
	return list, nil, nil
}

// apart gives a volume of its own to a piece that is too large by the
// estimates and fits by its exact size, and packs the others.
func (pl *planner) apart(ctx context.Context, pieces []*Justificatif, i, done int, slack int64) (list []*Volume, over *Volume, err error) {
	v, err := pl.smallest(pieces[i])
	if err != nil {
		return nil, nil, err
	}
	if v.Octets > pl.opts.Limit {
		return nil, nil, pl.pieceTooLarge(pieces[i], v)
	}
	v.N = done + 1
	rest := slices.Delete(slices.Clone(pieces), i, i+1)
	if len(rest) > 0 {
		if list, over, err = pl.heads(ctx, rest, done+1, slack); err != nil || over != nil {
			return nil, over, err
		}
	}
	return append([]*Volume{v}, list...), nil, nil
}

// separeBound is the bound of the mode: the journal and the pieces are packed
// apart.
func (pl *planner) separeBound() (int, error) {
	alone := *pl
	alone.pieces = Pieces{ParRef: make([]*Justificatif, len(pl.pieces.ParRef))}
	journal, err := alone.bound(0)
	pieces := pl.everyPiece()
	if err != nil || len(pieces) == 0 || pl.format.Partage() == Jamais {
		return journal, err
	}
	in := &pack.Instance{Limit: pl.format.Room(pl.opts.Limit)}
	for _, q := range pieces {
		in.Add(pl.format.PieceCost(q))
	}
	c := pack.Bound(in)
	return journal + c.Volumes, c.Check(in)
}
