package pack

import (
	"math/rand/v2"
	"testing"
)

func TestBoardCountersEqualThoseOfAPlainRecount(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for range 300 {
		in := randomInstance(r, 12)
		if in.Items() == 0 {
			continue
		}
		k := 1 + r.IntN(4)
		b := newBoard(in, usersOf(in), k)
		b.assign(nil)
		for range 20 {
			b.move(r.IntN(in.Items()), r.IntN(k))
			compareBoard(t, b)
		}
	}
}

// bytesOf returns the size of a set of items, in the plainest way.
func bytesOf(in *Instance, items ...int) int64 {
	var sum int64
	pieces := map[int32]bool{}
	for _, i := range items {
		sum += in.Private[i]
		for _, j := range in.Refs(i) {
			pieces[j] = true
		}
	}
	for j := range pieces {
		sum += in.Piece[j]
	}
	return sum
}

func compareBoard(t *testing.T, b *board) {
	t.Helper()
	var over int64
	for v := range b.k {
		var items []int
		for i, at := range b.at {
			if int(at) == v {
				items = append(items, i)
			}
		}
		size := bytesOf(b.in, items...)
		room := b.in.Room()
		if v == 0 {
			room -= b.in.First
		}
		if b.free[v] != room-size {
			t.Fatalf("volume %d: free %d, recounted %d", v, b.free[v], room-size)
		}
		over += max(0, size-room)
		for i := range b.at {
			if int(b.at[i]) == v {
				var others []int
				for _, o := range items {
					if o != i {
						others = append(others, o)
					}
				}
				if want := size - bytesOf(b.in, others...); b.leaves(i) != want {
					t.Fatalf("item %d: leaves %d bytes, recounted %d", i, b.leaves(i), want)
				}
			} else if want := bytesOf(b.in, append(items, i)...) - size; b.enters(i)[v] != want {
				t.Fatalf("item %d: enters volume %d for %d bytes, recounted %d", i, v, b.enters(i)[v], want)
			}
		}
	}
	if b.over != over {
		t.Fatalf("overload %d, recounted %d", b.over, over)
	}
}

func TestSearchAllocatesNothingPerStep(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	in := &Instance{Limit: 100, Piece: make([]int64, 50)}
	for j := range in.Piece {
		in.Piece[j] = 1 + r.Int64N(10)
	}
	for range 60 {
		in.Add(r.Int64N(10), r.Int32N(50), r.Int32N(50), r.Int32N(50), r.Int32N(50))
	}
	b := newBoard(in, usersOf(in), 3) // far too few volumes
	b.assign(nil)
	s := newTabu(b, 1)
	advance := func(steps int64) { s.run(steps, func(int64) bool { return false }) }
	advance(10_000) // lists of members reach their size
	if n := testing.AllocsPerRun(10, func() { advance(640) }); n > 2 {
		t.Errorf("%v allocations for 640 steps", n)
	}
}

func TestShelfCostsEqualThoseOfAPlainRecount(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 11))
	for range 300 {
		in := randomInstance(r, 20)
		shelf := newShelf(in, usersOf(in), in.Piece, 6)
		if !shelf.fill(bySize(in.Items(), in.Own)) {
			continue
		}
		never := func(int64) bool { return false }
		before := shelf.cost
		shelf.refine(never)
		for shelf.squeeze(never) {
		}
		if shelf.cost > before {
			t.Fatalf("%+v: cost %d, after refinement %d", in, before, shelf.cost)
		}
		var cost int64
		for v := range shelf.k {
			var items []int
			var private int64
			for i, at := range shelf.at {
				if int(at) == v {
					items = append(items, i)
					private += in.Private[i]
				}
			}
			size := bytesOf(in, items...)
			cost += size - private
			room := in.Room()
			if v == 0 {
				room -= in.First
			}
			if shelf.free[v] != room-size || size > room {
				t.Fatalf("%+v: volume %d of size %d, free %d", in, v, size, shelf.free[v])
			}
		}
		if shelf.cost != cost {
			t.Fatalf("%+v: cost %d, recounted %d", in, shelf.cost, cost)
		}
	}
}
