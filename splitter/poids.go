package splitter

import (
	"context"

	"paye/compress"
)

// poids corrects what parts of the journal weigh, in proportion to the share
// of their bytes in the blocks of the book.
type weights struct {
	litteral float64 // what every volume repeats
	sans     float64 // the bulletins that reference no piece
	avec     float64 // those that reference some
}

// times is all of the weights by a factor.
func (w weights) times(by float64) weights { return weights{w.litteral * by, w.sans * by, w.avec * by} }

// partage is the weight in the blocks of the book itself.
var partage = weights{1, 1, 1}

// sampled is how many pairs of neighbouring blocs are looked at for the weights
// of a scattered plan, evenly over the book.
const sampled = 16

// disperse measures the weights in a plan that brings the bulletins with pieces
// together from all over the book. They have the more of what compresses least,
// their references, and fewer neighbours like themselves: a quarter more than
// their share has been seen, and a hundredth less for the others.
func (r *recette) disperse(ctx context.Context) (weights, error) {
	l := r.livre
	var parts [2]struct {
		raw           []byte
		share, weight float64
	}
	flush := func(k int) {
		p := &parts[k]
		if len(p.raw) > 0 {
			p.weight += float64(r.compress(p.raw).block.Size)
			p.raw = p.raw[:0]
		}
	}
	rapid := compress.NewEncoder(l.niveau)
	defer rapid.Release()
	var raw, packed []byte
	step := max(2, len(l.blocs)/sampled)
	for n := range l.blocs {
		if n%step >= 2 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return partage, err
		}
		b := &l.blocs[n]
		var err error
		if raw, err = l.raw(b, raw); err != nil {
			return partage, err
		}
		block := b.block
		if b.unread { // its size is only about right
			packed, block = rapid.AppendBlock(packed[:0], raw)
		}
		for i := int(b.first); i < int(b.first+b.n); i++ {
			k := 0
			if len(l.Refs(i)) > 0 {
				k = 1
			}
			e, p := l.entries.at(i), &parts[k]
			p.raw = append(p.raw, raw[e.off+e.lead:][:e.len]...)
			p.share += float64(e.len) * float64(block.Size) / float64(block.Raw)
		}
		for k := range parts {
			if len(parts[k].raw) >= compress.BlockRaw {
				flush(k)
			}
		}
	}
	ratio := func(k int) float64 {
		if flush(k); parts[k].share == 0 {
			return 1
		}
		return parts[k].weight / parts[k].share
	}
	return weights{litteral: 1, sans: ratio(0), avec: ratio(1)}, nil
}
