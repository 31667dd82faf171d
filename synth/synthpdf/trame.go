package synthpdf

import "paye/internal/group4"

// An A4 page at 200 dpi.
const (
	largeur = 1654
	hauteur = 2339
	mots    = (largeur + 63) / 64 // words a row
)

// trame is a bitmap as wide as a page: one bit a pixel, 1 is black, the most
// significant bit of a word is its leftmost pixel.
type trame struct {
	lignes int
	pixels []uint64 // lignes * mots
}

func newTrame(lignes int) *trame {
	return &trame{lignes, make([]uint64, lignes*mots)}
}

func (t *trame) ligne(y int) []uint64 { return t.pixels[y*mots : (y+1)*mots] }

// noircit blackens a pixel; outside of the bitmap it does nothing.
func (t *trame) blacken(x, y int) {
	if uint(x) < largeur && uint(y) < uint(t.lignes) {
		t.pixels[y*mots+x>>6] |= 1 << (63 - x&63)
	}
}

// trait blackens n pixels of a row, from x on; 0 < n <= 64. Outside of the
// bitmap it does nothing.
func (t *trame) trait(x, y, n int) {
	if uint(y) >= uint(t.lignes) {
		return
	}
	if x < 0 {
		n += x
		x = 0
	}
	n = min(n, largeur-x)
	if n <= 0 {
		return
	}
	row := t.ligne(y)
	run := ^uint64(0) << (64 - n)
	row[x>>6] |= run >> (x & 63)
	if rest := x&63 + n - 64; rest > 0 {
		row[x>>6+1] |= run << (n - rest)
	}
}

// segment draws a line of the given thickness. Points are in sixteenths of a
// pixel.
func (t *trame) segment(x0, y0, x1, y1, epaisseur int) {
	dx, dy := x1-x0, y1-y0
	pas := max(abs(dx), abs(dy), 1)
	n := pas/12 + 1
	lastX, lastY := x0>>4-1, 0 // nowhere
	for i := range n + 1 {
		cx, cy := (x0+dx*i/n)>>4, (y0+dy*i/n)>>4
		if cx == lastX && cy == lastY {
			continue
		}
		lastX, lastY = cx, cy
		for y := range epaisseur {
			t.trait(cx-epaisseur/2, cy+y-epaisseur/2, epaisseur)
		}
	}
}

func abs(n int) int { return max(n, -n) }

// cadre draws a rectangle, in pixels.
func (t *trame) cadre(x, y, l, h, epaisseur int) {
	x, y, l, h = x<<4, y<<4, l<<4, h<<4
	t.segment(x, y, x+l, y, epaisseur)
	t.segment(x, y+h, x+l, y+h, epaisseur)
	t.segment(x, y, x, y+h, epaisseur)
	t.segment(x+l, y, x+l, y+h, epaisseur)
}

// grain roughens the edges of the ink as a scanner does, each edge pixel being
// flipped with the probability sixteenths/16, and throws specks of dust. The
// first and the last row stay white.
func (t *trame) grain(a *alea, sixteenths, specks int) {
	if sixteenths > 0 {
		above := make([]uint64, mots)
		for y := 1; y < t.lignes-1; y++ {
			row, below := t.ligne(y), t.ligne(y+1)
			for i, w := range row {
				left, right := w>>1, w<<1
				if i > 0 {
					left |= row[i-1] << 63
				}
				if i < mots-1 {
					right |= row[i+1] >> 63
				}
				edges := (w ^ left) | (w ^ right) | (w ^ above[i]) | (w ^ below[i])
				above[i] = w
				if edges != 0 {
					row[i] = w ^ edges&a.bits(sixteenths)
				}
			}
			row[mots-1] &= dernierMot
		}
	}
	for range specks {
		x, y := a.below(largeur), 1+a.below(t.lignes-2)
		t.blacken(x, y)
		if a.below(3) == 0 && y < t.lignes-2 {
			t.blacken(x+1, y)
			t.blacken(x, y+1)
		}
	}
	clear(t.ligne(0))
	clear(t.ligne(t.lignes - 1))
}

// dernierMot masks the pixels beyond the width.
const dernierMot = uint64(1<<64 - 1<<(mots*64-largeur))

// coded codes a strip that stands under a white row.
func (t *trame) coded(e *group4.Encoder) group4.Strip { return e.Strip(largeur, t.lignes, t.ligne) }
