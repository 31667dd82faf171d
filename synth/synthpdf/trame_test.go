package synthpdf

import "testing"

func TestARunBlackensThePixelsThatAPixelAtATimeWould(t *testing.T) {
	a := newAlea(9, 1)
	for range 20_000 {
		x, y, n := a.below(largeur+200)-100, a.below(5)-1, 1+a.below(64)
		got, want := newTrame(3), newTrame(3)
		got.trait(x, y, n)
		for i := range n {
			want.blacken(x+i, y)
		}
		if px, py, differ := firstDifference(got, want); differ {
			t.Fatalf("%d pixels from (%d, %d): pixel (%d, %d) differs", n, x, y, px, py)
		}
	}
}

func firstDifference(a, b *trame) (x, y int, differ bool) {
	for y := range a.lignes {
		for x := range largeur {
			if (a.ligne(y)[x>>6]^b.ligne(y)[x>>6])>>(63-x&63)&1 == 1 {
				return x, y, true
			}
		}
	}
	return 0, 0, false
}
