package pdfx

import (
	"context"
	"io"

	"paye/internal/pdfx/cos"
)

// Info is what a PDF is.
type Info struct {
	Pages     int
	Size      int64  // bytes
	Version   string // "1.7"
	Encrypted bool   // with permissions only: it opens without a password
	Repaired  bool   // its objects had to be looked for, or its pages are more than it announces: viewers may show less
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
// references, page tree; what is damaged is looked for in the whole file, as
// they do. What cannot be opened, or only with a password, is an
// *anomalie.Anomalie of class PieceManquante; other errors come from r or ctx.
func Inspect(ctx context.Context, r io.ReaderAt, size int64) (Info, error) {
	data, release, err := hold(ctx, r, size)
	if err != nil {
		return Info{}, err
	}
	defer release()
	doc, err := open(data)
	if err != nil {
		return Info{}, err
	}
	return infoOf(doc)
}

// infoOf reads a document, and refuses one that has no page.
func infoOf(doc *cos.Document) (Info, error) {
	i := Info{Size: int64(doc.Size()), Version: versionOf(doc), Encrypted: doc.Encrypted}
	known := make(pictures)
	err := doc.Pages(func(p cos.Page) bool {
		i.Pages++
		if i.Pages <= pagesVues {
			i.Heaviest = known.heaviest(doc, p, i.Heaviest)
		}
		return true
	})
	switch {
	case err != nil:
		return Info{}, Codes.New(Illisible)
	case i.Pages == 0:
		return Info{}, Codes.New(SansPage)
	}
	i.Repaired = doc.Repaired || doc.Cut || doc.Miscounted
	return i, nil
}

// versionOf returns the version of the catalogue when it is later than that of
// the header (7.2.2 of the standard: an update may raise it).
func versionOf(doc *cos.Document) string {
	v := doc.Get(doc.Root(), "Version").Name()
	if len(v) == 3 && v > doc.Header {
		return v
	}
	return doc.Header
}
