package pdfx

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/validate"
)

// configuration is the library's, without its folder of configuration files
// and without its network.
var configuration = sync.OnceValue(func() *model.Configuration {
	api.DisableConfigDir()
	c := model.NewDefaultConfiguration()
	c.ValidationMode = model.ValidationRelaxed
	c.Offline = true
	c.DecodeAllStreams = false
	c.Limits.MaxStreamBytes = MaxSize
	c.Limits.MaxObjectStreamFirst = 1 << 20
	return c
})

// Validate checks a PDF of size bytes against ISO 32000, as leniently as the
// library does. A document that does not open gives the anomaly of Inspect, one
// that opens and departs from the standard an avertissement: viewers mind less
// than the library.
func Validate(ctx context.Context, r io.ReaderAt, size int64) error {
	data, release, err := hold(ctx, r, size)
	if err != nil {
		return err
	}
	defer release()
	if _, err := open(data); err != nil {
		return err
	}
	if err := conforms(ctx, data); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		a := Codes.New(NonConforme)
		a.Trouve = reason(err)
		return a
	}
	return nil
}

// conforms runs the checks of the library, whose panics tell no more than its
// errors.
func conforms(ctx context.Context, data []byte) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%v", cause)
		}
	}()
	conf := *configuration()
	limits(&conf.Limits, data)
	doc, err := pdfcpu.ReadWithContext(ctx, bytes.NewReader(data), &conf)
	if err != nil {
		return err
	}
	return validate.XRefTable(doc)
}

// Bounds of what a document may make the library allocate. A document of n
// bytes has room for n/4 objects at most; what its object streams inflate to
// is kept by the library, so that they share one budget.
const (
	maxObjets    = 250_000
	budgetObjets = 32 << 20 // bytes, inflated, of all object streams
	maxObjStm    = 16 << 20 // of one
	minObjStm    = 128 << 10
)

// limits sets l for the document in data, whose object streams it counts.
// Their name may be written with escapes, which no honest program does to a
// letter: an escaped letter counts as one of them, in the noise of compressed
// pictures as well.
func limits(l *model.ResourceLimits, data []byte) {
	count := int64(bytes.Count(data, []byte("ObjStm"))) + escapes(data)
	l.MaxDecodeBytes = min(max(budgetObjets/max(count, 1), minObjStm), maxObjStm)
	l.MaxObjectCount = min(len(data)/4+1000, maxObjets)
	l.MaxXRefEntries = l.MaxObjectCount
	l.MaxObjectStreamCount = l.MaxObjectCount
}

// escapes counts the letters that are written #xx (ISO 32000-1, 7.3.5).
func escapes(chunk []byte) (n int64) {
	for {
		i := bytes.IndexByte(chunk, '#')
		if i < 0 || i+2 >= len(chunk) {
			return n
		}
		if hi, lo := chunk[i+1], chunk[i+2]; hi >= '4' && hi <= '7' && (lo >= '0' && lo <= '9' || lo|0x20 >= 'a' && lo|0x20 <= 'f') {
			n++
		}
		chunk = chunk[i+1:]
	}
}

// reason is the end of what the library says, in its words.
func reason(err error) string {
	s := err.Error()
	if i := strings.LastIndex(s, ": "); i >= 0 {
		s = s[i+2:]
	}
	const most = 80
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strings.ToValidUTF8(strings.Map(printable, s), "?")
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7F {
		return ' '
	}
	return r
}
