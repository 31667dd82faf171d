package pdfw

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
)

// overlap is how much of the pixel i of n the pixel k of m covers, of a line of length 1.
func overlap(i, n, k, m int) float64 {
	return max(0, min(float64(i+1)/float64(n), float64(k+1)/float64(m))-max(float64(i)/float64(n), float64(k)/float64(m)))
}

func TestAReducedPictureIsTheMeanOfItsAreas(t *testing.T) {
	r := rand.New(rand.NewPCG(480, 3))
	for range 60 {
		w, h := 1+r.IntN(40), 1+r.IntN(40)
		src := image.NewNRGBA(image.Rect(-3, 5, w-3, h+5))
		for i := range src.Pix {
			src.Pix[i] = uint8(r.Uint32())
		}
		width, height := 1+r.IntN(w), 1+r.IntN(h)
		got := reduced(src, width, height)
		for y := range height {
			for x := range width {
				var want [3]float64
				for sy := range h {
					for sx := range w {
						part := overlap(sx, w, x, width) * overlap(sy, h, y, height)
						c := src.NRGBAAt(sx-3, sy+5)
						a := float64(c.A) / 255
						for k, v := range []uint8{c.R, c.G, c.B} {
							want[k] += part * (a*float64(v) + (1-a)*255)
						}
					}
				}
				p := got.RGBAAt(x, y)
				for k, v := range []uint8{p.R, p.G, p.B} {
					if mean := want[k] * float64(width*height); math.Abs(mean-float64(v)) > 2 { // white is mixed in whole numbers
						t.Fatalf("%dx%d to %dx%d: %d of the pixel %d,%d, want %.1f", w, h, width, height, v, x, y, mean)
					}
				}
				if p.A != 255 {
					t.Fatalf("the paper shows through: %v", p)
				}
			}
		}
	}
}

func TestAPictureOfItsOwnSizeStaysAsItIs(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 7, 5))
	for i := range src.Pix {
		src.Pix[i] = uint8(37 * i)
	}
	for i := 3; i < len(src.Pix); i += 4 {
		src.Pix[i] = 255
	}
	got := reduced(src, 7, 5)
	for y := range 5 {
		for x := range 7 {
			if a, b := src.RGBAAt(x, y), got.RGBAAt(x, y); a != b {
				t.Errorf("%d,%d: %v became %v", x, y, a, b)
			}
		}
	}
	if c := reduced(image.NewNRGBA(image.Rect(0, 0, 9, 9)), 2, 2).RGBAAt(1, 1); c != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("what is transparent became %v", c)
	}
}
