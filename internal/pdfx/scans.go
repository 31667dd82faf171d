package pdfx

import (
	"bytes"
	"context"
	"io"
	"math"

	"golang.org/x/image/ccitt"

	"paye/internal/group4"
	"paye/internal/pdfx/cos"
)

// scans are the pictures that are made again, and the pages they are on.
type scans struct {
	streams map[int]stream
	pages   map[int]bool // from 1
}

// What makes a page a scan, and a picture a document. The resolution is that
// of the DGFiP note. The shares were measured: documents have 0.14 of black by a
// local level at most, photographs 0.2 to 0.9; stamps and strokes of a pen give
// 0.003 of colour, letterheads ten times that.
const (
	dpiWanted   = 200
	dpiLeast    = 210  // below, a picture in black and white is left as it is
	dpiColour   = 190  // below, one in colours is left as it is
	dpiMost     = 2400 // above, the page is not to be believed
	minSide     = 72   // points: a page with a shorter side is no document [I]
	minCover    = 0.85 // share of the page that the pictures cover
	maxOverlap  = 0.02 // share of the page that they cover twice
	maxBlack    = 0.12 // share of the pixels from which a level is doubted
	maxSolid    = 0.02 // share of tiles that are mostly black, likewise
	maxBetween  = 0.12 // share of the pixels that are neither ink nor paper, likewise
	maxLocal    = 0.15 // share of the pixels that are black by a local level: a picture
	maxColoured = 0.04 // share of the pixels that have a colour: a picture
)

// scansOf finds the pages that are scans and makes their pictures again, black
// and white at 200 dpi. A page whose pictures cannot all be made is left as it
// is, and so is one that is no document: colours, or greys, are what it shows.
func scansOf(ctx context.Context, doc *cos.Document) (scans, error) {
	found := scans{streams: make(map[int]stream), pages: make(map[int]bool)}
	var candidates [][]Placed
	uses := make(map[int]int) // of a picture
	err := doc.Pages(func(p cos.Page) bool {
		s := shownOn(doc, p)
		for _, placed := range s.pictures {
			uses[placed.number]++
		}
		if s.ink || !covers(doc, p, s.pictures) {
			s.pictures = nil
		}
		candidates = append(candidates, s.pictures)
		return ctx.Err() == nil && !doc.Exhausted()
	})
	if err != nil || ctx.Err() != nil || doc.Exhausted() {
		return scans{}, ctx.Err()
	}
	for i, pictures := range candidates {
		if len(pictures) == 0 {
			continue
		}
		if ctx.Err() != nil {
			return scans{}, ctx.Err()
		}
		if made, ok := remade(doc, pictures, uses); ok {
			found.pages[i+1] = true
			for n, s := range made {
				found.streams[n] = s
			}
		}
	}
	return found, nil
}

// covers reports whether pictures, side by side, are what a page shows.
func covers(doc *cos.Document, p cos.Page, pictures []Placed) bool {
	box := boxOf(doc, p)
	page := box.area()
	if !(min(box[2]-box[0], box[3]-box[1]) >= minSide) || len(pictures) == 0 || len(pictures) > 64 {
		return false
	}
	covered, twice := 0.0, 0.0
	for i, a := range pictures {
		in := a.m.box().within(box)
		covered += in.area()
		for _, b := range pictures[:i] {
			twice += in.within(b.m.box()).area()
		}
	}
	return covered-twice >= minCover*page && twice <= maxOverlap*page
}

// boxOf is the part of a page that is shown.
func boxOf(doc *cos.Document, p cos.Page) rectangle {
	box := rectangleOf(doc, p.MediaBox)
	if crop := rectangleOf(doc, p.Object.Get("CropBox")); crop.area() > 0 {
		box = crop.within(box)
	}
	return box
}

func rectangleOf(doc *cos.Document, o cos.Object) rectangle {
	items := doc.Resolve(o).Items()
	if len(items) != 4 {
		return rectangle{}
	}
	var c [4]float64
	for i, item := range items {
		c[i], _ = doc.Resolve(item).Float()
	}
	return rectangle{min(c[0], c[2]), min(c[1], c[3]), max(c[0], c[2]), max(c[1], c[3])}
}

