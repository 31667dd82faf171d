package send

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/identifiants"
	"paye/pespj"
)

// rewriting is a flux that is made again with some of its pieces.
type rewriting struct {
	ctx     context.Context
	spool   string
	carried map[int]*Decision // by rank
	flux    pespj.Flux
	pieces  []*carriedPiece
}

// carriedPiece is a piece on its way, its content in the spool.
type carriedPiece struct {
	decision *Decision
	pj       pespj.PJ
	path     string
	sum      [sha256.Size]byte
	measure  compress.Piece
}

// read takes the header and the pieces out of a flux.
func (r *rewriting) read(path string) error {
	in, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the refused flux: %w", err)
	}
	defer in.Close()
	rd, err := pespj.NewReader(bufio.NewReaderSize(in, 1<<18), pespj.ReaderOptions{Fichier: path})
	if err != nil {
		return err
	}
	header, err := rd.Flux()
	if err != nil {
		return err
	}
	r.flux = header.Flux
	for pj, err := range rd.PJ() {
		if err == nil {
			err = r.ctx.Err()
		}
		if err != nil {
			return err
		}
		if d := r.carried[pj.Rang]; d != nil {
			if err := r.take(pj, d); err != nil {
				return err
			}
		}
	}
	if len(r.pieces) != len(r.carried) {
		return Codes.New(PieceAbsente, filepath.Base(path))
	}
	return nil
}

// take keeps a piece, or the file that a person gave in its place.
func (r *rewriting) take(pj *pespj.PJLue, d *Decision) error {
	p := &carriedPiece{decision: d, path: filepath.Join(r.spool, fmt.Sprint(len(r.pieces)))}
	in := io.Reader(pj)
	if d.Replaced != "" {
		file, err := os.Open(d.Replaced)
		if anomalie.Unreachable(err) {
			return Codes.Opening(Introuvable, d.Replaced, err)
		}
		if err != nil {
			return fmt.Errorf("open the corrected piece: %w", err)
		}
		defer file.Close()
		in = file
	}
	if err := p.keep(in); err != nil {
		return err
	}
	if err := pj.Finish(); err != nil {
		return err
	}
	p.pj = pj.PJ
	if pj.IdUnique != d.IdUnique {
		return Codes.New(PieceAbsente, d.IdUnique)
	}
	p.pj.IdUnique = d.NewID
	if d.Replaced != "" {
		name := filepath.Base(d.Replaced)
		if fault := identifiants.CheckNomPJ(pespj.NomPJSur(name)); fault != nil || filepath.Ext(name) == "" {
			return Codes.New(ExtensionFausse, d.IdUnique)
		}
		p.pj.NomPJ, p.pj.MIMEType = pespj.NomPJSur(name), pespj.TypeMIME(name)
	}
	r.pieces = append(r.pieces, p)
	return nil
}

// keep writes a content into the spool and measures it.
func (p *carriedPiece) keep(in io.Reader) error {
	out, err := os.OpenFile(p.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("keep a piece: %w", err)
	}
	defer out.Close()
	h := sha256.New()
	if _, err := io.Copy(io.MultiWriter(out, h), in); err != nil {
		return err
	}
	h.Sum(p.sum[:0])
	if _, err := out.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("keep a piece: %w", err)
	}
	enc := compress.NewEncoder(compress.Normal)
	defer enc.Release()
	if p.measure, err = enc.Measure(out); err != nil {
		return fmt.Errorf("measure a piece: %w", err)
	}
	p.pj.Gzip = p.measure.GzipSize()
	return nil
}

// write writes the flux durably and returns its length and digest.
func (r *rewriting) write(path, of string) (int64, string, error) {
	out, err := durable.Create(path)
	if err != nil {
		return 0, "", fmt.Errorf("write the resend of %s: %w", of, err)
	}
	defer out.Abort()
	h := sha256.New()
	n := &sizer{w: io.MultiWriter(out, h)}
	buffer := bufio.NewWriterSize(n, 1<<18)
	w, err := pespj.NewWriter(buffer, &r.flux)
	if err != nil {
		return 0, "", err
	}
	for _, p := range r.pieces {
		if err := r.ctx.Err(); err != nil {
			return 0, "", err
		}
		pj := p.pj
		pj.Gzip, pj.Contenu = p.measure.GzipSize(), p.content
		if err := w.WritePJ(&pj); err != nil {
			return 0, "", err
		}
	}
	if err := w.Close(); err != nil {
		return 0, "", err
	}
	if err := buffer.Flush(); err != nil {
		return 0, "", fmt.Errorf("write the resend of %s: %w", of, err)
	}
	if err := out.Commit(); err != nil {
		return 0, "", fmt.Errorf("write the resend of %s: %w", of, err)
	}
	return n.n, hex.EncodeToString(h.Sum(nil)), nil
}

// content writes the piece as one gzip stream.
func (p *carriedPiece) content(w io.Writer) error {
	in, err := os.Open(p.path)
	if err != nil {
		return fmt.Errorf("read a piece: %w", err)
	}
	defer in.Close()
	enc := compress.NewEncoder(compress.Normal)
	defer enc.Release()
	return enc.CopyGzip(w, p.measure, in)
}

// sizer counts what is written.
type sizer struct {
	w io.Writer
	n int64
}

func (s *sizer) Write(b []byte) (int, error) {
	n, err := s.w.Write(b)
	s.n += int64(n)
	return n, err
}
