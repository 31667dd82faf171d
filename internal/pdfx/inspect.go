package pdfx

import (
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

// inFlight bounds the bytes of the PDF that are open at once, in the whole
// process: as many small ones as there are cores, one large one.
var inFlight = semaphore.NewWeighted(MaxSize)

// Info is what a PDF is.
type Info struct {
	Pages     int
	Size      int64  // bytes
	Version   string // "1.7"
	Encrypted bool   // with permissions only: it opens without a password
}

// PerPage is the weight of a page in bytes.
func (i Info) PerPage() int64 {
	if i.Pages == 0 {
		return i.Size
	}
	return i.Size / int64(i.Pages)
}

// configuration is the library's, without its folder of configuration files,
// its network, or more memory than a justificatif deserves.
var configuration = sync.OnceValue(func() *model.Configuration {
	api.DisableConfigDir()
	c := model.NewDefaultConfiguration()
	c.ValidationMode = model.ValidationRelaxed
	c.Offline = true
	c.Limits.MaxDecodeBytes = MaxSize
	c.Limits.MaxStreamBytes = MaxSize
	c.DecodeAllStreams = false
	return c
})

// Inspect opens a PDF of size bytes as its readers will: header, cross
// references, objects, pages. What cannot be opened, or only with a password,
// is an *anomalie.Anomalie of class PieceManquante; other errors come from r.
func Inspect(ctx context.Context, r io.ReaderAt, size int64) (Info, error) {
	if size > MaxSize {
		return Info{}, Codes.New(TropGros, size, int64(MaxSize))
	}
	if err := inFlight.Acquire(ctx, max(size, 1)); err != nil {
		return Info{}, err
	}
	defer inFlight.Release(max(size, 1))
	src := &source{ReadSeeker: io.NewSectionReader(r, 0, size)}
	doc, err := open(src)
	if src.err != nil {
		return Info{}, fmt.Errorf("read PDF: %w", src.err)
	}
	if err != nil {
		return Info{}, err
	}
	info := Info{Pages: doc.PageCount, Size: size, Encrypted: doc.E != nil}
	if doc.HeaderVersion != nil {
		info.Version = doc.HeaderVersion.String()
	}
	if info.Pages == 0 {
		return info, Codes.New(SansPage)
	}
	return info, nil
}

// open parses the document; a panic of the library is an unreadable PDF.
func open(rs io.ReadSeeker) (doc *model.Context, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			doc, err = nil, unreadable(fmt.Errorf("%v", cause))
		}
	}()
	conf := *configuration()
	if doc, err = api.ReadContext(rs, &conf); err == nil {
		err = doc.EnsurePageCount()
	}
	if err == nil && doc.PageCount > 0 {
		// The count is announced; the last page is there if the tree is sound.
		page, _, _, pageErr := doc.PageDict(doc.PageCount, false)
		if err = pageErr; err == nil && page == nil {
			err = errors.New("pages are missing")
		}
	}
	switch {
	case errors.Is(err, pdfcpu.ErrWrongPassword):
		return nil, Codes.New(Chiffre)
	case err != nil:
		return nil, unreadable(err)
	}
	return doc, nil
}

// unreadable keeps the end of what the library says: the reason, in its words.
func unreadable(err error) *anomalie.Anomalie {
	reason := err.Error()
	if i := strings.LastIndex(reason, ": "); i >= 0 {
		reason = reason[i+2:]
	}
	const most = 80
	if r := []rune(reason); len(r) > most {
		reason = string(r[:most]) + "…"
	}
	return Codes.New(Illisible, strings.ToValidUTF8(strings.Map(printable, reason), "?"))
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

// pageLourde is the weight of a page, in bytes, above which a scan is likely
// to be in colour or above 200 dpi: one and a half times the 89 Ko of the
// DGFiP note, which a 300 dpi scan exceeds. The factor is inferred.
const pageLourde = 89_000 * 3 / 2

// Advice returns what would make the document lighter; nil when it is as it
// should be.
func (i Info) Advice() *anomalie.Anomalie {
	if i.PerPage() <= pageLourde {
		return nil
	}
	a := Codes.New(PagesLourd, i.PerPage())
	a.Trouve, a.Attendu = fmt.Sprint(i.PerPage()), "89000"
	return a
}