// remade makes the pictures of a page again; false when one of them has to
// stay, or none would be lighter.
func remade(doc *cos.Document, pictures []Placed, uses map[int]int) (map[int]stream, bool) {
	made := make(map[int]stream)
	before, after := 0, 0
	for _, p := range pictures {
		least := float64(dpiColour)
		if positive(doc, p.object, "BitsPerComponent") == 1 || doc.Get(p.object, "ImageMask").Bool() {
			least = dpiLeast
		}
		if p.number == 0 || uses[p.number] != 1 || min(p.DPIX, p.DPIY) < least || max(p.DPIX, p.DPIY) > dpiMost {
			return nil, false
		}
	}
	for _, p := range pictures {
		own, err := doc.Again() // what one picture inflates to does not count for the next
		if err != nil {
			return nil, false
		}
		r, ok := rasterOf(own, own.Object(p.number))
		if !ok {
			return nil, false
		}
		width := max(int(math.Round(float64(r.width)*dpiWanted/p.DPIX)), 1)
		height := max(int(math.Round(float64(r.height)*dpiWanted/p.DPIY)), 1)
		b, ok := blackAndWhite(r.scaled(min(width, r.width), min(height, r.height)))
		if !ok {
			return nil, false
		}
		var e group4.Encoder
		data := e.Page(b.width, b.height, b.row)
		if !decodes(data, b) {
			return nil, false
		}
		made[p.number] = stream{faxDict(doc, p.object, b, len(data)), data}
		before += len(p.object.Bytes())
		after += len(data)
	}
	return made, after < before
}

// blackAndWhite makes a bitmap of greys; false when they are a picture that is
// no document.
func blackAndWhite(r *raster) (*bilevel, bool) {
	if r.coloured > maxColoured {
		return nil, false
	}
	h := r.histogram()
	if r.bits == 1 {
		return r.threshold(255 * 5 / 8), true // three eighths of the area: thin strokes stay
	}
	level := otsu(&h)
	b := r.threshold(level)
	if b.black() <= maxBlack && b.solid() <= maxSolid && between(&h, level) <= maxBetween {
		return b, true
	}
	b = r.sauvola()
	return b, b.black() <= maxLocal
}

// faxDict is the dictionary of a picture in group 4, with every key that
// readers want; what else the picture had stays.
func faxDict(doc *cos.Document, o cos.Object, b *bilevel, length int) cos.Object {
	d := o.Dict().Without("Width", "Height", "BitsPerComponent", "ColorSpace", "Filter", "DecodeParms", "F", "DP", "Decode", "Length",
		"Intent", "Interpolate", "Type", "Subtype")
	d = d.With("Type", cos.NameOf("XObject")).With("Subtype", cos.NameOf("Image")).
		With("Width", cos.IntOf(b.width)).With("Height", cos.IntOf(b.height)).With("BitsPerComponent", cos.IntOf(1)).
		With("Filter", cos.NameOf("CCITTFaxDecode")).
		With("DecodeParms", cos.DictOf("K", cos.IntOf(-1), "Columns", cos.IntOf(b.width), "Rows", cos.IntOf(b.height))).
		With("Length", cos.IntOf(length))
	if !doc.Get(o, "ImageMask").Bool() {
		d = d.With("ColorSpace", cos.NameOf("DeviceGray"))
	}
	return d
}

// decodes reads a coded bitmap with a decoder that is not ours.
func decodes(data []byte, b *bilevel) bool {
	stride := (b.width + 7) / 8
	rows := make([]byte, stride*b.height)
	r := ccitt.NewReader(bytes.NewReader(data), ccitt.MSB, ccitt.Group4, b.width, b.height, &ccitt.Options{Invert: true})
	if _, err := io.ReadFull(r, rows); err != nil {
		return false
	}
	for y := range b.height {
		for i, w := range b.row(y) {
			for k := 0; k < 8 && i*8+k < stride; k++ {
				want := byte(w >> (56 - 8*k))
				if rest := b.width - (i*8+k)*8; rest < 8 {
					want &= byte(0xFF << (8 - rest))
				}
				got := rows[y*stride+i*8+k]
				if rest := b.width - (i*8+k)*8; rest < 8 {
					got &= byte(0xFF << (8 - rest))
				}
				if got != want {
					return false
				}
			}
		}
	}
	return true
}
