package splitter

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestWeightsForetellAScatteredPlan(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	doc := book(30_000, 1, rng, func(i int) []string {
		if i%9 != 0 {
			return nil
		}
		return []string{fmt.Sprintf("%x%x", rng.Uint64(), rng.Uint64())}
	})
	l := read(t, doc, 200_000, nil)
	r := newRecette(l, l.niveau)
	defer r.Close()
	w, err := r.disperse(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if w.avec <= w.sans {
		t.Errorf("bulletins with references weigh %.3f of their share, the others %.3f", w.avec, w.sans)
	}

	// The bulletins with references in one volume, the others in another.
	volumes := []*Volume{{N: 1}, {N: 2}}
	var want [2]float64
	pl := &planner{livre: l, format: archive, recette: r}
	for i := range l.Bulletins() {
		k, by := 0, w.sans
		if len(l.Refs(i)) > 0 {
			k, by = 1, w.avec
		}
		volumes[k].Runs = append(volumes[k].Runs, Run{i, i + 1})
		want[k] += by * float64(pl.position(i+1)-pl.position(i))
	}
	alone := &Volume{Runs: []Run{{0, 1}}}
	if err := r.volume(alone); err != nil {
		t.Fatal(err)
	}
	if err := r.volumes(context.Background(), volumes); err != nil {
		t.Fatal(err)
	}
	for k, v := range volumes {
		got := float64(v.XHL.Size - pl.literals(alone))
		if math.Abs(got-want[k]) > 0.02*got {
			t.Errorf("volume %d: %.0f bytes of bulletins, %.0f foretold", v.N, got, want[k])
		}
	}
}

// A volume is weighed the same whatever was tried before it: what was compressed
// for another is used again only where the same would be compressed.
func TestVolumeWeighsTheSameWhateverWasTriedBefore(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	l := read(t, book(600, 3, rng, func(int) []string { return nil }), 20_000, nil)
	tried := newRecette(l, l.niveau)
	defer tried.Close()
	for range 200 {
		from := rng.IntN(l.Bulletins())
		for range 3 {
			to := from + 1 + rng.IntN(min(150, l.Bulletins()-from))
			again, fresh := &Volume{Runs: []Run{{from, to}}}, &Volume{Runs: []Run{{from, to}}}
			alone := newRecette(l, l.niveau)
			if err := alone.volume(fresh); err != nil {
				t.Fatal(err)
			}
			alone.Close()
			if err := tried.volume(again); err != nil {
				t.Fatal(err)
			}
			if again.XHL != fresh.XHL || len(again.chunks) != len(fresh.chunks) {
				t.Fatalf("bulletins %d to %d: %+v in %d blocks, %+v in %d by themselves", from, to, again.XHL, len(again.chunks), fresh.XHL, len(fresh.chunks))
			}
		}
	}
}
