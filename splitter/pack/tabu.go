package pack

import (
	"math"
	"math/bits"
)

// tabu looks for an assignment without overload on a board of a fixed number of volumes. A step moves the item of a random
// overloaded volume whose move leaves the least overload, then the fewest bytes in all, except back to a volume that it
// left a few steps ago; then it moves a random item of another volume where it costs no byte more, so that the rest of
// the board does not freeze.
type tabu struct {
	*board
	seed  uint64
	until []int64 // [item*k+volume] step before which the item may not enter the volume again
	room  []int64 // what may enter every volume without overload
	step  int64
	best  int64   // least overload seen
	kept  []int32 // assignment that had it, if not nil
	scale int64   // bytes of the plan that a byte of overload is worth
}

// Steps for which an item may not come back: tenure plus at most spreadTenure-1. Longer bans, or bans that grow with the
// number of items in overloaded volumes, find fewer plans.
const (
	tenure       = 2
	spreadTenure = 10
)

// searchable is the most (item, volume) pairs a board is set up for: 8 MiB of counters, about what a cache holds.
const searchable = 1 << 19

// unasked is the work between two questions whether to stop: some tens of microseconds, as the answer takes a fraction of one.
const unasked = 1 << 14

func newTabu(b *board, seed uint64) *tabu {
	t := &tabu{board: b, seed: seed, until: make([]int64, len(b.at)*b.k), room: make([]int64, b.k), best: b.over}
	// Costs are overload*scale + bytes in one integer: exactly lexicographic below 2 GiB a volume, weighted above.
	t.scale = int64(1) << max(0, 62-2*bits.Len64(uint64(b.in.Limit)+1))
	t.scale = min(t.scale, int64(1)<<bits.Len64(uint64(b.in.Limit)+1))
	return t
}

// run searches for a number of steps, or until the board has no overload or stop says so, which it reports.
func (t *tabu) run(steps int64, stop func(work int64) bool) (stopped bool) {
	asked := t.work - unasked
	for end := t.step + steps; t.over > 0 && t.step < end; {
		if t.work >= asked+unasked {
			if stop(t.work) {
				return true
			}
			asked = t.work
		}
		t.step++
		t.drift()
		if i, v := t.choose(); i >= 0 {
			t.shift(i, v)
			if t.over < t.best {
				t.best = t.over
				copy(t.kept, t.at)
			}
		}
	}
	return false
}

func (t *tabu) shift(i, v int) {
	from := int(t.at[i])
	t.move(i, v)
	t.until[i*t.k+from] = t.step + tenure + int64(t.draw(spreadTenure))
}

// choose returns the best admissible move out of a random overloaded volume, or item -1.
func (t *tabu) choose() (item, volume int) {
	from, overloaded := 0, uint64(0)
	for v, f := range t.free {
		if f < 0 {
			if overloaded++; t.draw(overloaded) == 0 {
				from = v
			}
		}
	}
	if t.inBits() {
		return t.bits.choose(t, from)
	}
	return t.chooseFrom(from)
}

// chooseFrom returns the best admissible move out of a volume, or item -1.
func (t *tabu) chooseFrom(from int) (item, volume int) {
	k := t.k
	room := t.room[:k]
	for v, f := range t.free {
		room[v] = max(f, 0)
	}
	item = -1
	best := int64(math.MaxInt64) // cost of the best move
	equal := uint64(1)
	for _, i := range t.member[from] {
		relief := min(-t.free[from], t.leave[i])
		saved := relief*t.scale + t.leave[i]
		row := t.enter[int(i)*k : int(i)*k+k]
		until := t.until[int(i)*k : int(i)*k+k]
		threshold := best
		if item >= 0 {
			threshold += saved
		}
		for w, e := range row {
			cost := max(0, e-room[w])*t.scale + e
			if cost > threshold || w == from || until[w] > t.step && t.over+max(0, e-room[w])-relief >= t.best {
				continue
			}
			if cost < threshold {
				equal = 1
			} else if equal++; t.draw(equal) > 0 {
				continue
			}
			threshold, best = cost, cost-saved
			item, volume = int(i), w
		}
	}
	t.work += int64(len(t.member[from]) * k)
	return item, volume
}

// drift moves a random item of a volume without overload to a volume with room for it where it adds the fewest bytes, if
// they are no more than it frees.
func (t *tabu) drift() {
	i := int(t.draw(uint64(len(t.at))))
	v := int(t.at[i])
	if t.free[v] < 0 {
		return
	}
	k := t.k
	least, w := t.leaves(i), -1
	equal := uint64(1)
	for u, e := range t.enters(i) {
		if e > least || e > t.free[u] || u == v || t.until[i*k+u] > t.step {
			continue
		}
		if e < least || w < 0 {
			equal = 1
		} else if equal++; t.draw(equal) > 0 {
			continue
		}
		least, w = e, u
	}
	t.work += int64(k)
	if w >= 0 {
		t.shift(i, w)
	}
}

// draw returns a pseudo-random number below n (wyrand).
func (t *tabu) draw(n uint64) uint64 {
	t.seed += 0xa0761d6478bd642f
	hi, lo := bits.Mul64(t.seed, t.seed^0xe7037ed1a0b428db)
	hi, _ = bits.Mul64(hi^lo, n)
	return hi
}
