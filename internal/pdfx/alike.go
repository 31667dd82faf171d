//go:build !js

package pdfx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
)

// alike draws the scans among pages, coarsely, and holds the lights and shades
// of both documents against each other.
func (p Poppler) alike(ctx context.Context, dir string, first, last int, scans map[int]bool) error {
	for n := first; n <= last; n++ {
		if !scans[n] {
			continue
		}
		a, err := p.draw(ctx, dir, "a", dpiAlike, n, n)
		if err != nil {
			return err
		}
		b, err := p.draw(ctx, dir, "b", dpiAlike, n, n)
		if err != nil {
			return err
		}
		if len(a) != 1 || len(b) != 1 {
			return errors.New("a scan cannot be drawn")
		}
		r, err := likeness(a[0], b[0])
		if err != nil {
			return err
		}
		if r < minAlike {
			return fmt.Errorf("page %d does not look like the original: %.2f", n, r)
		}
	}
	return nil
}

const (
	tile     = 2    // pixels
	minAlike = 0.75 // correlation of the tiles
)

// likeness is the correlation of the shades of two pictures of one size: 1 when
// they are the same, 0 when they have nothing to do with each other.
func likeness(a, b []byte) (float64, error) {
	x, w, h, err := shades(a)
	if err != nil {
		return 0, err
	}
	y, w2, h2, err := shades(b)
	if err != nil {
		return 0, err
	}
	if w != w2 || h != h2 {
		return 0, errors.New("a page has another size")
	}
	return correlation(relief(x, w, h), relief(y, w, h)), nil
}

// around is how many tiles on each side a tile is seen against.
const around = 4

// relief is how tiles differ from those around them: light that falls off over
// a page is no part of what it shows.
func relief(means []float64, columns, rows int) []float64 {
	out := make([]float64, len(means))
	for y := range rows {
		for x := range columns {
			sum, n := 0.0, 0.0
			for j := max(y-around, 0); j <= min(y+around, rows-1); j++ {
				for i := max(x-around, 0); i <= min(x+around, columns-1); i++ {
					sum += means[j*columns+i]
					n++
				}
			}
			out[y*columns+x] = means[y*columns+x] - sum/n
		}
	}
	return out
}

func correlation(x, y []float64) float64 {
	var mx, my, sxy, sxx, syy float64
	for i := range x {
		mx += x[i] / float64(len(x))
		my += y[i] / float64(len(y))
	}
	for i := range x {
		dx, dy := x[i]-mx, y[i]-my
		sxy, sxx, syy = sxy+dx*dy, sxx+dx*dx, syy+dy*dy
	}
	if sxx < 1 && syy < 1 {
		return 1 // both are blank
	}
	return sxy / math.Sqrt(max(sxx, 1e-9)*max(syy, 1e-9))
}

// shades reads a PPM and returns the mean light of its tiles.
func shades(ppm []byte) (means []float64, columns, rows int, err error) {
	var w, h, most int
	if n, err := fmt.Sscanf(string(ppm[:min(len(ppm), 64)]), "P6\n%d %d\n%d", &w, &h, &most); n != 3 || err != nil {
		return nil, 0, 0, errors.New("a drawn page is no PPM")
	}
	pixels := ppm[bytes.IndexByte(ppm[3:], '\n')+4:]
	pixels = pixels[bytes.IndexByte(pixels, '\n')+1:]
	if w <= 0 || h <= 0 || len(pixels) < 3*w*h {
		return nil, 0, 0, errors.New("a drawn page is cut")
	}
	columns, rows = (w+tile-1)/tile, (h+tile-1)/tile
	means = make([]float64, columns*rows)
	for y := range h {
		for x := range w {
			p := pixels[3*(y*w+x):]
			means[y/tile*columns+x/tile] += float64(p[0]) + float64(p[1]) + float64(p[2])
		}
	}
	return means, columns, rows, nil
}
