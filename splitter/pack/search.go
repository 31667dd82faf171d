package pack

import "slices"

// search takes one volume away from the best plan and looks for a way to hold its items in the others, again and again,
// until the bound is reached or the budget is spent. It reports whether it found a better plan.
func (s *solver) search() (found bool) {
	var coarse *Instance
	var chunks []chunk
	for grain := int64(0); ; grain = max(2*grain, s.in.Room()/256) {
		if grain > s.in.Room()/8 {
			return false // too many sets of pieces for a board
		}
		coarse, chunks = s.board(grain)
		if coarse.Items() <= searchable/s.best.Plan.Volumes && len(coarse.Piece) <= searchable/s.best.Plan.Volumes {
			break
		}
	}
	users := usersOf(coarse)
	start := make([]int32, len(chunks))
	for c, members := range chunks {
		start[c] = s.best.Plan.Volume[members[0]]
	}
	for k := s.best.Plan.Volumes - 1; k >= s.best.Bound.Volumes && !s.stop(0); k-- {
		b := newBoard(coarse, users, k)
		b.assign(start)
		t := newTabu(b, s.o.Seed^uint64(k))
		done := t.run(s.stop)
		s.spent += t.work
		if !done {
			break
		}
		start = slices.Clone(t.at)
		volume := make([]int32, s.in.Items())
		spread(volume, chunks, start)
		found = s.offer(TierSearch, Plan{Volume: volume, Volumes: k}) || found
	}
	return found
}

// board returns the instance that the search works on: items themselves for grain 0, else chunks.
func (s *solver) board(grain int64) (*Instance, []chunk) {
	if grain > 0 {
		return chunked(s.in, grain, func(int) bool { return true })
	}
	chunks := make([]chunk, s.in.Items())
	for i := range chunks {
		chunks[i] = chunk{int32(i)}
	}
	return s.in, chunks
}
