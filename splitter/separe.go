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
	for _, slack := range []int64{0, 4 << 10, 64 << 10} {
		list, err := pl.heads(ctx, pieces, len(volumes), slack)
		if err != nil {
			return nil, err
		}
		if list != nil {
			return append(volumes, list...), nil
		}
	}
	return nil, Codes.New(LimiteTropPetite, pl.opts.Limit, pl.opts.Limit)
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

// heads packs the pieces into volumes that follow the first done; nil when one
// exceeds the limit, which slack then has to be taken off.
func (pl *planner) heads(ctx context.Context, pieces []*Justificatif, done int, slack int64) ([]*Volume, error) {
	head := &Volume{N: done + 1, EnteteSeul: true}
	if err := pl.recette.volume(head); err != nil {
		return nil, err
	}
	in := &pack.Instance{Limit: pl.format.Room(pl.opts.Limit) - slack, Fixed: pl.format.XHLCost(head.XHL)}
	for _, q := range pieces {
		in.Add(pl.format.PieceCost(q))
	}
	result, err := pack.Solve(ctx, in, pack.Options{})
	var large *pack.TooLargeError
	switch {
	case errors.As(err, &large):
		q := pieces[large.Item]
		return nil, Codes.New(PieceTropGrande, q.NomPJ, q.Piece.Raw, pl.opts.Limit)
	case errors.Is(err, pack.ErrLimit):
		return nil, Codes.New(LimiteTropPetite, pl.opts.Limit, in.Fixed)
	case err != nil:
		return nil, err
	}
	list := make([]*Volume, result.Plan.Volumes)
	for n := range list {
		list[n] = &Volume{N: done + n + 1, EnteteSeul: true}
	}
	for i, n := range result.Plan.Volume {
		list[n].Pieces = append(list[n].Pieces, pieces[i])
	}
	for _, v := range list {
		if err := pl.recette.volume(v); err != nil {
			return nil, err
		}
		if v.Octets, err = pl.format.Size(v); err != nil {
			return nil, err
		}
		if v.Octets > pl.opts.Limit {
			return nil, nil
		}
	}
	return list, nil
}

// separeBound is the bound of the mode: the journal and the pieces are packed
// apart.
func (pl *planner) separeBound() (int, error) {
	alone := *pl
	alone.pieces = Pieces{ParRef: make([]*Justificatif, len(pl.pieces.ParRef))}
	journal, err := alone.bound()
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
