package pack

import (
	"context"
	"math/rand/v2"
	"testing"
)

// largeInstance is a book of light bulletins, one in thirty with a document of its own and one in six with shared pieces.
func largeInstance(items int) *Instance {
	r := rand.New(rand.NewPCG(12, 12))
	in := &Instance{Limit: 80_000_000, Fixed: 40_000, First: 60_000, Piece: make([]int64, 300)}
	for j := range in.Piece {
		in.Piece[j] = 80_000 + r.Int64N(700_000)
	}
	for i := range items {
		private := 1_000 + r.Int64N(1_000)
		if r.IntN(30) == 0 {
			private += 80_000 + r.Int64N(700_000)
		}
		var refs []int32
		if r.IntN(6) == 0 {
			refs = append(refs, int32(i*300/items), r.Int32N(300))
		}
		in.Add(private, refs...)
	}
	return in
}

func BenchmarkNextFit(b *testing.B) {
	in := largeInstance(60_000)
	for b.Loop() {
		NextFit(in)
	}
}

func BenchmarkBound(b *testing.B) {
	in := largeInstance(60_000)
	for b.Loop() {
		Bound(in)
	}
}

func BenchmarkSolve(b *testing.B) {
	in := largeInstance(60_000)
	for b.Loop() {
		if _, err := Solve(context.Background(), in, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearchStep(b *testing.B) {
	r := rand.New(rand.NewPCG(13, 13))
	in := &Instance{Limit: 40, Piece: make([]int64, 100)}
	for j := range in.Piece {
		in.Piece[j] = 1
	}
	for range 80 {
		var refs []int32
		for range 8 {
			refs = append(refs, r.Int32N(100))
		}
		in.Add(0, refs...)
	}
	for _, impl := range []string{"bits", "table"} {
		b.Run("impl="+impl, func(b *testing.B) {
			board := newBoard(in, usersOf(in), 8) // a few too few
			if impl == "table" {
				board.bits = nil
				board.count()
			}
			board.assign(nil)
			t := newTabu(board, 1)
			b.ResetTimer()
			t.run(int64(b.N), func(int64) bool { return false })
		})
	}
}
