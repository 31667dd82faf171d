package pack

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// planted draws an instance of n items that fill k volumes to the last byte, and the assignment that does.
func planted(r *rand.Rand, k, n int) (*Instance, []int32) {
	const perVolume, shared = 12, 30
	in := &Instance{Limit: perVolume}
	for range shared {
		in.Piece = append(in.Piece, 1)
	}
	var at []int32
	for v := range k {
		held := r.Perm(shared)[:perVolume]
		for i := range n / k {
			var refs []int32
			for _, j := range held {
				if r.IntN(2) == 0 || i*2 == j%(n/k) {
					refs = append(refs, int32(j))
				}
			}
			in.Add(0, refs...)
			at = append(at, int32(v))
		}
	}
	return in, at
}

func evolutionOf(in *Instance, k int, seed uint64, stop func(int64) bool) *evolution {
	b := newBoard(in, usersOf(in), k)
	b.assign(nil)
	return newEvolution(newTabu(b, seed), stop)
}

func TestEvolutionFindsAPlanThatWasPlanted(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 21))
	for range 5 {
		in, _ := planted(r, 5, 40)
		e := evolutionOf(in, 5, r.Uint64(), func(work int64) bool { return work > 100_000_000 })
		if !e.run() {
			t.Fatalf("overload %d after %d steps, a plan without exists", e.over, e.step)
		}
		compareBoard(t, e.board)
	}
}

func TestChildOfTwinsIsTheirLike(t *testing.T) {
	r := rand.New(rand.NewPCG(22, 22))
	for range 50 {
		in, at := planted(r, 4, 24)
		e := evolutionOf(in, 4, r.Uint64(), nil)
		e.cross(at, at)
		compareBoard(t, e.board)
		if e.over != 0 || !alike(at, e.at, 4) {
			t.Fatalf("child %v of %v, overload %d", e.at, at, e.over)
		}
	}
}

func TestChildHoldsEveryItem(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 23))
	for range 300 {
		in := randomInstance(r, 20)
		k := 1 + r.IntN(4)
		parents := [2][]int32{}
		for p := range parents {
			for range in.Items() {
				parents[p] = append(parents[p], r.Int32N(int32(k)))
			}
		}
		e := evolutionOf(in, k, r.Uint64(), nil)
		e.cross(parents[0], parents[1])
		if slices.Contains(e.at, unplaced) {
			t.Fatalf("%+v\nchild %v", in, e.at)
		}
		compareBoard(t, e.board)
	}
}

func TestAssignmentsAreAlikeUpToTheNamesOfVolumes(t *testing.T) {
	a := []int32{0, 0, 1, 2, 1}
	for _, c := range []struct {
		b    []int32
		want bool
	}{
		{[]int32{0, 0, 1, 2, 1}, true},
		{[]int32{2, 2, 0, 1, 0}, true},
		{[]int32{0, 0, 1, 1, 1}, false}, // two volumes in one
		{[]int32{0, 1, 2, 3, 2}, false}, // one volume in two
		{[]int32{0, 0, 1, 2, 2}, false},
	} {
		if got := alike(a, c.b, 4); got != c.want {
			t.Errorf("%v and %v alike: %v, want %v", a, c.b, got, c.want)
		}
	}
}
