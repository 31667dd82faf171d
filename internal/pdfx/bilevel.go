package pdfx

import "math/bits"

// bilevel is a bitmap, as package group4 takes it.
type bilevel struct {
	width, height int
	words         int // a row
	pixels        []uint64
}

func newBilevel(width, height int) *bilevel {
	words := (width + 63) / 64
	return &bilevel{width, height, words, make([]uint64, words*height)}
}

func (b *bilevel) row(y int) []uint64 { return b.pixels[y*b.words : (y+1)*b.words] }

// black is the share of the pixels that are black.
func (b *bilevel) black() float64 {
	n := 0
	for _, w := range b.pixels {
		n += bits.OnesCount64(w)
	}
	return float64(n) / float64(b.width*b.height)
}

// solid is the share of the tiles, of 64 pixels a side, that are black for
// more than half.
func (b *bilevel) solid() float64 {
	count, tiles := 0, 0
	for top := 0; top+64 <= b.height; top += 64 {
		for i := range b.words {
			n := 0
			for y := top; y < top+64; y++ {
				n += bits.OnesCount64(b.pixels[y*b.words+i])
			}
			tiles++
			if n > 64*64/2 {
				count++
			}
		}
	}
	return float64(count) / float64(max(tiles, 1))
}

// threshold blackens what is at most level.
func (r *raster) threshold(level int) *bilevel {
	b := newBilevel(r.width, r.height)
	for y := range r.height {
		row := b.row(y)
		for x, g := range r.grey[y*r.width : (y+1)*r.width] {
			if int(g) <= level {
				row[x>>6] |= 1 << (63 - x&63)
			}
		}
	}
	return b
}

// histogram counts the pixels of each grey.
func (r *raster) histogram() (h [256]int) {
	for _, g := range r.grey {
		h[g]++
	}
	return h
}

// otsu returns the level that parts greys best: the one with the largest
// variance between those below and those above. The level is the middle of the
// range that does as well.
func otsu(h *[256]int) int {
	total, sum := 0, 0
	for g, n := range h {
		total += n
		sum += g * n
	}
	best, first, last := -1.0, 127, 127
	n0, s0 := 0, 0
	for g, n := range h {
		n0 += n
		s0 += g * n
		if n0 == 0 || n0 == total {
			continue
		}
		d := float64(s0)/float64(n0) - float64(sum-s0)/float64(total-n0)
		v := float64(n0) * float64(total-n0) * d * d
		switch {
		case v > best:
			best, first, last = v, g, g
		case v == best:
			last = g
		}
	}
	return (first + last) / 2
}

// between is the share of the pixels that are neither ink nor paper: in the
// middle half of what stands between the mean of both.
func between(h *[256]int, level int) float64 {
	var n, s [2]int
	for g, k := range h {
		side := 0
		if g > level {
			side = 1
		}
		n[side] += k
		s[side] += g * k
	}
	if n[0] == 0 || n[1] == 0 {
		return 0
	}
	low, high := s[0]/n[0], s[1]/n[1]
	count := 0
	for g := low + (high-low)/4; g <= high-(high-low)/4; g++ {
		count += h[g]
	}
	return float64(count) / float64(n[0]+n[1])
}
