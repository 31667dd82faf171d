package pack

import (
	"math/rand/v2"
	"testing"
)

// mostPairs is how many pairs there can be, by trying all.
func mostPairs(fits [][]bool, taken uint) int {
	first := 0
	for first < len(fits) && taken>>first&1 != 0 {
		first++
	}
	if first == len(fits) {
		return 0
	}
	most := mostPairs(fits, taken|1<<first)
	for b := first + 1; b < len(fits); b++ {
		if taken>>b&1 == 0 && fits[first][b] {
			most = max(most, 1+mostPairs(fits, taken|1<<first|1<<b))
		}
	}
	return most
}

func TestThereAreAsManyPairsAsCanBe(t *testing.T) {
	r := rand.New(rand.NewPCG(45, 95))
	for range 3000 {
		in := &Instance{Limit: 8, Piece: make([]int64, 14)}
		for j := range in.Piece {
			in.Piece[j] = 1
		}
		n := 1 + r.IntN(11)
		for range n {
			var refs []int32
			for j := range in.Piece {
				if r.IntN(3) == 0 && len(refs) < 7 {
					refs = append(refs, int32(j))
				}
			}
			in.Add(int64(r.IntN(2)), refs...)
		}
		if in.Validate() != nil {
			continue
		}
		fits := make([][]bool, n)
		for a := range fits {
			fits[a] = make([]bool, n)
			for b := range fits {
				fits[a][b] = volumeSizes(in, Plan{Volume: two(n, a, b), Volumes: 2})[1] <= in.Limit
			}
		}
		m := newMatching(n)
		m.near = fitting(in)
		m.grow()
		made := 0
		for a, b := range m.mate {
			if b < 0 {
				continue
			}
			if m.mate[b] != a || !fits[a][b] {
				t.Fatalf("%d goes with %d, which goes with %d", a, b, m.mate[b])
			}
			made++
		}
		if want := mostPairs(fits, 0); made != 2*want {
			t.Fatalf("%d items: %d of them in pairs, want %d", n, made, 2*want)
		}
	}
}

// two puts a and b into volume 1, and all others into volume 0.
func two(n, a, b int) []int32 {
	v := make([]int32, n)
	v[a], v[b] = 1, 1
	return v
}

// Items that fit by two only, and one volume less than a search by small changes
// is given to hold them.
func TestRematchFindsThePlanOfPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(95, 48))
	for range 200 {
		in := &Instance{Limit: 10}
		n := 2 * (2 + r.IntN(12))
		for i := range n / 2 {
			in.Add(int64(5 + i%2))
			in.Add(int64(5 - i%2))
		}
		b := newBoard(in, usersOf(in), n/2)
		e := newEvolution(newTabu(b, r.Uint64()), func(int64) bool { return false })
		e.scatter()
		if e.fits == nil {
			t.Fatal("it does not look for pairs")
		}
		if e.over > 0 && (!e.rematch() || e.over != 0) {
			t.Fatalf("%d items: overloaded by %d", n, e.over)
		}
	}
}
