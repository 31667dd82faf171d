package pdfw

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"

	"golang.org/x/image/draw"
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
	flat := image.NewRGBA(image.Rect(0, 0, p.Width, p.Height))
	draw.Draw(flat, flat.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(flat, flat.Bounds(), src, src.Bounds(), draw.Over, nil)
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

// write writes the picture and returns its number.
func (p *Picture) write(f *File) int {
	return f.stream(p.data, "/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /%s", p.Width, p.Height, p.filter)
}
