package pdfx

import (
	"context"
	"fmt"
	"io"

	"paye/internal/pdfx/cos"
)

// Kept says why a document has no lighter twin.
type Kept string

// The reasons, in the order in which they are looked for.
const (
	KeptSigned    Kept = "signe"      // a twin would not bear the signature
	KeptEncrypted Kept = "chiffre"    // a twin would lose the permissions
	KeptPDFA      Kept = "pdfa"       // a twin would lose the conformity that it claims
	KeptDoubt     Kept = "doute"      // damaged, or written in a way that may be read otherwise
	KeptDiffers   Kept = "difference" // the twin does not show the same
	KeptLight     Kept = "leger"      // the twin is not lighter
	KeptNotPDF    Kept = "format"     // for callers: no PDF at all
)

// Judge compares pages as they are shown, beyond what Optimise compares. It
// returns an error for documents that show something else. Scans are the pages
// whose picture was made again: they have to look alike, the others to be the
// same.
type Judge interface {
	Same(ctx context.Context, original, twin []byte, pages int, scans map[int]bool) error
}

// OptimiseOptions is how twins are made. The zero value compares structures
// alone and leaves pictures as they are.
type OptimiseOptions struct {
	Scans bool  // scans become black and white at 200 dpi
	Judge Judge // nil when there is none
}

// Outcome is what Optimise did.
type Outcome struct {
	Size  int64 // bytes of the twin; 0 when there is none
	Kept  Kept  // why there is none
	Scans int   // pages whose picture was made again
}

// Optimise writes to w a lighter twin of the PDF of size bytes in r. Objects
// are copied as they are: equal ones once, compressed, without those that
// nothing refers to. With Scans, the pictures of scanned pages become black
// and white at 200 dpi, what the DGFiP note asks for. The twin is then read
// again and held against the original, object by object, and page by page by
// the judge when there is one: at the least doubt nothing is written.
//
// The same document gives the same bytes. A document that does not open is an
// *anomalie.Anomalie; other errors are those of r, w and ctx.
func Optimise(ctx context.Context, r io.ReaderAt, size int64, w io.Writer, o OptimiseOptions) (Outcome, error) {
	data, release, err := hold(ctx, r, size)
	if err != nil {
		return Outcome{}, err
	}
	defer release()
	doc, err := open(data)
	if err != nil {
		return Outcome{}, err
	}
	info, err := infoOf(doc)
	if err != nil {
		return Outcome{}, err
	}
	if kept, err := keeps(doc); err != nil || kept != "" {
		return Outcome{Kept: kept}, err
	}
	var scans scans
	if o.Scans {
		if scans, err = scansOf(ctx, doc); err != nil {
			return Outcome{}, err
		}
	}
	made, out := lighter(ctx, doc, data, info, scans, o.Judge)
	if ctx.Err() != nil {
		return Outcome{}, ctx.Err()
	}
	if out.Kept != "" {
		return out, nil
	}
	n, err := w.Write(made)
	if err != nil {
		return Outcome{}, fmt.Errorf("write the optimised PDF: %w", err)
	}
	out.Size = int64(n)
	return out, nil
}

// keeps says why a document is not to be rewritten.
func keeps(doc *cos.Document) (Kept, error) {
	found, err := featuresOf(doc)
	switch {
	case err != nil:
		return KeptDoubt, nil
	case found.Signed:
		return KeptSigned, nil
	case doc.Encrypted:
		return KeptEncrypted, nil
	case found.PDFA != "":
		return KeptPDFA, nil
	case doc.Repaired || doc.Cut || doc.Miscounted:
		return KeptDoubt, nil
	}
	return "", nil
}

// lighter makes the twin and holds it against the original.
func lighter(ctx context.Context, doc *cos.Document, data []byte, info Info, scans scans, judge Judge) ([]byte, Outcome) {
	// What featuresOf saw beside the document does not make it odd: it is read
	// afresh.
	doc, err := doc.Again()
	if err != nil {
		return nil, Outcome{Kept: KeptDoubt}
	}
	t, ok := newTwin(doc, scans.streams)
	if !ok || doc.Odd() {
		return nil, Outcome{Kept: KeptDoubt}
	}
	made := t.bytes()
	if len(made) >= len(data) {
		return nil, Outcome{Kept: KeptLight}
	}
	again, err := cos.Open(made)
	if err != nil || again.Odd() || same(doc, again, scans.streams) != nil {
		return nil, Outcome{Kept: KeptDiffers}
	}
	if i, err := infoOf(again); err != nil || i.Pages != info.Pages {
		return nil, Outcome{Kept: KeptDiffers}
	}
	if judge != nil && judge.Same(ctx, data, made, info.Pages, scans.pages) != nil {
		return nil, Outcome{Kept: KeptDiffers}
	}
	return made, Outcome{Scans: len(scans.pages)}
}
