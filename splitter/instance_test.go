package splitter

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// Pieces that the same bulletins reference are one piece of the packing problem,
// and others never are, as comparing every pair of lists says.
func TestInseparablePiecesAreThoseOfTheSameBulletins(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 20))
		pieces := 1 + rng.IntN(40)
		l := &Livre{}
		users := make([]string, pieces)
		for i := range 1 + rng.IntN(30) {
			for range rng.IntN(8) {
				r := int32(rng.IntN(pieces))
				for range 1 + rng.IntN(2) { // some twice
					l.refs = append(l.refs, r)
				}
				if rng.IntN(3) == 0 && r > 0 {
					l.refs = append(l.refs, r-1)
				}
			}
			l.entries.add(entry{refsEnd: uint32(len(l.refs))})
			for _, r := range slices.Compact(slices.Sorted(slices.Values(l.Refs(i)))) {
				users[r] += fmt.Sprintf("%d,", i)
			}
		}
		pl := &planner{livre: l, pieces: Pieces{ParRef: make([]*Justificatif, pieces)}}
		class := pl.inseparable()
		for a := range pieces {
			for b := range pieces {
				if same := users[a] == users[b]; same != (class[a] == class[b]) {
					t.Fatalf("seed %d: pieces %d and %d have the bulletins %q and %q, and the classes %d and %d", seed, a, b, users[a], users[b], class[a], class[b])
				}
			}
		}
	}
}
