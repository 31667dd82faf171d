package pack

import (
	"math/rand/v2"
	"testing"
)

func TestBoundIsCertifiedAndNeverAboveTheOptimum(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	reached, dual := 0, 0
	for range 4000 {
		in := randomInstance(r, 8)
		c := Bound(in)
		if err := c.Check(in); err != nil {
			t.Fatalf("%+v\n%+v: %v", in, c, err)
		}
		best := exhaustive(in)
		if c.Volumes > best {
			t.Fatalf("%+v\nbound %+v above the optimum %d", in, c, best)
		}
		if c.Volumes == best {
			reached++
		}
		if c.Dual.Kind != DualSum {
			dual++
		}
	}
	if reached < 2000 || dual < 100 {
		t.Errorf("bound reached the optimum %d times of 4000, %d by a dual feasible function: the test has no teeth", reached, dual)
	}
}

func TestCertificateOfOneVolumeTooManyIsRefused(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	refused := 0
	for range 2000 {
		in := randomInstance(r, 8)
		c := Bound(in)
		c.Volumes = exhaustive(in) + 1
		if c.Check(in) == nil {
			t.Fatalf("%+v: a false certificate passes: %+v", in, c)
		}
		c = Bound(in)
		for j := range c.Need {
			c.Need[j]++
			if c.Check(in) == nil && c.Volumes > 1 {
				t.Fatalf("%+v: piece %d claimed %d times passes", in, j, c.Need[j])
			}
			c.Need[j]--
			refused++
		}
	}
	if refused == 0 {
		t.Error("no certificate was tampered with")
	}
}

func TestAddingAJustificatifNeverLowersTheBound(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 4000 {
		in := randomInstance(r, 12)
		before := Bound(in).Volumes
		wider := &Instance{Limit: in.Limit, Fixed: in.Fixed, First: in.First}
		wider.Piece = append(append(wider.Piece, in.Piece...), r.Int64N(1+in.Room()/2))
		for i, p := range in.Private {
			refs := append([]int32(nil), in.Refs(i)...)
			if j := int32(r.IntN(len(wider.Piece))); r.IntN(3) == 0 {
				refs = append(refs, j) // the new piece, or one more reference to an old one
			}
			wider.Add(p, refs...)
		}
		if wider.Validate() != nil {
			continue
		}
		if after := Bound(wider).Volumes; after < before {
			t.Fatalf("%+v\nbound %d; with more references %+v\nbound %d", in, before, wider, after)
		}
	}
}

func TestDualsAreFeasible(t *testing.T) {
	const room = 12
	for at := int64(1); at <= room/2; at++ {
		for _, d := range []Dual{{DualCut, at}, {DualRound, at}} {
			var fill func(least, left, images int64)
			fill = func(least, left, images int64) {
				if images > d.Of(room, room) {
					t.Fatalf("%v %d: images of sizes of total %d reach %d, above %d", d.Kind, at, room-left, images, d.Of(room, room))
				}
				for x := least; x <= left; x++ {
					fill(x, left-x, images+d.Of(x, room))
				}
			}
			fill(1, room, 0)
		}
	}
}
