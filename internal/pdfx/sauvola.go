package pdfx

import "math"

// The window and the weight of Sauvola's threshold, at 200 dpi.
const (
	sauvolaWindow = 25 // pixels a side
	sauvolaK      = 0.2
	sauvolaR      = 128 // the deviation that greys may have
	surelyInk     = 0.4 // of the light of the paper: solid black has no deviation
)

// sauvola blackens what is darker than its surroundings (Sauvola and
// Pietikäinen, 2000): light that falls off toward a corner does not count.
// Sums over the window slide down the page, a row at a time.
func (r *raster) sauvola() *bilevel {
	const half = sauvolaWindow / 2
	b := newBilevel(r.width, r.height)
	h := r.histogram()
	ink := int(surelyInk * float64(percentile(&h, 0.9)))
	sums, squares := make([]int, r.width), make([]int, r.width)
	add := func(y, sign int) {
		if y < 0 || y >= r.height {
			return
		}
		for x, g := range r.grey[y*r.width : (y+1)*r.width] {
			v := int(g)
			sums[x] += sign * v
			squares[x] += sign * v * v
		}
	}
	for y := range half {
		add(y, 1)
	}
	for y := range r.height {
		add(y+half, 1)
		add(y-half-1, -1)
		rows := min(y+half, r.height-1) - max(y-half, 0) + 1
		row := b.row(y)
		s, q := 0, 0
		for x := 0; x < half && x < r.width; x++ {
			s, q = s+sums[x], q+squares[x]
		}
		for x, g := range r.grey[y*r.width : (y+1)*r.width] {
			if in := x + half; in < r.width {
				s, q = s+sums[in], q+squares[in]
			}
			if out := x - half - 1; out >= 0 {
				s, q = s-sums[out], q-squares[out]
			}
			n := float64(rows * (min(x+half, r.width-1) - max(x-half, 0) + 1))
			mean := float64(s) / n
			deviation := math.Sqrt(max(float64(q)/n-mean*mean, 0))
			if int(g) < ink || float64(g) <= mean*(1+sauvolaK*(deviation/sauvolaR-1)) {
				row[x>>6] |= 1 << (63 - x&63)
			}
		}
	}
	return b
}

// percentile returns the grey below which so many of the pixels are.
func percentile(h *[256]int, share float64) int {
	total := 0
	for _, n := range h {
		total += n
	}
	rest := int(share * float64(total))
	for g, n := range h {
		if rest -= n; rest < 0 {
			return g
		}
	}
	return 255
}
