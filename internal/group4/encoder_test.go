package group4

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/ccitt"
)

// bitmap is rows of pixels.
type bitmap struct {
	width int
	rows  [][]uint64
}

func (b *bitmap) row(y int) []uint64 { return b.rows[y] }

func (b *bitmap) black(x, y int) bool { return b.rows[y][x>>6]>>(63-x&63)&1 == 1 }

// noise is a bitmap whose pixels are black once in so many sixteenths, with
// long runs of both colours in its lower half.
func noise(r *rand.Rand, width, rows, sixteenths int) *bitmap {
	b := &bitmap{width: width}
	for y := range rows {
		row := make([]uint64, (width+63)/64)
		for x := range width {
			on := r.IntN(16) < sixteenths
			if y > rows/2 && x > r.IntN(width)+1 {
				on = y%2 == 0
			}
			if on {
				row[x>>6] |= 1 << (63 - x&63)
			}
		}
		if rest := width & 63; rest > 0 {
			row[len(row)-1] |= r.Uint64() & (1<<(64-rest) - 1) // beyond the width
		}
		b.rows = append(b.rows, row)
	}
	return b
}

// check reads a page with a decoder that is not ours.
func (b *bitmap) check(t *testing.T, page []byte) {
	t.Helper()
	stride := (b.width + 7) / 8
	raw := make([]byte, stride*len(b.rows))
	r := ccitt.NewReader(bytes.NewReader(page), ccitt.MSB, ccitt.Group4, b.width, len(b.rows), &ccitt.Options{Invert: true})
	if _, err := io.ReadFull(r, raw); err != nil {
		t.Fatalf("%d x %d: %v", b.width, len(b.rows), err)
	}
	for y := range b.rows {
		for x := range b.width {
			if got := raw[y*stride+x/8]>>(7-x%8)&1 == 1; got != b.black(x, y) {
				t.Fatalf("%d x %d: pixel (%d, %d) is %v", b.width, len(b.rows), x, y, got)
			}
		}
	}
}

func TestPagesAreReadByAnotherDecoder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var e Encoder
	for i := range 400 {
		width := 1 + r.IntN(300)
		switch i % 8 {
		case 0:
			width = 64 * (1 + r.IntN(4))
		case 1:
			width = 2000 + r.IntN(7000)
		}
		b := noise(r, width, 1+r.IntN(12), []int{0, 1, 3, 8, 15, 16}[r.IntN(6)])
		b.check(t, e.Page(width, len(b.rows), b.row))
	}
}

func TestStripsTogetherAreTheBitsOfTheWholePage(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const width = 1654
	var e Encoder
	var strips Writer
	whole := &bitmap{width: width}
	for range 10 {
		b := noise(r, width, 20+r.IntN(40), 2)
		b.rows[0], b.rows[len(b.rows)-1] = make([]uint64, (width+63)/64), make([]uint64, (width+63)/64)
		strips.Strip(e.Strip(width, len(b.rows), b.row))
		whole.rows = append(whole.rows, b.rows...)
	}
	if got, want := strips.Page(), e.Page(width, len(whole.rows), whole.row); !bytes.Equal(got, want) {
		t.Errorf("strips give %d bytes, the page coded at once %d", len(got), len(want))
	}
}

func FuzzPage(f *testing.F) {
	f.Add(uint16(9), []byte("\x00\xF0\x0F\xFF"))
	f.Add(uint16(2700), bytes.Repeat([]byte{0xFF, 0}, 700))
	f.Fuzz(func(t *testing.T, width uint16, pixels []byte) {
		b := &bitmap{width: int(width)%9000 + 1}
		for words := (b.width + 63) / 64; len(pixels) > 0; {
			row := make([]uint64, words)
			for i := 0; i < words*8 && i < len(pixels); i++ {
				row[i/8] |= uint64(pixels[i]) << (56 - i%8*8)
			}
			b.rows = append(b.rows, row)
			pixels = pixels[min(len(pixels), words*8):]
		}
		if len(b.rows) == 0 {
			return
		}
		var e Encoder
		b.check(t, e.Page(b.width, len(b.rows), b.row))
	})
}
