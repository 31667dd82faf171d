package splitter

import (
	"fmt"
	"strings"
)

// What is refused for its size is refused on the size that the limit is about:
// that of a file, exactly as Write would make it. Planning estimates; an
// anomaly does not.

// marginTooLarge refuses a margin that leaves nothing of the limit.
func marginTooLarge(o Options) error { return Codes.New(MargeTropGrande, o.Marge, o.Limit) }

// smallest makes the smallest file of the set that carries the piece p: nothing
// but p under an XHL head.
func (pl *planner) smallest(p *Justificatif) (*Volume, error) {
	v := &Volume{N: 1, EnteteSeul: true, Pieces: []*Justificatif{p}}
	return v, pl.weigh(v)
}

// weigh fills in the journal of v and the size of its file.
func (pl *planner) weigh(v *Volume) error {
	err := pl.recette.volume(v)
	if err == nil {
		v.Octets, err = pl.format.Size(v)
	}
	return err
}

// nearLimit is how near to the limit, in bytes, the estimates are not trusted.
const nearLimit = 16 << 10

// tooLarge refuses pieces that exceed the limit by themselves.
func (pl *planner) tooLarge() error { return pl.refuse(pl.everyPiece()) }

func (pl *planner) refuse(list []*Justificatif) error {
	if pl.format.Partage() == Jamais {
		return nil
	}
	room := pl.format.Room(pl.opts.Limit)
	for _, p := range list {
		if p == nil || pl.format.PieceCost(p) <= room-nearLimit {
			continue
		}
		v, err := pl.smallest(p)
		if err != nil {
			return err
		}
		if v.Octets > pl.opts.Limit {
			return pl.pieceTooLarge(p, v)
		}
	}
	return nil
}

// pieceTooLarge refuses the piece p, whose smallest file is v.
func (pl *planner) pieceTooLarge(p *Justificatif, v *Volume) error {
	return Codes.New(PieceTropGrande, p.NomPJ, p.Piece.Raw, v.Octets, pl.opts.Limit)
}

// bulletinTooLarge refuses bulletin i, whose volume v is beyond the limit: for
// its pieces, or, when it is too large without them, for the limit.
func (pl *planner) bulletinTooLarge(v *Volume, i int) error {
	bare, err := pl.try(v.N, i, i+1, nil)
	if err != nil {
		return err
	}
	a := Codes.New(LimiteTropPetite, pl.opts.Limit, bare.Octets)
	if bare.Octets <= pl.opts.Limit {
		var noms []string
		for _, p := range v.Pieces {
			noms = append(noms, fmt.Sprintf("%s %d", p.NomPJ, p.Piece.Raw))
		}
		a = Codes.New(BulletinTropGrand, v.Octets, pl.opts.Limit, strings.Join(noms, ", "))
	}
	a.Matricule = pl.livre.Matricule(i)
	return a
}

// headTooLarge refuses a limit that a file of pieces exceeds: head is that
// file, or the least of it.
func (pl *planner) headTooLarge(head *Volume) error {
	return Codes.New(EnteteTropGrand, pl.opts.Limit, head.Octets)
}
