package pack

import (
	"cmp"
	"slices"
)

// share builds plans that look at shared pieces: items with pieces are chunked by set of pieces and go where their pieces
// already are, single moves and emptied (piece, volume) pairs lower the copies, then sand fills what room is left.
func (s *solver) share() {
	in, wishes := s.in, s.in.Piece
	grains := []int64{in.Room() / 64, in.Room() / 1024}
	keep := func(i int) bool { return len(in.Refs(i)) > 0 }
	if s.o.Class != nil {
		in, wishes = classed(in, s.o.Class, s.best.Plan.Volumes)
		grains = []int64{in.Room() / 256, in.Room() / 4096}
	}
	for _, grain := range grains {
		coarse, chunks := chunked(in, grain, keep)
		b := builder{solver: s, in: in, coarse: coarse, chunks: chunks, users: usersOf(coarse), wishes: wishes}
		b.orders = [][]int32{
			bySize(len(chunks), func(int) int64 { return 0 }), // the order of the book
			bySize(len(chunks), coarse.Own),
			byPieces(coarse),
			bySize(len(chunks), func(c int) int64 { return -coarse.Private[c] }), // rare sets first: they gather pieces in one volume
		}
		b.descend()
		if s.best.Plan.Volumes == s.best.Bound.Volumes || coarse.Items() == in.Items() || s.stop(0) {
			return
		}
	}
}

// descend builds plans of fewer and fewer volumes, then lowers the copies of the last one further.
func (b *builder) descend() {
	b.narrow()
	for _, order := range b.orders {
		if b.stop(0) {
			return
		}
		if shelf := b.fill(b.best.Plan.Volumes, order); shelf != nil {
			b.lower(shelf)
			b.finish(shelf)
		}
	}
}

// narrow looks for the fewest volumes that build reaches, from the bound upwards in growing steps, then between the last
// number that failed and the first that did not.
func (b *builder) narrow() {
	failed, step := b.best.Bound.Volumes-1, 1
	for failed+step < b.best.Plan.Volumes && !b.stop(0) {
		if b.build(failed + step) {
			break
		}
		failed += step
		step *= 2
	}
	for failed+1 < b.best.Plan.Volumes && !b.stop(0) {
		if k := failed + (b.best.Plan.Volumes-failed)/2; !b.build(k) {
			failed = k
		}
	}
}

// classed returns the instance in which an item references its class too, as a piece without bytes that it costs more to
// copy than all others together.
func classed(in *Instance, class []int32, k int) (*Instance, []int64) {
	number := make(map[int32]int32)
	for _, c := range class {
		if _, known := number[c]; !known {
			number[c] = int32(len(in.Piece) + len(number))
		}
	}
	var bytes int64
	used := make([]bool, len(in.Piece))
	for _, j := range in.Ref {
		if !used[j] {
			used[j] = true
			bytes += in.Piece[j]
		}
	}
	heavy := int64(k)*min(bytes, maxTotal/int64(k)) + 1
	heavy = min(heavy, maxTotal/int64(k*len(number)+1))
	out := &Instance{Limit: in.Limit, Fixed: in.Fixed, First: in.First, Private: in.Private}
	out.Piece = append(slices.Clone(in.Piece), make([]int64, len(number))...)
	wishes := slices.Clone(out.Piece)
	for _, j := range number {
		wishes[j] = heavy
	}
	out.Start = make([]int32, 1, in.Items()+1)
	for i, c := range class {
		out.Ref = append(append(out.Ref, in.Refs(i)...), number[c])
		out.Start = append(out.Start, int32(len(out.Ref)))
	}
	return out, wishes
}

type builder struct {
	*solver
	in, coarse *Instance
	chunks     []chunk
	users      lists
	wishes     []int64
	orders     [][]int32
}

// build reports whether it found a plan of k volumes: the first order that gives one is enough, else the order that makes
// the fewest copies is worth lowering them.
func (b *builder) build(k int) bool {
	var least *shelf
	for _, order := range b.orders {
		shelf := b.fill(k, order)
		if shelf == nil {
			continue
		}
		if b.finish(shelf) {
			return true
		}
		if least == nil || shelf.cost < least.cost {
			least = shelf
		}
	}
	if least == nil || b.stop(0) || b.shortage(least) > least.cost/reducible {
		return false
	}
	b.lower(least)
	return b.finish(least)
}

// reducible is the part of the copies on a shelf that lowering may remove: one in four has been seen, hardly more.
const reducible = 4

// shortage returns how many bytes of sand have no room.
func (b *builder) shortage(shelf *shelf) int64 {
	var bytes int64
	for _, p := range b.in.Private {
		bytes += p
	}
	for _, p := range b.coarse.Private {
		bytes -= p
	}
	for _, f := range shelf.free {
		bytes -= f
	}
	return bytes
}

// shelvable is the most (piece, volume) pairs a shelf is set up for: 64 MiB of counters.
const shelvable = 1 << 24

// fill returns a shelf of k volumes that holds every chunk, or nil.
func (b *builder) fill(k int, order []int32) *shelf {
	if len(b.coarse.Piece) > shelvable/k {
		return nil
	}
	shelf := newShelf(b.coarse, b.users, b.wishes, k)
	held := shelf.fill(order)
	b.spent += shelf.work
	shelf.work = 0
	if !held {
		return nil
	}
	return shelf
}

// lower removes copies of pieces as far as it can.
func (b *builder) lower(shelf *shelf) {
	shelf.refine(b.stop)
	for !b.stop(shelf.work) && shelf.squeeze(b.stop) {
		shelf.refine(b.stop)
	}
	b.spent += shelf.work
	shelf.work = 0
}

// finish pours the sand and offers the plan, and reports whether there was room for it.
func (b *builder) finish(shelf *shelf) bool {
	volume := make([]int32, b.in.Items())
	for i := range volume {
		volume[i] = unplaced
	}
	spread(volume, b.chunks, shelf.at)
	if !pour(b.in, volume, shelf.free) {
		return false
	}
	b.offer(TierShare, Plan{Volume: volume, Volumes: shelf.k})
	return true
}

// polish lowers the class cuts and the copies of the best plan by moving single items, at the same number of volumes.
func (s *solver) polish() {
	in, wishes := s.in, s.in.Piece
	if s.o.Class != nil {
		in, wishes = classed(in, s.o.Class, s.best.Plan.Volumes)
	}
	if len(in.Piece) > shelvable/s.best.Plan.Volumes {
		return
	}
	shelf := newShelf(in, usersOf(in), wishes, s.best.Plan.Volumes)
	for i, v := range s.best.Plan.Volume {
		shelf.put(i, int(v))
	}
	b := builder{solver: s}
	b.lower(shelf)
	s.offer(s.best.Tier, Plan{Volume: shelf.at, Volumes: shelf.k})
}

// byPieces orders chunks so that those with the same heaviest pieces follow one another, pieces that cost most in all first.
func byPieces(in *Instance) []int32 {
	weight := make([]int64, len(in.Piece))
	for _, j := range in.Ref {
		weight[j] += in.Piece[j]
	}
	rank := make([]int32, len(in.Piece))
	for r, j := range bySize(len(in.Piece), func(j int) int64 { return weight[j] }) {
		rank[j] = int32(r)
	}
	ranks := make([][]int32, in.Items())
	for c := range ranks {
		for _, j := range in.Refs(c) {
			ranks[c] = append(ranks[c], rank[j])
		}
		slices.Sort(ranks[c])
	}
	order := bySize(in.Items(), func(int) int64 { return 0 })
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(slices.Compare(ranks[a], ranks[b]), cmp.Compare(a, b)) })
	return order
}
