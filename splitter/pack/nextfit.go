package pack

// Filler fills volumes one after the other, in the order in which items come, closing a volume just before an item would
// make it exceed the limit. It is the streaming form of NextFit: it needs to know only the items seen so far, and Piece
// may grow between two calls.
type Filler struct {
	Limit, Fixed, First int64

	volume  int32
	size    int64
	carried []int32 // last volume that carries the piece, plus one
	started bool
}

// Place returns the volume of the next item. piece holds the sizes that refs index.
func (f *Filler) Place(private int64, refs []int32, piece []int64) int32 {
	if !f.started {
		f.started, f.size = true, f.Fixed+f.First
	}
	for len(f.carried) < len(piece) {
		f.carried = append(f.carried, 0)
	}
	own, added := private, private
	for _, j := range refs {
		own += piece[j]
		if f.carried[j] != f.volume+1 {
			added += piece[j]
		}
	}
	if f.size+added > f.Limit {
		f.volume++
		f.size, added = f.Fixed, own
	}
	f.size += added
	for _, j := range refs {
		f.carried[j] = f.volume + 1
	}
	return f.volume
}

// NextFit keeps the order of the book: every volume is a run of consecutive items. No contiguous plan has fewer volumes,
// because a part of a run that fits also fits: by induction, no contiguous plan has gone further in the book after v volumes.
func NextFit(in *Instance) Plan {
	f := Filler{Limit: in.Limit, Fixed: in.Fixed, First: in.First}
	p := Plan{Volume: make([]int32, in.Items()), Volumes: 1}
	for i := range p.Volume {
		p.Volume[i] = f.Place(in.Private[i], in.Refs(i), in.Piece)
	}
	if n := in.Items(); n > 0 {
		p.Volumes = int(p.Volume[n-1]) + 1
	}
	return p
}
