package pdfw

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
)

// maxPrinted is the longer side of a picture in pixels; a larger one is
// reduced, since every document carries it.
const maxPrinted = 480

// Picture is a picture ready to be put into documents.
type Picture struct {
	Width, Height int // in pixels
	data          []byte
	filter        string
}

// NewPicture makes a picture: of the lossy kind when it is a photograph.
// Transparency becomes white, as paper is.
func NewPicture(src image.Image, photograph bool) (*Picture, error) {
	p := &Picture{Width: src.Bounds().Dx(), Height: src.Bounds().Dy()}
	if longest := max(p.Width, p.Height); longest > maxPrinted {
		p.Width, p.Height = max(1, p.Width*maxPrinted/longest), max(1, p.Height*maxPrinted/longest)
	}
	flat := reduced(src, p.Width, p.Height)
	if photograph {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, flat, &jpeg.Options{Quality: 88}); err != nil {
			return nil, fmt.Errorf("compress a picture: %w", err)
		}
		p.data, p.filter = out.Bytes(), "DCTDecode"
		return p, nil
	}
	rgb := make([]byte, 0, 3*p.Width*p.Height)
	for i := 0; i < len(flat.Pix); i += 4 {
		rgb = append(rgb, flat.Pix[i:i+3]...)
	}
	p.data, p.filter = deflated(rgb), "FlateDecode"
	return p, nil
}

// reduced is a picture on white paper, in no more pixels than it has: each is the
// mean of the area that it covers. A library that reduces by any kernel from any
// kind of picture would be a hundredth of the page.
func reduced(src image.Image, width, height int) *image.RGBA {
	from := src.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, width, height))
	strip := image.NewRGBA(image.Rect(0, 0, from.Dx(), 1))
	row := make([]int64, 4*width)
	sums := make([]int64, 4*width)
	area := int64(from.Dx()) * int64(from.Dy())
	// Lengths are counted so that a pixel of src is as wide as dst has pixels, and
	// one of dst as src has.
	for y, at := 0, 0; at < from.Dy(); at++ {
		draw.Draw(strip, strip.Bounds(), image.White, image.Point{}, draw.Src)
		draw.Draw(strip, strip.Bounds(), src, image.Pt(from.Min.X, from.Min.Y+at), draw.Over)
		clear(row)
		for x, i := 0, 0; i < from.Dx(); i++ {
			for left := width; left > 0; {
				part := min(left, (x+1)*from.Dx()-(i+1)*width+left)
				for c := range 4 {
					row[4*x+c] += int64(part) * int64(strip.Pix[4*i+c])
				}
				if left -= part; (x+1)*from.Dx() == (i+1)*width-left {
					x++
				}
			}
		}
		for left := height; left > 0; {
			part := min(left, (y+1)*from.Dy()-(at+1)*height+left)
			for k, v := range row {
				sums[k] += int64(part) * v
			}
			if left -= part; (y+1)*from.Dy() == (at+1)*height-left {
				for k, v := range sums {
					dst.Pix[y*dst.Stride+k] = uint8((v + area/2) / area)
				}
				clear(sums)
				y++
			}
		}
	}
	return dst
}

// write writes the picture and returns its number.
func (p *Picture) write(f *File) int {
	return f.stream(p.data, "/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /%s", p.Width, p.Height, p.filter)
}
