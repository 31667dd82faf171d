package payslip

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png"

	"golang.org/x/image/draw"
)

// Limits of a logo: of the file in bytes, and of its sides in pixels; a larger picture
// than maxPrinted is reduced, since every document carries it.
const (
	MaxLogo    = 4 << 20
	maxPixels  = 8000
	maxPrinted = 480
)

// logo is a picture ready to be put into documents.
type logo struct {
	width, height int // in pixels
	data          []byte
	filter        string
}

// newLogo reads a PNG or a JPEG. Transparency becomes white, as paper is.
func newLogo(file []byte) (*logo, error) {
	conf, format, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, Codes.New("BUL-001")
	}
	if len(file) > MaxLogo || max(conf.Width, conf.Height) > maxPixels {
		return nil, Codes.New("BUL-002", len(file), conf.Width, conf.Height, MaxLogo, maxPixels)
	}
	src, _, err := image.Decode(bytes.NewReader(file))
	if err != nil || conf.Width < 1 || conf.Height < 1 {
		return nil, Codes.New("BUL-001")
	}
	l := &logo{width: conf.Width, height: conf.Height}
	if longest := max(l.width, l.height); longest > maxPrinted {
		l.width, l.height = max(1, l.width*maxPrinted/longest), max(1, l.height*maxPrinted/longest)
	}
	flat := image.NewRGBA(image.Rect(0, 0, l.width, l.height))
	draw.Draw(flat, flat.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(flat, flat.Bounds(), src, src.Bounds(), draw.Over, nil)
	if format == "jpeg" {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, flat, &jpeg.Options{Quality: 88}); err != nil {
			return nil, Codes.New("BUL-001")
		}
		l.data, l.filter = out.Bytes(), "DCTDecode"
		return l, nil
	}
	rgb := make([]byte, 0, 3*l.width*l.height)
	for i := 0; i < len(flat.Pix); i += 4 {
		rgb = append(rgb, flat.Pix[i:i+3]...)
	}
	l.data, l.filter = deflated(rgb), "FlateDecode"
	return l, nil
}

// write writes the picture and returns its number.
func (l *logo) write(f *fichier) int {
	return f.stream(l.data, "/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /%s", l.width, l.height, l.filter)
}
