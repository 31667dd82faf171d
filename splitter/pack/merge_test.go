package pack

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestMergeGroupsLikeAMap(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for range 200 {
		in := &Instance{Limit: 1000, Piece: make([]int64, 1+rng.IntN(6))}
		group := make([]int32, rng.IntN(12))
		for i := range group {
			group[i] = rng.Int32N(6) - 2
			var refs []int32
			for range rng.IntN(4) {
				refs = append(refs, rng.Int32N(int32(len(in.Piece))))
			}
			in.Add(rng.Int64N(50), refs...)
		}
		want := &Instance{Limit: in.Limit, Piece: in.Piece}
		place := map[int32]int32{}
		wantInto := make([]int32, len(group))
		for i, g := range group {
			if _, known := place[g]; !known {
				place[g] = int32(want.Items())
				var private int64
				var refs []int32
				for k, h := range group {
					if h == g {
						private += in.Private[k]
						refs = append(refs, in.Refs(k)...)
					}
				}
				want.Add(private, refs...)
			}
			wantInto[i] = place[g]
		}
		merged, into := Merge(in, group)
		if !slices.Equal(into, wantInto) || merged.Items() != want.Items() {
			t.Fatalf("groups %v: into %v, want %v", group, into, wantInto)
		}
		for m := range want.Items() {
			if merged.Private[m] != want.Private[m] || !slices.Equal(merged.Refs(m), want.Refs(m)) {
				t.Fatalf("groups %v, item %d: %d %v, want %d %v", group, m, merged.Private[m], merged.Refs(m), want.Private[m], want.Refs(m))
			}
		}
	}
}
