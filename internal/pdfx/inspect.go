package pdfx

import (
	"context"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/validate"
)

// Info is what a PDF is.
type Info struct {
	Pages     int
	Size      int64  // bytes
	Version   string // "1.7"
	Encrypted bool   // with permissions only: it opens without a password
	Heaviest  Image  // of the first pages; the zero Image when they have none
}

// PerPage is the weight of a page in bytes.
func (i Info) PerPage() int64 {
	if i.Pages == 0 {
		return i.Size
	}
	return i.Size / int64(i.Pages)
}

// Inspect opens a PDF of size bytes as its readers will: header, cross
// references, objects, page tree. What cannot be opened, or only with a
// password, is an *anomalie.Anomalie of class PieceManquante; other errors
// come from r or ctx.
func Inspect(ctx context.Context, r io.ReaderAt, size int64) (Info, error) {
	info := Info{Size: size}
	err := with(ctx, r, size, func(doc *model.Context) error { return info.fill(doc) })
	if err != nil {
		return Info{}, err
	}
	return info, nil
}

// fill reads the document, and refuses one that has no page.
func (i *Info) fill(doc *model.Context) error {
	i.Version, i.Encrypted = doc.VersionString(), doc.E != nil
	tree := newArbre(doc)
	if err := tree.walk(); err != nil {
		return err
	}
	if tree.pages == 0 {
		return Codes.New(SansPage)
	}
	i.Pages, i.Heaviest = tree.pages, tree.heaviest
	return nil
}

// Validate checks a PDF of size bytes against ISO 32000, as leniently as
// viewers are. A document that does not open gives the anomaly of Inspect, one
// that opens and departs from the standard an avertissement.
func Validate(ctx context.Context, r io.ReaderAt, size int64) error {
	return with(ctx, r, size, func(doc *model.Context) error {
		var info Info
		if err := info.fill(doc); err != nil {
			return err
		}
		if err := conforms(doc); err != nil {
			a := Codes.New(NonConforme)
			a.Trouve = reason(err)
			return a
		}
		return nil
	})
}

// conforms runs the checks of the library, whose panics tell no more than its
// errors.
func conforms(doc *model.Context) (err error) {
	defer recovered(&err)
	return validate.XRefTable(doc)
}
