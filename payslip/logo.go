package payslip

import (
	"bytes"
	"image"
	_ "image/jpeg"
	_ "image/png"

	"paye/internal/pdfw"
)

// Limits of a logo: of the file in bytes, and of its sides in pixels.
const (
	MaxLogo   = 4 << 20
	maxPixels = 8000
)

// newLogo reads a PNG or a JPEG.
func newLogo(file []byte) (*pdfw.Picture, error) {
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
	p, err := pdfw.NewPicture(src, format == "jpeg")
	if err != nil {
		return nil, Codes.New("BUL-001")
	}
	return p, nil
}
