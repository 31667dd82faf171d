package pdfx

import (
	"strings"

	"paye/internal/pdfx/cos"
)

// Image is a picture that a page shows.
type Image struct {
	Width, Height int    // pixels
	Bits          int    // a component; 0 when the picture says it itself (JPEG 2000)
	Components    int    // 1 grey, 3 RGB, 4 CMYK; 0 when unknown
	ColorSpace    string // DeviceGray, ICCBased, Indexed…
	Filter        string // CCITTFaxDecode, DCTDecode, FlateDecode…
	Bytes         int64  // as stored
	DPI           int    // if it fills its page, as a scan does
}

// BitsPerPixel is 1 for black and white, 0 when unknown.
func (m Image) BitsPerPixel() int { return m.Bits * m.Components }

const (
	pagesVues = 32  // pages whose pictures are looked at
	maxVues   = 256 // pictures of a page that are looked at
)

// pictures are the objects that were looked at, by number: pages share them.
// What is no picture is nil.
type pictures map[int]*Image

// heaviest returns the heaviest picture among the resources of a page, or than
// when none weighs more. A resource that is not what it should be is no reason
// to refuse the document here.
func (known pictures) heaviest(doc *cos.Document, p cos.Page, than Image) Image {
	objects := doc.Get(doc.Resolve(p.Resources), "XObject")
	seen := 0
	for _, o := range objects.Entries() {
		if seen++; seen > maxVues {
			break
		}
		picture := known.of(doc, o)
		if picture == nil {
			continue
		}
		m := *picture
		m.DPI = dpiOf(doc, m, p.MediaBox)
		if heavier(m, than) {
			than = m
		}
	}
	return than
}

// of describes the picture that o is, or refers to; nil when it is none.
func (known pictures) of(doc *cos.Document, o cos.Object) *Image {
	number := o.Number()
	if picture, ok := known[number]; ok {
		return picture
	}
	var picture *Image
	if o = doc.Resolve(o); o.Kind() == cos.Stream && doc.Get(o, "Subtype").IsName("Image") {
		m := imageOf(doc, o)
		picture = &m
	}
	if number > 0 {
		known[number] = picture
	}
	return picture
}

// heavier orders pictures; equal weights are told apart by their pixels, since
// the order of a dictionary is none.
func heavier(m, than Image) bool {
	if m.Bytes != than.Bytes {
		return m.Bytes > than.Bytes
	}
	if m.Width != than.Width {
		return m.Width > than.Width
	}
	return m.Height > than.Height
}

// imageOf describes a picture.
func imageOf(doc *cos.Document, o cos.Object) Image {
	m := Image{Width: positive(doc, o, "Width"), Height: positive(doc, o, "Height"),
		Bits: positive(doc, o, "BitsPerComponent"), Bytes: int64(len(o.Bytes()))}
	if doc.Get(o, "ImageMask").Bool() {
		m.Bits, m.Components, m.ColorSpace = 1, 1, "ImageMask"
	} else {
		m.ColorSpace, m.Components = colorSpace(doc, o.Get("ColorSpace"))
	}
	var names []string
	for _, f := range doc.Filters(o) {
		names = append(names, f.Name)
	}
	m.Filter = strings.Join(names, " ")
	return m
}

// colorSpace names a colour space and counts its components (8.6).
func colorSpace(doc *cos.Document, o cos.Object) (string, int) {
	o = doc.Resolve(o)
	if name := o.Name(); name != "" {
		return name, componentsOf[name]
	}
	items := o.Items()
	if len(items) == 0 {
		return "", 0
	}
	name := doc.Resolve(items[0]).Name()
	if name == "ICCBased" && len(items) > 1 {
		return name, positive(doc, doc.Resolve(items[1]), "N")
	}
	return name, componentsOf[name]
}

var componentsOf = map[string]int{"DeviceGray": 1, "CalGray": 1, "Indexed": 1, "Separation": 1,
	"DeviceRGB": 3, "CalRGB": 3, "Lab": 3, "DeviceCMYK": 4}

// dpiOf is the resolution of a picture that fills a page: its long side
// against that of the box. 0 when the box tells nothing.
func dpiOf(doc *cos.Document, m Image, box cos.Object) int {
	corners := doc.Resolve(box).Items()
	if len(corners) != 4 {
		return 0
	}
	var c [4]float64
	for i := range c {
		var ok bool
		if c[i], ok = doc.Resolve(corners[i]).Float(); !ok {
			return 0
		}
	}
	long := max(c[2]-c[0], c[3]-c[1], c[0]-c[2], c[1]-c[3])
	const most = 14_400 // points a side; 14.11.2 and annex C
	if !(long >= 1 && long <= most) {
		return 0
	}
	return int(min(float64(max(m.Width, m.Height))*72/long, 1e6))
}

// positive returns the value of a key; 0 for what is not a positive integer.
func positive(doc *cos.Document, o cos.Object, key string) int {
	n, ok := doc.Get(o, key).Int()
	if !ok || n < 0 || n > 1<<31 {
		return 0
	}
	return int(n)
}
