package pack

import (
	"math"
	"slices"
)

// fusible is the most items that fuse looks at, its work being quadratic.
const fusible = 256

// search takes one volume away from the best plan and looks for a way to hold its items in the others, again and again,
// until the bound is reached or the budget is spent. It reports whether it found a better plan.
func (s *solver) search() (found bool) {
	if s.best.Plan.Volumes == s.best.Bound.Volumes || s.stop(0) {
		return false
	}
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
	expand := func(at []int32, k int) bool {
		volume := make([]int32, s.in.Items())
		spread(volume, chunks, at)
		return s.offer(TierSearch, Plan{Volume: volume, Volumes: k})
	}
	if coarse.Items() <= fusible {
		// The search goes further from a plan of tight volumes, even if there are a few more of them.
		p, fits := fuse(coarse, users, s.best.Plan.Volumes+2)
		s.spent += int64(len(chunks)*len(chunks)) * int64(s.best.Plan.Volumes) / 4
		if fits {
			start = p.Volume
			found = expand(p.Volume, p.Volumes)
		}
	}
	left := int64(patient)
	for k := s.best.Plan.Volumes - 1; k >= s.best.Bound.Volumes && !s.stop(0); k-- {
		b := newBoard(coarse, users, k)
		b.assign(start)
		t := newTabu(b, s.o.Seed^uint64(k))
		stopped := t.run(left, s.stop)
		if t.over > 0 && !stopped {
			newEvolution(t, s.stop).run()
		}
		left = max(0, left-t.step)
		s.spent += t.work
		if t.over > 0 {
			break
		}
		start = slices.Clone(t.at)
		found = expand(start, k) || found
	}
	return found
}

// patient is how many steps of tabu the search takes, over all numbers of volumes, before it turns to evolution. Tabu by
// itself seldom finds after that what evolution does not find sooner. A payroll of thousands of sets of pieces spends the
// default budget before.
const patient = 3_000

// fuse builds a plan of items one by one: of all items and open volumes, the item goes first that shares most with what
// its volume holds, for what it adds; when none fits, the largest opens a volume. It tries no more than most volumes, and
// reports whether that was enough.
func fuse(in *Instance, users lists, most int) (Plan, bool) {
	b := newBoard(in, users, most)
	own := make([]int64, in.Items())
	for i := range own {
		own[i] = in.Own(i)
	}
	open := 1
	for range own {
		item, volume, least := -1, 0, int64(math.MaxInt64)
		for i, at := range b.at {
			if at != unplaced {
				continue
			}
			for v, e := range b.enters(i)[:open] {
				if e <= b.free[v] && 2*e-own[i] < least {
					item, volume, least = i, v, 2*e-own[i]
				}
			}
		}
		if item < 0 {
			if open == most {
				return Plan{}, false
			}
			for i, at := range b.at {
				if at == unplaced && (item < 0 || own[i] > own[item]) {
					item = i
				}
			}
			volume = open
			open++
		}
		b.put(item, volume)
	}
	return Plan{Volume: b.at, Volumes: open}, true
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
