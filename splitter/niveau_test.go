package splitter

import (
	"bytes"
	"context"
	"math/rand/v2"
	"testing"

	"paye/compress"
	"paye/xhl"
)

// A quick compression that cost a volume would be a bad bargain: the plan of a
// book of Auto has as few volumes as that of Normal, whichever it ends at.
func TestAutoCostsNoVolume(t *testing.T) {
	ended := map[compress.Niveau]int{}
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 9))
		doc, pieces := randomBook(t, rng)
		segment := 2000 + rng.IntN(20_000)
		books := map[compress.Niveau]*Livre{}
		for _, n := range []compress.Niveau{compress.Auto, compress.Normal} {
			r, err := NewReading(bytes.NewReader(doc), ReadOptions{Spool: t.TempDir(), Niveau: n, Journal: xhl.Options{Segment: segment}})
			if err != nil {
				t.Fatal(err)
			}
			if books[n], err = r.Livre(context.Background(), nil); err != nil {
				t.Fatal(err)
			}
			defer books[n].Close()
		}
		var travel Pieces
		for _, id := range books[compress.Normal].RefIDs {
			travel.ParRef = append(travel.ParRef, pieces[id])
		}
		whole, err := NewPlan(context.Background(), books[compress.Normal], travel, archive, Options{Limit: 1 << 40})
		if err != nil {
			t.Fatal(err)
		}
		o := Options{Limit: whole.Volumes[0].Octets/int64(2+rng.IntN(3)) + 4000}
		plans := map[compress.Niveau]*Plan{}
		for n, l := range books {
			if plans[n], err = NewPlan(context.Background(), l, travel, archive, o); err != nil {
				break // a bulletin alone exceeds the limit
			}
		}
		if err != nil {
			continue
		}
		auto, normal := plans[compress.Auto], plans[compress.Normal]
		if len(auto.Volumes) > len(normal.Volumes) || auto.Agents > normal.Agents {
			t.Errorf("seed %d: %d volumes cutting %d agents, at Normal %d cutting %d", seed, len(auto.Volumes), auto.Agents, len(normal.Volumes), normal.Agents)
		}
		if auto.Borne > len(normal.Volumes) {
			t.Errorf("seed %d: a bound of %d, and Normal makes %d volumes", seed, auto.Borne, len(normal.Volumes))
		}
		checkSet(t, doc, books[compress.Auto], auto, archive, o)
		ended[books[compress.Auto].niveau]++
	}
	if ended[compress.Rapide] < 10 {
		t.Errorf("the books ended at %v", ended)
	}
}

func TestAutoCompressesHarderWhereThatSavesAVolume(t *testing.T) {
	doc := book(3000, 2, rand.New(rand.NewPCG(3, 3)), func(int) []string { return nil })
	open := func(n compress.Niveau) *Livre {
		r, err := NewReading(bytes.NewReader(doc), ReadOptions{Spool: t.TempDir(), Niveau: n, Journal: xhl.Options{Segment: 20_000}})
		if err != nil {
			t.Fatal(err)
		}
		l, err := r.Livre(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		return l
	}
	volumes := func(l *Livre, o Options) *Plan {
		p, err := NewPlan(context.Background(), l, Pieces{}, archive, o)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	limit := volumes(open(compress.Normal), Options{Limit: 1 << 40}).Volumes[0].Octets/3 + 3000
	// Scattered, the volumes alone are compressed again; in the order of the book, its blocs are.
	for _, o := range []Options{{Limit: limit}, {Limit: limit, GardeOrdre: true}} {
		if n := len(volumes(open(compress.Rapide), o).Volumes); n <= 3 {
			t.Fatalf("Rapide makes %d volumes: nothing to save", n)
		}
		l := open(compress.Auto)
		p := volumes(l, o)
		checkSet(t, doc, l, p, archive, o)
		if len(p.Volumes) != 3 || !p.Prouve || o.GardeOrdre && l.niveau != compress.Normal {
			t.Errorf("%d volumes at the level %v, proved %v", len(p.Volumes), l.niveau, p.Prouve)
		}
	}
}
