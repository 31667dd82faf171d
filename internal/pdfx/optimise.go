package pdfx

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/validate"
)

// Optimise writes to w a lighter twin of the PDF of size bytes in r, and
// returns its size; 0, with nothing written, when there is none: the twin
// would not be smaller, or not be opened with the same pages, or the document
// is signed or encrypted, which rewriting would undo. The same document gives
// the same bytes: its dates are kept, not replaced by today's.
//
// Duplicate objects are merged, objects compressed; pictures are not touched,
// so that a heavy scan stays one.
func Optimise(ctx context.Context, r io.ReaderAt, size int64, w io.Writer) (int64, error) {
	data, release, err := hold(ctx, r, size)
	if err != nil {
		return 0, err
	}
	defer release()
	info, features, err := Look(ctx, Bytes(data), size)
	if err != nil || info.Encrypted || features.Signed || features.PDFA != "" {
		return 0, err
	}
	twin := lighter{limit: len(data) - 1}
	if rewrite(ctx, data, &twin) != nil {
		return 0, nil
	}
	again, err := Inspect(ctx, bytes.NewReader(twin.Bytes()), int64(twin.Len()))
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	if err != nil || again.Pages != info.Pages {
		return 0, nil
	}
	n, err := w.Write(twin.Bytes())
	if err != nil {
		return 0, fmt.Errorf("write the optimised PDF: %w", err)
	}
	return int64(n), nil
}

// lighter is a buffer that refuses to become as large as the document.
type lighter struct {
	bytes.Buffer
	limit int
}

func (l *lighter) Write(b []byte) (int, error) {
	if l.Len()+len(b) > l.limit {
		return 0, errors.New("not smaller")
	}
	return l.Buffer.Write(b)
}

// rewrite writes the document, optimised, to twin.
func rewrite(ctx context.Context, data []byte, twin *lighter) (err error) {
	defer recovered(&err)
	conf := *configuration()
	limits(&conf.Limits, data)
	doc, err := pdfcpu.ReadWithContext(ctx, bytes.NewReader(data), &conf)
	if err != nil {
		return err
	}
	doc.Cmd = model.OPTIMIZE
	dates := datesOf(doc)
	if err := validate.XRefTable(doc); err != nil {
		return err
	}
	if err := api.OptimizeContext(doc); err != nil {
		return err
	}
	if err := api.WriteContext(doc, twin); err != nil {
		return err
	}
	return undate(doc, twin.Bytes(), dates)
}

// datesOf returns the dates of the document information dictionary, which the
// library replaces.
func datesOf(doc *model.Context) map[string]string {
	dates := make(map[string]string)
	if doc.Info == nil {
		return dates
	}
	d, err := doc.DereferenceDict(*doc.Info)
	if err != nil {
		return dates
	}
	for _, key := range [...]string{"CreationDate", "ModDate"} {
		if s, ok := d[key].(types.StringLiteral); ok {
			if t, ok := types.DateTime(string(s), true); ok {
				dates[key] = types.DateString(t)
			}
		}
	}
	return dates
}

// undate puts the dates of the document back, and derives its new identifier
// from its content, in the bytes that the library wrote: both have a fixed
// width. A document without dates is given that of the Unix epoch, which says
// that it is not one.
func undate(doc *model.Context, twin []byte, dates map[string]string) error {
	if doc.Info == nil {
		return errors.New("no document information")
	}
	at, ok := doc.Write.Table[doc.Info.ObjectNumber.Value()]
	if !ok || at < 0 || at >= int64(len(twin)) {
		return errors.New("document information not found")
	}
	info := twin[at:]
	if end := bytes.Index(info, []byte("endobj")); end >= 0 {
		info = info[:end]
	}
	const epoch = "D:19700101000000+00'00'"
	for _, key := range [...]string{"CreationDate", "ModDate"} {
		i := bytes.Index(info, []byte("/"+key+"("))
		if i < 0 {
			return errors.New("date not found")
		}
		value := info[i+len(key)+2:]
		date, known := dates[key]
		if !known {
			date = epoch
		}
		if len(value) <= len(date) || value[len(date)] != ')' {
			return errors.New("date of another width")
		}
		copy(value, date)
	}
	// The second identifier is the last hexadecimal string of the trailer.
	i := bytes.LastIndex(twin, []byte("/ID["))
	if i < 0 {
		return errors.New("identifier not found")
	}
	id := twin[i:]
	id = id[:max(bytes.IndexByte(id, ']'), 0)]
	open, end := bytes.LastIndexByte(id, '<'), bytes.LastIndexByte(id, '>')
	if open < 0 || end-open-1 != 32 {
		return errors.New("identifier of another form")
	}
	zero := bytes.Repeat([]byte("0"), 32)
	fresh := id[open+1 : end]
	old := bytes.Clone(fresh)
	// A document that had none is given the same one twice.
	for bytes.Contains(id, old) && !bytes.Equal(old, zero) {
		copy(id[bytes.Index(id, old):], zero)
	}
	sum := fmt.Appendf(nil, "%X", sha256.Sum256(twin))[:32]
	for bytes.Contains(id, zero) {
		copy(id[bytes.Index(id, zero):], sum)
	}
	return nil
}

// recovered turns a panic of the library into an error.
func recovered(err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("%v", cause)
	}
}
