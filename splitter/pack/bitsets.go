package pack

import (
	"math"
	"math/bits"
	"runtime"
)

// bitsets are the counters of a board for small instances that have pieces of one byte and nothing else, as the published
// benchmark of pagination: an item and a volume are sets of bits, and what an item would add is counted when asked. That
// is less work than to keep a table of it up to date, of which a step of the search reads one line in ten.
type bitsets struct {
	item  []bitset  // pieces of every item
	page  []bitpage // of every volume
	twice []bitset  // pieces of every volume that more than one of its items holds
	gains []int64   // of the item last asked for
	all   []bitset  // of every volume, for remains
}

// hasBitsets is false in the page, which plans payrolls only and has to be small;
// so is what else only the benchmark's instances gain by.
const hasBitsets = runtime.GOARCH != "wasm"

type bitset struct{ low, high uint64 }

var allBits = bitset{math.MaxUint64, math.MaxUint64}

func (s bitset) and(o bitset) bitset { return bitset{s.low & o.low, s.high & o.high} }
func (s bitset) or(o bitset) bitset  { return bitset{s.low | o.low, s.high | o.high} }
func (s bitset) not() bitset         { return bitset{^s.low, ^s.high} }

// count returns how many pieces a set has.
func (s bitset) count() int64 { return int64(bits.OnesCount64(s.low) + bits.OnesCount64(s.high)) }

// bitpage is what an item meets that enters a volume.
type bitpage struct {
	lack bitset // pieces that no item of the volume holds
	room int64  // for pieces, 0 if the volume is overloaded
	tie  int64  // breaks ties with the other volumes: a byte drawn for the step, then the volume
}

// countable says whether an instance is one that bitsets count.
func countable(in *Instance) bool {
	if !hasBitsets || in.Items() > fusible || len(in.Piece) > 128 {
		return false
	}
	for _, size := range in.Piece {
		if size != 1 {
			return false
		}
	}
	for _, size := range in.Private {
		if size != 0 {
			return false
		}
	}
	return true
}

// newBitsets returns the counters of a board that holds no item.
func newBitsets(b *board) *bitsets {
	s := &bitsets{
		item: make([]bitset, len(b.at)), page: make([]bitpage, b.k), twice: make([]bitset, b.k), gains: make([]int64, b.k), all: make([]bitset, b.k),
	}
	for i := range s.item {
		for _, j := range b.in.Refs(i) {
			s.item[i] = s.item[i].or(bitset{1 << uint32(j), 1 << uint32(j-64)})
		}
	}
	for v := range s.page {
		s.page[v].tie = int64(v)
		s.recount(b, v)
	}
	return s
}

func (s *bitsets) enters(i int) []int64 {
	pieces := s.item[i]
	for v := range s.page {
		s.gains[v] = pieces.and(s.page[v].lack).count()
	}
	return s.gains
}

func (s *bitsets) leaves(i, v int) int64 { return s.item[i].and(s.twice[v].not()).count() }

// remains counts, of the volumes of an assignment, the pieces of the items that are not placed on the board: of
// each item apart, and of all together. It returns its work.
func (s *bitsets) remains(b *board, parent []int32, apart, size []int64) (work int64) {
	clear(s.all)
	for i, u := range parent {
		if b.at[i] == unplaced {
			apart[u] += s.item[i].count()
			s.all[u] = s.all[u].or(s.item[i])
		}
	}
	for u, set := range s.all {
		size[u] = set.count()
	}
	return int64(len(parent)+len(size)) / 2
}

// recount brings up to date what is known of a volume whose items have changed. There are few of them.
func (s *bitsets) recount(b *board, v int) {
	var once, twice bitset
	for _, i := range b.member[v] {
		twice = twice.or(once.and(s.item[i]))
		once = once.or(s.item[i])
	}
	s.twice[v] = twice
	s.page[v].lack = once.not()
	s.page[v].room = max(0, b.free[v])
}

// Moves are compared in one integer: overload, then bytes, then a random byte, then the volume in 16 bits.
const (
	volumeMask = 1<<16 - 1
	randomAt   = 16
	bytesAt    = 24
	overloadAt = 32
	nowhere    = math.MaxInt64 / 2
)

// choose returns the best admissible move out of a volume, or item -1.
func (s *bitsets) choose(t *tabu, from int) (item, volume int) {
	random := t.draw(math.MaxUint64)
	stride := random>>32 | 1
	for v := range s.page {
		s.page[v].tie = int64(random&0xff)<<randomAt | int64(v)
		random += stride
	}
	here, over := s.page[from], -t.free[from]
	sole := s.twice[from].not()
	s.page[from] = bitpage{allBits, -1 << 16, int64(from)} // the worst entry
	item = -1
	best := int64(nowhere)
	random = t.draw(math.MaxUint64)
	for _, i := range t.member[from] {
		pieces := s.item[i]
		leave := pieces.and(sole).count()
		relief := min(over, leave)
		until := t.until[int(i)*t.k:][:t.k]
		cost := leastEntry(s.page, pieces)
		if until[cost&volumeMask] > t.step && t.over+cost>>overloadAt-relief >= t.best {
			cost = nowhere // the best entry is not admitted: look at all
			for w, p := range s.page {
				e := pieces.and(p.lack).count()
				excess := max(0, e-p.room)
				if until[w] <= t.step || t.over+excess-relief < t.best {
					cost = min(cost, excess<<overloadAt+e<<bytesAt+p.tie)
				}
			}
		}
		random = bits.RotateLeft64(random, 8) // ties between items
		cost ^= int64(random&0xff) << randomAt
		if cost -= relief<<overloadAt + leave<<bytesAt; cost < best && cost&volumeMask != int64(from) {
			best, item = cost, int(i)
		}
	}
	s.page[from] = here
	t.work += int64((t.k+3)*len(t.member[from]) + t.k + 45) // in the time of a count, measured
	return item, int(best & volumeMask)
}

// leastEntry returns the cost of the best entry of a set of pieces. It is a function by itself, without
// branches, because a step of the search spends half of its time here.
//
//go:noinline
func leastEntry(pages []bitpage, pieces bitset) int64 {
	least := int64(math.MaxInt64)
	for v := range pages {
		p := &pages[v]
		e := pieces.and(p.lack).count()
		least = min(least, (max(0, e-p.room)<<(overloadAt-bytesAt)+e)<<bytesAt+p.tie)
	}
	return least
}
