package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"sync"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/cores"
	"paye/internal/lang"
	"paye/internal/pdfx"
	"paye/internal/sha"
	"paye/internal/share"
	"paye/splitter"
)

// mesure is what the bytes of a file are.
type mesure struct {
	sha  [32]byte
	size compress.Piece
	mime string
	ext  string

	scan     int                  // pages of a heavy scan, 0 for anything else
	findings []*anomalie.Anomalie // what there is to say of it
}

// measure reads the files at paths, several at a time, and keeps what they
// are. What is missing or unreadable is an anomaly of class PieceManquante.
func (c *catalogue) measure(ctx context.Context, paths []string, id func(path string) string) error {
	var pending []string
	for _, p := range paths {
		if c.measured[p] == nil {
			c.measured[p] = new(mesure)
			pending = append(pending, p)
		}
	}
	workers := c.dem.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var session *share.Session
	if len(pending) > 1 {
		session = share.Open(ctx, Justificatifs)
	}
	defer session.Close()
	if session != nil {
		workers += share.Ahead // that wait for the other instance
	}
	err := cores.Each(ctx, workers, len(pending), func(ctx context.Context, n int) error {
		return c.measureOne(ctx, session, pending[n], id(pending[n]), c.measured[pending[n]])
	})
	if err != nil {
		return err
	}
	for _, p := range pending {
		for _, a := range c.measured[p].findings {
			c.dem.Anomalie(a)
		}
	}
	return nil
}

// beginning is how much of a piece is kept while it is looked at, in bytes: most
// pieces are read once.
const beginning = 1 << 20

var beginnings = sync.Pool{New: func() any { return new([beginning]byte) }}

func (c *catalogue) measureOne(ctx context.Context, session *share.Session, p, id string, m *mesure) error {
	missing := func(err error) error {
		if anomalie.Unreachable(err) || errors.Is(err, fs.ErrInvalid) {
			a := Codes.New(PieceManquante, id, p, lang.Phrase{})
			return a
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return unreadable(p, err)
	}
	f, err := c.dossier.Open(p)
	if err != nil {
		return missing(err)
	}
	defer f.Close()
	buf := beginnings.Get().(*[beginning]byte)
	defer beginnings.Put(buf)
	k, err := io.ReadFull(f, buf[:])
	small := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	if err != nil && !small {
		return missing(err)
	}
	kind := pdfx.Sniff(buf[:min(k, pdfx.SniffSize)])
	m.mime, m.ext = kind.MIME(), kind.Extension()
	if small && m.elsewhere(ctx, session, p, buf[:k]) {
		c.dem.Progress.Add(int64(k))
		return nil
	}
	content := io.Reader(bytes.NewReader(buf[:k]))
	if !small {
		content = io.MultiReader(content, f)
	}
	if err := m.read(content, func(n int) { c.dem.Progress.Add(int64(n)) }); err != nil {
		return missing(err)
	}
	if m.size.Raw == 0 {
		a := Codes.New(PieceVide, id)
		a.Fichier = p
		return a
	}
	at, seekable := f.(io.ReaderAt)
	switch {
	case small, !kind.MayOpen():
		at = pdfx.Bytes(buf[:k])
	case seekable:
	default: // what may be a PDF inside a zip
		if at, err = c.whole(p, m.size.Raw); err != nil {
			return err
		}
	}
	return c.examine(ctx, p, id, at, m)
}

// read takes the digest of a piece and measures what it travels as.
func (m *mesure) read(content io.Reader, count func(int)) (err error) {
	enc := compress.NewEncoder(splitter.NiveauPieces)
	defer enc.Release()
	h := sha.New()
	if m.size, err = enc.Measure(io.TeeReader(content, counting{Writer: h, count: count})); err == nil {
		m.sha = [32]byte(h.Sum(nil))
	}
	return err
}

// whole reads a file that cannot be read at any place. What is too large to be
// looked at is not read to its end.
func (c *catalogue) whole(p string, size int64) (io.ReaderAt, error) {
	f, err := c.dossier.Open(p)
	if err != nil {
		return nil, unreadable(p, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, min(size, pdfx.MaxSize)))
	if err != nil {
		return nil, unreadable(p, err)
	}
	return bytes.NewReader(data), nil
}

// examine opens a piece as its readers will: what keeps it from being opened
// stops the work, what else there is to say waits in m.
func (c *catalogue) examine(ctx context.Context, p, id string, at io.ReaderAt, m *mesure) error {
	found, err := pdfx.Examine(ctx, p, at, m.size.Raw)
	if err != nil {
		return fmt.Errorf("piece %s: %w", id, err)
	}
	for _, a := range found.Anomalies {
		if a.Gravite == anomalie.Erreur {
			a.Trouve = id
			return a
		}
	}
	m.keep(found)
	return nil
}

func (m *mesure) keep(found pdfx.Constat) {
	m.findings = found.Anomalies
	if found.Info.HeavyScan() {
		m.scan = found.Info.Pages
	}
}

// counting tells how many bytes go through it.
type counting struct {
	io.Writer
	count func(int)
}

func (c counting) Write(b []byte) (int, error) {
	n, err := c.Writer.Write(b)
	c.count(n)
	return n, err
}
