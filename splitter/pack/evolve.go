package pack

import (
	"math"
	"slices"
)

// evolution looks for an assignment without overload by crossing assignments that tabu has improved, and improving what
// comes out: where tabu by itself goes round in one valley, crossing keeps the volumes that are well filled in either
// parent. It is the memetic search with a population of two of Moalic and Gondran, "Variations on memetic algorithms for
// graph coloring problems", Journal of Heuristics 24 (2018), with the greedy partition crossover of Galinier and Hao (1999):
// volumes are their colours, overload their conflicts.
type evolution struct {
	*tabu
	stop func(work int64) bool

	// What the volumes of a parent hold of the items that the child has not inherited yet.
	apart  []int64 // [volume] bytes of the items, each with all its pieces
	size   []int64 // [volume] bytes of the items together
	seen   []int32 // [volume*pieces+piece] last turn that met the piece there
	turn   int32
	orphan []int32 // items that no inherited volume holds

	fits [][]int // what fits with every item, where volumes hold little more than two; see rematch
}

const (
	maturity = 600 // steps of tabu for a child: many children of little schooling find more than fewer of more
	cycle    = 10  // generations after which the best assignment of the cycle before comes back
)

// an individual is an assignment and its overload.
type individual struct {
	at   []int32
	over int64
}

func newEvolution(t *tabu, stop func(work int64) bool) *evolution {
	e := &evolution{
		tabu: t, stop: stop,
		apart: make([]int64, t.k), size: make([]int64, t.k), seen: make([]int32, t.k*t.pieces),
	}
	if n := len(t.at); hasBitsets && n <= fusible && 2*n <= 5*t.k && t.in.First == 0 {
		e.fits = fitting(t.in)
	}
	return e
}

// run searches until the board has no overload, which it reports, or until stop says so. It starts from the assignment on
// the board.
func (e *evolution) run() bool {
	first, ended := e.mature()
	for !ended {
		var second individual
		e.scatter()
		if second, ended = e.mature(); ended {
			break
		}
		if ended = e.breed(first, second); ended {
			break
		}
		e.scatter()
		first, ended = e.mature()
	}
	return e.over == 0
}

// breed crosses two parents both ways and puts the children in their place, until both are the same assignment or the
// search has ended, which it reports. So that this takes longer, the best of a cycle of generations comes back when the
// next cycle is over.
func (e *evolution) breed(a, b individual) (ended bool) {
	elder, elite := a, individual{over: math.MaxInt64}
	for generation := 1; !alike(a.at, b.at, e.k); generation++ {
		e.cross(a.at, b.at)
		c, ended := e.mature()
		if ended {
			return true
		}
		e.cross(b.at, a.at)
		d, ended := e.mature()
		if ended {
			return true
		}
		a, b = c, d
		for _, child := range []individual{c, d} {
			if child.over <= elite.over {
				elite = child
			}
		}
		if generation%cycle == 0 {
			a, elder, elite = elder, elite, individual{over: math.MaxInt64}
		}
	}
	return false
}

// mature improves what is on the board for some steps, returns the best assignment met, and reports whether the search has
// ended.
func (e *evolution) mature() (individual, bool) {
	clear(e.until)
	e.best, e.kept = e.over, slices.Clone(e.at)
	stopped := e.tabu.run(maturity, e.stop)
	if hasBitsets && e.over > 0 && e.fits != nil && e.rematch() {
		stopped = true
	}
	return individual{e.kept, e.best}, stopped || e.over == 0
}

// cross puts a child of two assignments on the board: in turns, every parent gives the volume that saves most of what the
// child still lacks. Items that nothing inherited holds go where they add the least, in random order.
func (e *evolution) cross(a, b []int32) {
	e.vacate()
	for v := e.k - 1; v >= 0; v-- { // volume 0, which has less room, inherits last
		e.inherit(a, v)
		a, b = b, a
	}
	e.settle()
}

// inherit gives volume v the volume of a parent whose items not placed yet are the largest apart for their size together;
// of those of an overloaded volume, only as many as fit.
func (e *evolution) inherit(parent []int32, v int) {
	clear(e.apart)
	if e.inBits() {
		e.work += e.bits.remains(e.board, parent, e.apart, e.size)
	} else {
		e.remains(parent)
	}
	heir, most, equal := int32(0), int64(math.MinInt64), uint64(1)
	for u, size := range e.size {
		worth := e.apart[u] - size
		if worth < most {
			continue
		}
		if worth > most {
			equal = 1
		} else if equal++; e.draw(equal) > 0 {
			continue
		}
		heir, most = int32(u), worth
	}
	for i, u := range parent {
		if u == heir && e.at[i] == unplaced {
			e.put(i, v)
		}
	}
	for e.free[v] < 0 && len(e.member[v]) > 0 {
		out := e.member[v][0]
		for _, i := range e.member[v] {
			if e.leaves(int(i)) > e.leaves(int(out)) {
				out = i
			}
		}
		e.take(int(out))
	}
}

// remains counts apart and size of the volumes of a parent.
func (e *evolution) remains(parent []int32) {
	e.turn++
	clear(e.size)
	for i, u := range parent {
		if e.at[i] != unplaced {
			continue
		}
		e.apart[u] += e.in.Private[i]
		e.size[u] += e.in.Private[i]
		seen := e.seen[int(u)*e.pieces : (int(u)+1)*e.pieces]
		for _, j := range e.in.Refs(i) {
			e.apart[u] += e.in.Piece[j]
			if seen[j] != e.turn {
				seen[j] = e.turn
				e.size[u] += e.in.Piece[j]
			}
		}
		e.work += int64(1 + len(e.in.Refs(i)))
	}
}

// scatter puts on the board an assignment made in random order.
func (e *evolution) scatter() {
	e.vacate()
	e.settle()
}

// vacate takes all items off the board.
func (e *evolution) vacate() {
	for i, v := range e.at {
		if v != unplaced {
			e.take(i)
		}
	}
}

// settle puts every item without a volume where it adds the least overload, then the fewest bytes, in random order.
func (e *evolution) settle() {
	e.orphan = e.orphan[:0]
	for i, v := range e.at {
		if v == unplaced {
			e.orphan = append(e.orphan, int32(i))
		}
	}
	for left := e.orphan; len(left) > 0; left = left[:len(left)-1] {
		n := int(e.draw(uint64(len(left))))
		i := left[n]
		left[n] = left[len(left)-1]
		e.put(int(i), e.bestEntry(int(i)))
	}
}

// alike says whether two assignments to k volumes differ by the names of volumes only.
func alike(a, b []int32, k int) bool {
	name := make([]int32, k) // in b of every volume of a
	for v := range name {
		name[v] = unplaced
	}
	for i, v := range a {
		if name[v] == unplaced {
			name[v] = b[i]
		} else if name[v] != b[i] {
			return false
		}
	}
	slices.Sort(name)
	for v := 1; v < k; v++ {
		if name[v] == name[v-1] && name[v] != unplaced {
			return false
		}
	}
	return true
}
