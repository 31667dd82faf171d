package pack

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// pages draws a small instance of the published problem: pieces of one byte, and nothing else.
func pages(r *rand.Rand) *Instance {
	in := &Instance{Limit: 10 + r.Int64N(20), First: r.Int64N(2), Piece: make([]int64, 20+r.IntN(109))}
	for j := range in.Piece {
		in.Piece[j] = 1
	}
	for range 1 + r.IntN(40) {
		var refs []int32
		for range 1 + r.IntN(10) {
			refs = append(refs, int32(r.IntN(len(in.Piece))))
		}
		in.Add(0, refs...)
	}
	return in
}

func TestSetsOfBitsCountWhatATableCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(24, 24))
	for range 30 {
		in := pages(r)
		k := 1 + r.IntN(8)
		b := newBoard(in, usersOf(in), k)
		if !b.inBits() {
			t.Fatalf("%+v: not counted by bits", in)
		}
		b.assign(nil)
		compareBoard(t, b)
		for range 10 {
			b.move(r.IntN(in.Items()), r.IntN(k))
			compareBoard(t, b)
		}
	}
}

// The plain choice draws lots in another way: both must find moves that cost the same, at every step of a search.
func TestSetsOfBitsChooseAsWellAsATable(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 25))
	moves := 0
	for range 100 {
		in := pages(r)
		k := 1 + r.IntN(8)
		s := newTabu(newBoard(in, usersOf(in), k), r.Uint64())
		plain := newTabu(newBoard(in, usersOf(in), k), r.Uint64())
		plain.bits = nil
		plain.count()
		s.assign(nil)
		plain.assign(nil)
		s.best = s.over
		for range 100 {
			if s.over == 0 {
				break
			}
			s.run(1, func(int64) bool { return false })
			for i, v := range s.at {
				if plain.at[i] != v {
					plain.move(i, int(v))
				}
			}
			plain.until, plain.step, plain.best = s.until, s.step, s.best
			for from := range k {
				if s.free[from] >= 0 {
					continue
				}
				i, v := s.bits.choose(s, from)
				j, w := plain.chooseFrom(from)
				if (i < 0) != (j < 0) {
					t.Fatalf("%+v: item %d, the plain choice is %d", in, i, j)
				}
				if i < 0 {
					continue
				}
				moves++
				if got, want := costOf(plain, i, v), costOf(plain, j, w); got != want {
					t.Fatalf("%+v: item %d to volume %d costs %v, the plain choice %d to %d costs %v", in, i, v, got, j, w, want)
				}
				if s.until[i*k+v] > s.step && s.over+costOf(plain, i, v)[0] >= s.best {
					t.Fatalf("%+v: item %d may not enter volume %d", in, i, v)
				}
			}
		}
	}
	if moves < 1000 {
		t.Errorf("only %d moves compared", moves)
	}
}

// costOf returns the overload and the bytes that a move out of an overloaded volume adds to a plan.
func costOf(s *tabu, i, v int) [2]int64 {
	relief := min(-s.free[s.at[i]], s.leaves(i))
	enter := s.enters(i)[v]
	return [2]int64{max(0, enter-max(0, s.free[v])) - relief, enter - s.leaves(i)}
}

func TestSetsOfBitsCountWhatAParentHasLeft(t *testing.T) {
	r := rand.New(rand.NewPCG(26, 26))
	for range 50 {
		in := pages(r)
		k := 1 + r.IntN(8)
		e := newEvolution(newTabu(newBoard(in, usersOf(in), k), r.Uint64()), nil)
		parent := make([]int32, in.Items())
		for i := range parent {
			parent[i] = int32(r.IntN(k))
			if r.IntN(2) == 0 {
				e.put(i, r.IntN(k))
			}
		}
		apart, size := make([]int64, k), make([]int64, k)
		e.bits.remains(e.board, parent, apart, size)
		e.remains(parent)
		if !slices.Equal(apart, e.apart) || !slices.Equal(size, e.size) {
			t.Fatalf("%v and %v, want %v and %v", apart, size, e.apart, e.size)
		}
	}
}
