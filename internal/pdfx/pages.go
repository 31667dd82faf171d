package pdfx

import (
	"errors"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
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

// arbre walks a page tree (ISO 32000-1, 7.7.3). The announced /Count is not
// believed: pages are counted where they are.
type arbre struct {
	doc      *model.Context
	seen     map[int]bool // object numbers of the nodes
	pages    int
	heaviest Image
}

const (
	maxProfondeur = 64 // levels of a page tree
	pagesVues     = 32 // pages whose pictures are looked at
)

func newArbre(doc *model.Context) *arbre {
	return &arbre{doc: doc, seen: make(map[int]bool)}
}

// herite is what a page takes from the nodes above it.
type herite struct{ resources, box types.Object }

func (a *arbre) walk() error {
	root, err := a.doc.Pages()
	if err != nil {
		return err
	}
	if root == nil {
		return errors.New("page tree is missing")
	}
	return a.node(*root, herite{}, 1)
}

func (a *arbre) node(o types.Object, h herite, depth int) error {
	if depth > maxProfondeur {
		return errors.New("page tree is too deep")
	}
	ref, ok := o.(types.IndirectRef)
	if !ok {
		return errors.New("page tree holds something that is not a reference")
	}
	n := ref.ObjectNumber.Value()
	if a.seen[n] {
		return errors.New("page tree holds a page twice")
	}
	a.seen[n] = true
	d, err := a.doc.DereferenceDict(ref)
	if err != nil {
		return err
	}
	if d == nil {
		return errors.New("pages are missing")
	}
	if o, ok := d["Resources"]; ok {
		h.resources = o
	}
	if o, ok := d["MediaBox"]; ok {
		h.box = o
	}
	kids, tree := d["Kids"]
	if !tree {
		a.pages++
		if a.pages <= pagesVues {
			a.images(h)
		}
		return nil
	}
	list, err := a.doc.DereferenceArray(kids)
	if err != nil {
		return err
	}
	for _, kid := range list {
		if kid == nil { // the null object
			continue
		}
		if err := a.node(kid, h, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// images keeps the heaviest picture among the resources of a page. A resource
// that is not what it should be is no reason to refuse the document here.
func (a *arbre) images(h herite) {
	resources, err := a.doc.DereferenceDict(h.resources)
	if err != nil || resources == nil {
		return
	}
	objects, err := a.doc.DereferenceDict(resources["XObject"])
	if err != nil {
		return
	}
	for _, o := range objects {
		sd, _, err := a.doc.DereferenceStreamDict(o)
		if err != nil || sd == nil || sd.Subtype() == nil || *sd.Subtype() != "Image" {
			continue
		}
		m := a.image(sd)
		m.DPI = a.dpi(m, h.box)
		if heavier(m, a.heaviest) {
			a.heaviest = m
		}
	}
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

func (a *arbre) image(sd *types.StreamDict) Image {
	m := Image{Width: a.integer(sd.Dict["Width"]), Height: a.integer(sd.Dict["Height"]),
		Bits: a.integer(sd.Dict["BitsPerComponent"]), Bytes: int64(len(sd.Raw))}
	if mask := sd.Dict.BooleanEntry("ImageMask"); mask != nil && *mask {
		m.Bits, m.Components, m.ColorSpace = 1, 1, "ImageMask"
	} else {
		m.ColorSpace, m.Components = a.colorSpace(sd.Dict["ColorSpace"])
	}
	names := make([]string, 0, len(sd.FilterPipeline))
	for _, f := range sd.FilterPipeline {
		names = append(names, f.Name)
	}
	m.Filter = strings.Join(names, " ")
	return m
}

// colorSpace names a colour space and counts its components (8.6).
func (a *arbre) colorSpace(o types.Object) (string, int) {
	o, err := a.doc.Dereference(o)
	if err != nil {
		return "", 0
	}
	switch o := o.(type) {
	case types.Name:
		return string(o), componentsOf[string(o)]
	case types.Array:
		if len(o) == 0 {
			return "", 0
		}
		name, _ := o[0].(types.Name)
		if name == "ICCBased" && len(o) > 1 {
			if sd, _, err := a.doc.DereferenceStreamDict(o[1]); err == nil && sd != nil {
				return "ICCBased", a.integer(sd.Dict["N"])
			}
		}
		return string(name), componentsOf[string(name)]
	}
	return "", 0
}

var componentsOf = map[string]int{"DeviceGray": 1, "CalGray": 1, "Indexed": 1, "Separation": 1,
	"DeviceRGB": 3, "CalRGB": 3, "Lab": 3, "DeviceCMYK": 4}

// dpi is the resolution of a picture that fills a page: its long side against
// that of the box. 0 when the box tells nothing.
func (a *arbre) dpi(m Image, box types.Object) int {
	corners, err := a.doc.DereferenceArray(box)
	if err != nil || len(corners) != 4 {
		return 0
	}
	var c [4]float64
	for i := range c {
		if c[i], err = a.doc.DereferenceNumber(corners[i]); err != nil {
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

// integer returns 0 for what is not a positive integer.
func (a *arbre) integer(o types.Object) int {
	n, err := a.doc.DereferenceInteger(o)
	if err != nil || n == nil {
		return 0
	}
	return max(n.Value(), 0)
}
