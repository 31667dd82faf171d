package pdfx

import (
	"bytes"
	"image"
	"image/jpeg"
	"io"

	"golang.org/x/image/ccitt"

	"paye/internal/pdfx/cos"
)

// raster is a picture in greys: 0 is black, 255 is white.
type raster struct {
	width, height int
	grey          []byte
	bits          int     // 1 for a picture that was black and white
	coloured      float64 // share of the pixels that have a colour
}

// maxPixels bounds the pictures that are made again: A3 at 600 dpi in one, with
// room.
const maxPixels = 100_000_000

// rasterOf decodes a picture; false for what is not decoded here, or not as
// certainly as it has to be.
func rasterOf(doc *cos.Document, o cos.Object) (*raster, bool) {
	w, h := positive(doc, o, "Width"), positive(doc, o, "Height")
	if w == 0 || h == 0 || w > maxPixels/h || o.Has("SMask") || o.Has("Mask") || o.Has("SMaskInData") || o.Has("Alternates") || o.Has("OC") {
		return nil, false
	}
	p := picture{doc: doc, o: o, w: w, h: h}
	if !p.space() {
		return nil, false
	}
	data, left, err := doc.Decode(o, maxRaster)
	switch {
	case err != nil || len(left) > 1:
		return nil, false
	case len(left) == 0:
		return p.samples(data)
	case left[0].Name == "DCTDecode" && !left[0].Parms.Has("ColorTransform"):
		return p.jpeg(data)
	case left[0].Name == "CCITTFaxDecode":
		return p.fax(data, left[0].Parms)
	}
	return nil, false
}

// maxRaster bounds the samples of a picture, in bytes.
const maxRaster = 3 * maxPixels

// picture is a picture being decoded.
type picture struct {
	doc        *cos.Document
	o          cos.Object
	w, h, bits int
	components int
	palette    []byte // RGB, of an indexed picture
	inverted   bool   // the samples mean the contrary
}

// space reads the colour space: greys, RGB, or a palette of them.
func (p *picture) space() bool {
	p.bits = positive(p.doc, p.o, "BitsPerComponent")
	if p.doc.Get(p.o, "ImageMask").Bool() {
		p.bits, p.components = 1, 1
		return p.decode()
	}
	name, n := colorSpace(p.doc, p.o.Get("ColorSpace"))
	switch name {
	case "DeviceGray", "CalGray", "DeviceRGB", "CalRGB", "ICCBased":
		p.components = n
		return (n == 1 || n == 3) && p.decode()
	case "Indexed":
		p.components = 1
		return p.colours() && !p.o.Has("Decode")
	}
	return false
}

// decode reads the Decode array: absent, the usual one, or its contrary.
func (p *picture) decode() bool {
	items := p.doc.Get(p.o, "Decode").Items()
	if len(items) == 0 {
		return true
	}
	n, ok := numbers(items, len(items))
	if !ok || len(n) != 2*p.components {
		return false
	}
	p.inverted = n[0] == 1
	for i := 0; i < len(n); i += 2 {
		if !(n[i] == 0 && n[i+1] == 1 && !p.inverted || n[i] == 1 && n[i+1] == 0 && p.inverted) {
			return false
		}
	}
	return true
}

// colours reads the palette.
func (p *picture) colours() bool {
	items := p.doc.Get(p.o, "ColorSpace").Items()
	if len(items) < 4 {
		return false
	}
	_, n := colorSpace(p.doc, items[1])
	table := p.doc.Resolve(items[3])
	raw := table.Bytes()
	if table.Kind() == cos.Stream {
		raw, _, _ = p.doc.Decode(table, 1<<16)
	}
	switch n {
	case 3:
		p.palette = raw[:len(raw)/3*3]
	case 1:
		for _, g := range raw {
			p.palette = append(p.palette, g, g, g)
		}
	}
	return len(p.palette) > 0
}

// jpeg decodes a photograph. The light of a JPEG is its first component.
func (p *picture) jpeg(data []byte) (*raster, bool) {
	head, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil || head.Width != p.w || head.Height != p.h || p.palette != nil {
		return nil, false
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, false
	}
	r := &raster{width: p.w, height: p.h, bits: 8}
	switch img := img.(type) {
	case *image.Gray:
		r.grey = packed(img.Pix, img.Stride, p.w, p.h)
	case *image.YCbCr:
		r.grey = packed(img.Y, img.YStride, p.w, p.h)
		r.coloured = chroma(img)
	default:
		return nil, false
	}
	p.turn(r)
	return r, p.components == 1 || p.components == 3
}

// packed removes what stands between rows.
func packed(pix []byte, stride, w, h int) []byte {
	if stride == w && len(pix) >= w*h {
		return pix[:w*h]
	}
	out := make([]byte, 0, w*h)
	for y := range h {
		out = append(out, pix[y*stride:y*stride+w]...)
	}
	return out
}

// vivid is how far from grey a colour is.
const vivid = 24

// chroma is the share of the pixels that have a colour.
func chroma(img *image.YCbCr) float64 {
	count := 0
	for i, b := range img.Cb {
		db, dr := int(b)-128, int(img.Cr[i])-128
		if db > vivid || db < -vivid || dr > vivid || dr < -vivid {
			count++
		}
	}
	return float64(count) / float64(max(len(img.Cb), 1))
}

// turn makes the contrary of a picture whose samples mean it.
func (p *picture) turn(r *raster) {
	if p.inverted {
		for i := range r.grey {
			r.grey[i] = ^r.grey[i]
		}
	}
}

// fax decodes group 3 in one dimension, and group 4.
func (p *picture) fax(data []byte, parms cos.Object) (*raster, bool) {
	integer := func(key string, otherwise int64) int64 {
		if n, ok := p.doc.Get(parms, key).Int(); ok {
			return n
		}
		return otherwise
	}
	k := integer("K", 0)
	if k > 0 || p.bits > 1 || p.components != 1 || p.palette != nil || int(integer("Columns", 1728)) != p.w {
		return nil, false
	}
	kind := ccitt.Group3
	if k < 0 {
		kind = ccitt.Group4
	}
	o := &ccitt.Options{Align: p.doc.Get(parms, "EncodedByteAlign").Bool(), Invert: p.doc.Get(parms, "BlackIs1").Bool()}
	rows := make([]byte, (p.w+7)/8*p.h)
	if _, err := io.ReadFull(ccitt.NewReader(bytes.NewReader(data), ccitt.MSB, kind, p.w, p.h, o), rows); err != nil {
		return nil, false
	}
	p.bits = 1
	return p.samples(rows)
}
