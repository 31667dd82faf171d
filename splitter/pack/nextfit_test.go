package pack

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestNextFitIsOptimalAmongContiguousPlans(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 3000 {
		in := randomInstance(r, 14)
		p := NextFit(in)
		if _, err := Verify(in, p); err != nil {
			t.Fatalf("%+v: %v", in, err)
		}
		if !slices.IsSorted(p.Volume) {
			t.Fatalf("volumes %v are not contiguous", p.Volume)
		}
		if got, want := p.Volumes, contiguous(in); got != want {
			t.Fatalf("%+v\ngot %d volumes, dynamic programming finds %d", in, got, want)
		}
	}
}

func TestNoItemMakesOneVolume(t *testing.T) {
	in := &Instance{Limit: 10, Fixed: 4, First: 6}
	if err := in.Validate(); err != nil {
		t.Fatal(err)
	}
	m, err := Verify(in, NextFit(in))
	if err != nil || !slices.Equal(m.Size, []int64{10}) {
		t.Errorf("got sizes %v, error %v; want one volume of 10 bytes", m.Size, err)
	}
	if c := Bound(in); c.Volumes != 1 || c.Check(in) != nil {
		t.Errorf("bound %+v: %v", c, c.Check(in))
	}
}
