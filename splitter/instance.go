package splitter

import (
	"fmt"

	"paye/splitter/pack"
)

// margeBlocs is the share of the journal's compressed size that blocks cost
// over one joint stream: 1 to 2.3 % measured. A bound that holds without it
// does not hang on how the journal is compressed.
const margeBlocs = 0.03

// packing is the book as a packing problem: items are bulletins, then, where
// they travel on their own, pieces. Sizes are those of the format; what the
// journal weighs in a volume is estimated from its blocks and weighted.
type packing struct {
	pack.Instance
	bulletins int
	ref       []int32 // piece of the instance for each reference of the book, inseparable ones having one; -1 for none
}

// instance weights the journal, and takes slack off the limit.
func (pl *planner) instance(w weights, slack int64) (*packing, error) {
	l := pl.livre
	p := &packing{bulletins: l.entries.len()}
	p.Limit = pl.format.Room(pl.opts.Limit) - slack
	weighted := func(n int64, by float64) int64 { return int64(float64(n) * by) }
	head, first := &Volume{Runs: []Run{{0, 1}}}, &Volume{Runs: []Run{{0, 1}}, Repartition: true}
	for _, v := range []*Volume{head, first} {
		if err := pl.recette.volume(v); err != nil {
			return nil, err
		}
	}
	p.Fixed = weighted(pl.literals(head), w.litteral)
	p.First = max(0, weighted(pl.literals(first), w.litteral)-p.Fixed)
	pl.shared(p)
	alone := pl.alone()
	p.Private = make([]int64, 0, l.entries.len()+len(alone))
	p.Start = make([]int32, 1, l.entries.len()+len(alone)+1)
	p.Ref = make([]int32, 0, len(l.refs))
	var refs []int32
	for i := range l.entries.len() {
		refs = refs[:0]
		for _, r := range l.Refs(i) {
			if p.ref[r] >= 0 {
				refs = append(refs, p.ref[r])
			}
		}
		by := w.sans
		if len(l.Refs(i)) > 0 {
			by = w.avec
		}
		p.Add(weighted(pl.position(i+1)-pl.position(i), by), refs...)
	}
	for _, q := range alone {
		p.Add(pl.format.PieceCost(q))
	}
	return p, nil
}

// shared makes the pieces of the instance. Pieces that the very same bulletins
// reference are inseparable: wherever one is, all are, so that they are one
// piece, as large as they are together. Most are of one bulletin.
func (pl *planner) shared(p *packing) {
	p.ref = make([]int32, len(pl.pieces.ParRef))
	for i := range p.ref {
		p.ref[i] = -1
	}
	if pl.format.Partage() != ParVolume {
		return
	}
	class := pl.inseparable()
	number := make(map[int32]int32)
	for i, q := range pl.pieces.ParRef {
		if q == nil {
			continue
		}
		n, known := number[class[i]]
		if !known {
			n = int32(len(p.Piece))
			number[class[i]] = n
			p.Piece = append(p.Piece, 0)
		}
		p.ref[i] = n
		p.Piece[n] += pl.format.PieceCost(q)
	}
}

// inseparable tells the class of each reference: those of a class have the same
// bulletins. It begins with one class, and every bulletin splits those that it
// references in part: as many steps as there are references.
func (pl *planner) inseparable() []int32 {
	l := pl.livre
	class := make([]int32, len(pl.pieces.ParRef))
	size := []int32{int32(len(class))} // of each class
	seen := make([]int32, len(class))  // the last bulletin that references it, plus one
	count, into := []int32{0}, []int32{0}
	for i := range l.entries.len() {
		refs := l.Refs(i)
		for _, r := range refs {
			if seen[r] != int32(i+1) {
				seen[r] = int32(i + 1)
				count[class[r]]++
			}
		}
		for _, r := range refs {
			c := class[r]
			if seen[r] != int32(i+1) || count[c] == 0 {
				continue // it was moved already, or its class is whole
			}
			if count[c] == size[c] {
				count[c] = 0
				continue
			}
			if into[c] == 0 {
				into[c] = int32(len(size))
				size, count, into = append(size, 0), append(count, 0), append(into, 0)
			}
			seen[r] = -int32(i + 1)
			class[r] = into[c]
			size[into[c]]++
			size[c]--
			if count[c]--; count[c] == 0 {
				into[c] = 0
			}
		}
	}
	return class
}

// alone lists the pieces that travel once in the set, wherever there is room.
func (pl *planner) alone() []*Justificatif {
	if pl.format.Partage() == Jamais {
		return nil
	}
	list := pl.pieces.Generales
	if pl.format.Partage() == UneFois {
		list = list[:len(list):len(list)]
		for _, q := range pl.pieces.ParRef {
			if q != nil {
				list = append(list, q)
			}
		}
	}
	return list
}

// literals is the cost of what every volume repeats of the journal.
func (pl *planner) literals(v *Volume) int64 {
	var total int64
	for i := range v.chunks {
		if c := &v.chunks[i]; pl.recette.isLiteral(c) {
			total += pl.format.XHLCost(c.block)
		}
	}
	return total
}

// bound returns a number of volumes that no plan can beat: the bound of
// package pack over sizes that a better compression of the journal could
// reach: blocks joined, and Normal where the book is Auto. A plan of so many
// volumes, 0 for none, may be proved by its pieces alone, without a look at the
// journal.
func (pl *planner) bound(volumes int) (int, error) {
	if pl.borne > 0 {
		return pl.borne, nil
	}
	if volumes > 0 && len(pl.pieces.ParRef) > 0 {
		n, err := pl.boundOn(weights{})
		if err != nil {
			return 0, err
		}
		if n == volumes {
			pl.borne = n
			return n, nil
		}
	}
	normal, err := pl.livre.atNormal()
	if err != nil {
		return 0, err
	}
	least := (1 - margeBlocs) * normal.least
	pl.borne, err = pl.boundOn(weights{least, least, least})
	return pl.borne, err
}

// boundOn is the bound of package pack over the sizes that w gives.
func (pl *planner) boundOn(w weights) (int, error) {
	in, err := pl.instance(w, 0)
	if err != nil {
		return 0, err
	}
	if err := in.Validate(); err != nil {
		return 0, fmt.Errorf("bound the number of volumes: %w", err)
	}
	c := pack.Bound(&in.Instance)
	if err := c.Check(&in.Instance); err != nil {
		return 0, fmt.Errorf("bound the number of volumes: %w", err)
	}
	return c.Volumes, nil
}
