package synthpdf

import (
	"bytes"
	"testing"

	"golang.org/x/image/ccitt"
)

// decoded reads a group 4 page with a decoder that is not ours.
func decoded(t *testing.T, page []byte, lignes int) *trame {
	t.Helper()
	raw := make([]byte, lignes*((largeur+7)/8))
	r := ccitt.NewReader(bytes.NewReader(page), ccitt.MSB, ccitt.Group4, largeur, lignes, &ccitt.Options{Invert: true})
	for n := 0; n < len(raw); {
		k, err := r.Read(raw[n:])
		n += k
		if err != nil && n < len(raw) {
			t.Fatalf("decoder stopped after %d of %d bytes: %v", n, len(raw), err)
		}
	}
	got := newTrame(lignes)
	for y := range lignes {
		row := raw[y*((largeur+7)/8) : (y+1)*((largeur+7)/8)]
		for x := range largeur {
			if row[x/8]>>(7-x%8)&1 == 1 {
				got.blacken(x, y)
			}
		}
	}
	return got
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

func TestGroup4IsReadByAnotherDecoder(t *testing.T) {
	a := newAlea(1, 1)
	for _, density := range []int{0, 1, 2, 5, 8, 12, 15} {
		want := newTrame(40)
		for i := range want.pixels {
			want.pixels[i] = a.bits(density)
		}
		// Long runs of both colours, so that every make-up code is met.
		for y := 10; y < 40; y++ {
			for x := a.below(largeur); x < largeur; x++ {
				want.ligne(y)[x>>6] &^= 1 << (63 - x&63)
			}
		}
		for y := 30; y < 40; y++ {
			for i := range want.ligne(y) {
				want.ligne(y)[i] = ^want.ligne(y)[i]
			}
		}
		for y := range want.lignes {
			want.ligne(y)[mots-1] &= dernierMot
		}
		var c encoder
		var f flot
		f.bande(c.bande(want))
		got := decoded(t, f.page(), want.lignes)
		if x, y, differ := firstDifference(got, want); differ {
			t.Errorf("density %d/16: pixel (%d, %d) differs", density, x, y)
		}
	}
}

func TestStripsConcatenateToTheBitsOfTheWholePage(t *testing.T) {
	a := newAlea(2, 1)
	whole := newTrame(300)
	var strips flot
	var c encoder
	for top := 0; top < whole.lignes; {
		h := min(20+a.below(40), whole.lignes-top)
		strip := newTrame(h)
		for y := 1; y < h-1; y++ {
			for i := range strip.ligne(y) {
				strip.ligne(y)[i] = a.bits(2)
			}
			strip.ligne(y)[mots-1] &= dernierMot
		}
		copy(whole.pixels[top*mots:], strip.pixels)
		strips.bande(c.bande(strip))
		top += h
	}
	var once flot
	once.bande(c.bande(whole))
	if got, want := strips.page(), once.page(); !bytes.Equal(got, want) {
		t.Errorf("strips give %d bytes, the page coded at once %d", len(got), len(want))
	}
}
