package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/manifest"
	"paye/internal/pdfx"
	"paye/splitter"
)

// allege makes lighter twins of justificatifs and lets them travel instead,
// when the user asks: scans in black and white at 200 dpi, objects once. What
// is signed, encrypted or claims PDF/A is left as it is, and so is what a twin
// would not show alike. The files of the user are not touched.
type allege struct {
	twins map[*splitter.Justificatif]*twin

	mu   sync.Mutex
	file *os.File // of the twins, one after the other; it has no name any more where that can be
	size int64
}

// twin is a justificatif that travels in place of another.
type twin struct {
	original [sha256.Size]byte
	from, to int64 // bytes of gzip, on the wire
}

// lighten makes the twins of a list of pieces, some of which may be nil.
func (d *Job) lighten(ctx context.Context, list []*splitter.Justificatif) error {
	if !d.dem.Light {
		return nil
	}
	if err := d.allege.open(d.dem.Spool); err != nil {
		return err
	}
	made := make([]*twin, len(list))
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	judge := pdfx.NewPoppler()
	for i, p := range list {
		if p == nil || p.MIMEType != pdfx.PDF.MIME() || p.Piece.Raw > pdfx.MaxSize || d.allege.twins[p] != nil {
			continue
		}
		group.Go(func() (err error) {
			made[i], err = d.allege.twin(each, p, judge)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, t := range made {
		if t != nil {
			d.allege.twins[list[i]] = t
		}
	}
	return nil
}

// open makes the file of the twins.
func (a *allege) open(dir string) (err error) {
	if a.file != nil {
		return nil
	}
	if a.file, err = os.CreateTemp(dir, "xhl-light-"); err != nil {
		return fmt.Errorf("make a file for the lighter pieces: %w", err)
	}
	os.Remove(a.file.Name()) // a killed process leaves nothing; where an open file cannot be removed, close does
	a.twins = make(map[*splitter.Justificatif]*twin)
	return nil
}

// keep appends a twin to the file and returns how it is read.
func (a *allege) keep(text []byte) (func() (io.ReadCloser, error), error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	at := a.size
	if _, err := a.file.WriteAt(text, at); err != nil {
		return nil, fmt.Errorf("keep a lighter piece: %w", err)
	}
	a.size += int64(len(text))
	return func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(a.file, at, int64(len(text)))), nil
	}, nil
}

// twin makes the twin of a piece and lets it travel instead; nil when there is
// none, or none that is lighter on the wire.
func (a *allege) twin(ctx context.Context, p *splitter.Justificatif, judge pdfx.Judge) (*twin, error) {
	light, size, err := makeTwin(ctx, p, judge)
	if err != nil || light == nil {
		return nil, err
	}
	open, err := a.keep(light)
	if err != nil {
		return nil, err
	}
	t := &twin{original: p.SHA256, from: p.Piece.GzipSize(), to: size.GzipSize()}
	p.SHA256, p.Piece, p.Open = sha256.Sum256(light), size, open
	return t, nil
}

// makeTwin returns the twin of a piece and its size on the wire; nil when there
// is none, or none that is lighter there.
func makeTwin(ctx context.Context, p *splitter.Justificatif, judge pdfx.Judge) (_ []byte, size compress.Piece, err error) {
	in, err := p.Open()
	if err != nil {
		return nil, size, err
	}
	data, err := io.ReadAll(io.LimitReader(in, p.Piece.Raw+1))
	if err = errors.Join(err, in.Close()); err != nil {
		return nil, size, err
	}
	if sha256.Sum256(data) != p.SHA256 {
		return nil, size, Codes.New(PieceChangee, p.NomPJ)
	}
	var light bytes.Buffer
	out, err := pdfx.Optimise(ctx, bytes.NewReader(data), int64(len(data)), &light, pdfx.OptimiseOptions{Scans: true, Judge: judge})
	var unread *anomalie.Anomalie
	if errors.As(err, &unread) || err == nil && out.Kept != "" {
		return nil, size, nil // it is told where pieces are examined
	}
	if err != nil {
		return nil, size, err
	}
	enc := compress.NewEncoder(splitter.NiveauPieces)
	defer enc.Release()
	made, err := enc.Measure(bytes.NewReader(light.Bytes()))
	if err != nil || made.GzipSize() >= p.Piece.GzipSize() {
		return nil, size, err
	}
	return light.Bytes(), made, nil
}

// content is the digest of what an IdUnique stands for: a lighter twin is the
// same document.
func (d *Job) content(p *splitter.Justificatif) string {
	if t := d.allege.twins[p]; t != nil {
		return hex.EncodeToString(t.original[:])
	}
	return hex.EncodeToString(p.SHA256[:])
}

// alleges lists the twins that travel, for the manifest.
func (d *Job) alleges(volumes []*splitter.Volume) []manifest.Light {
	var list []manifest.Light
	seen := make(map[string]bool)
	for _, v := range volumes {
		for _, p := range v.Pieces {
			t := d.allege.twins[p]
			if t == nil || seen[p.IdUnique] || !d.souvenir.travels(p) {
				continue
			}
			seen[p.IdUnique] = true
			list = append(list, manifest.Light{IdUnique: p.IdUnique, SHA256: hex.EncodeToString(p.SHA256[:]), Origine: hex.EncodeToString(t.original[:]), Epargne: t.from - t.to})
		}
	}
	slices.SortFunc(list, func(a, b manifest.Light) int { return bytes.Compare([]byte(a.IdUnique), []byte(b.IdUnique)) })
	return list
}

// tellLight says what the twins save, in bytes and in volumes.
func (d *Job) tellLight(before string) {
	if !d.dem.Light {
		return
	}
	var saved int64
	for _, t := range d.allege.twins {
		saved += t.from - t.to
	}
	d.dem.Anomalie(Codes.New(Alleges, len(d.allege.twins), lang.Octets(saved), len(d.Plan.Volumes), before))
}

func (a *allege) close() error {
	if a.file == nil {
		return nil
	}
	err := a.file.Close()
	os.Remove(a.file.Name())
	return err
}
