package pdfx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"golang.org/x/sync/semaphore"

	"paye/internal/anomalie"
)

// MaxSize is the size, in bytes, of the largest PDF that is opened: the
// library holds a document in memory.
const MaxSize = 64 << 20

// enVol bounds the bytes of the PDF that are open at once in the whole
// process; a larger one is open alone.
const enVol = 32 << 20

var inFlight = semaphore.NewWeighted(enVol)

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

// with opens the PDF of size bytes in r and gives it to use, while no more
// than enVol bytes are open. What the document does wrong, panics of the
// library included, comes back as an *anomalie.Anomalie; the other errors are
// those of r and of ctx.
func with(ctx context.Context, r io.ReaderAt, size int64, use func(*model.Context) error) error {
	if size > MaxSize {
		return Codes.New(TropGros, size, int64(MaxSize))
	}
	weight := min(max(size, 1), enVol)
	if err := inFlight.Acquire(ctx, weight); err != nil {
		return err
	}
	defer inFlight.Release(weight)

	src := &source{ReadSeeker: io.NewSectionReader(r, 0, size)}
	conf := *configuration()
	if err := limits(&conf.Limits, src, size); err != nil {
		return fmt.Errorf("read PDF: %w", err)
	}
	err := guarded(ctx, src, &conf, use)
	switch {
	case src.err != nil:
		return fmt.Errorf("read PDF: %w", src.err)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return err
}

// guarded runs the library; its panics are faults of the document.
func guarded(ctx context.Context, src io.ReadSeeker, conf *model.Configuration, use func(*model.Context) error) (err error) {
	defer func() {
		if recover() != nil {
			err = Codes.New(Illisible)
		}
	}()
	doc, err := pdfcpu.ReadWithContext(ctx, src, conf)
	if errors.Is(err, pdfcpu.ErrWrongPassword) {
		return Codes.New(Encrypted)
	}
	if err == nil {
		err = use(doc)
	}
	var a *anomalie.Anomalie
	if err == nil || errors.As(err, &a) {
		return err
	}
	return Codes.New(Illisible) // the library's words say nothing to those who have to act
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

// limits sets l for the document in src, and rewinds src. It reads the
// document once to count its object streams. Their name may be written with
// escapes, which no honest program does to a letter: an escaped letter counts
// as one of them, in the noise of compressed pictures as well.
func limits(l *model.ResourceLimits, src io.ReadSeeker, size int64) error {
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return err
	}
	const name = "ObjStm"
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	count, kept := int64(0), 0
	for {
		n, err := io.ReadFull(src, (*buf)[kept:])
		chunk := (*buf)[:kept+n]
		count += int64(bytes.Count(chunk, []byte(name))) + escapes(chunk)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return err
		}
		kept = copy(*buf, chunk[len(chunk)-len(name)+1:])
	}
	l.MaxDecodeBytes = min(max(budgetObjets/max(count, 1), minObjStm), maxObjStm)
	l.MaxObjectCount = int(min(size/4+1000, maxObjets))
	l.MaxXRefEntries = l.MaxObjectCount
	l.MaxObjectStreamCount = l.MaxObjectCount
	_, err := src.Seek(0, io.SeekStart)
	return err
}

var buffers = sync.Pool{New: func() any { b := make([]byte, 64<<10); return &b }}

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

// source remembers the error of the reader below, which the library would
// wrap in its own.
type source struct {
	io.ReadSeeker
	err error
}

func (s *source) Read(b []byte) (int, error) {
	n, err := s.ReadSeeker.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}
