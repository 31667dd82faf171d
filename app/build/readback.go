package build

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/progress"
	"paye/internal/room"
	"paye/pespj"
	"paye/splitter"
)

// verify reads a volume back from its file, through the readers that judge
// anybody's files, and compares what it holds with the book: its journal, each
// byte as it was surveyed, its pieces, its size.
func (d *Job) verify(ctx context.Context, v *splitter.Volume, f *durable.File, more bool, given func()) error {
	r := &reread{format: d.dem.Format, packaging: d.dem.Packaging, volume: v, bound: bound(v), ctx: ctx, wanted: make(map[string]compress.Piece)}
	for _, p := range v.Pieces {
		if d.souvenir.travels(p) {
			r.wanted[r.key(p.IdUnique, p.NomPJ)] = p.Piece
		}
	}
	in := counted{io.NewSectionReader(f, 0, v.Octets+1), d.dem.Progress}
	if more && r.elsewhere(in, given) { // the last one has nothing to go beside
		return nil
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return err
	}
	err := r.read(in, in.n)
	var a *anomalie.Anomalie
	if errors.As(err, &a) && a.Code != VerificationEchec {
		err = r.wrong("%s", a.Error())
	}
	return err
}

// read reads the file of a volume, of which n tells how many bytes were read.
func (r *reread) read(in io.Reader, n func() int64) error {
	r.mem = room.Lend()
	defer r.mem.Give()
	var err error
	switch r.format {
	case FormatZip:
		err = r.archive(in)
	case FormatXHL:
		err = r.journal(in)
		r.wanted = nil
	default:
		err = r.flux(in)
	}
	if err == nil && n() != r.volume.Octets {
		err = r.wrong("%d octets lus, %d prévus", n(), r.volume.Octets)
	}
	if err == nil && len(r.wanted) > 0 {
		err = r.wrong("pièces manquantes : %d", len(r.wanted))
	}
	return err
}

// counted counts what is read of a volume.
type counted struct {
	*io.SectionReader
	progress *progress.Progress
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.SectionReader.Read(b)
	c.progress.Add(int64(n))
	return n, err
}

// n returns how many bytes were read: the place of the section.
func (c counted) n() int64 {
	at, err := c.Seek(0, io.SeekCurrent)
	if err != nil {
		return -1
	}
	return at
}

// reread is a volume being read back.
type reread struct {
	format, packaging string
	volume            *splitter.Volume
	bound             int64 // bytes that it may expand to
	ctx               context.Context
	wanted            map[string]compress.Piece // pieces not seen yet, by their key
	mem               *room.Block               // that one piece after the other is read through
}

// key tells pieces apart: by their identifier where each is an element of its
// own, by their name in an archive, which has a file once.
func (r *reread) key(id, name string) string {
	if r.format == FormatPES && r.packaging == EnPieces {
		return id
	}
	return name
}

func (r *reread) wrong(format string, args ...any) error {
	return Codes.New(VerificationEchec, r.volume.N, fmt.Sprintf(format, args...))
}

func (r *reread) flux(in io.Reader) error {
	rd, err := pespj.NewReader(in, pespj.ReaderOptions{})
	if err != nil {
		return err
	}
	defer rd.Release()
	for pj, err := range rd.PJ() {
		if err == nil {
			err = r.ctx.Err()
		}
		if err != nil {
			return err
		}
		sum := crc32.NewIEEE()
		payroll := pj.Rang == 1 && !(r.volume.EnteteSeul && r.packaging == EnPieces)
		if payroll {
			err = r.content(pj)
		} else {
			_, err = io.CopyBuffer(sum, pj, r.mem[:])
		}
		if err == nil {
			err = pj.Finish()
		}
		if err != nil {
			return err
		}
		if !payroll {
			if err := r.piece(r.key(pj.IdUnique, pj.NomPJ), pj.Octets, sum.Sum32()); err != nil {
				return err
			}
		}
	}
	return nil
}

// content reads the first piece of a flux, which is the payroll.
func (r *reread) content(pj *pespj.PJLue) error {
	if r.packaging == EnPieces {
		return r.journal(pj)
	}
	return r.archive(pj)
}

// piece strikes a piece that was found whole off the list.
func (r *reread) piece(key string, size int64, crc uint32) error {
	want, known := r.wanted[key]
	if !known || want.Raw != size || want.CRC != crc {
		return r.wrong("pièce %s : elle diffère de la source", key)
	}
	delete(r.wanted, key)
	return nil
}

func (r *reread) archive(in io.Reader) error {
	z := compress.NewZipStream(in, compress.Limits{Bytes: r.bound})
	defer z.Release()
	for first := true; ; first = false {
		e, err := z.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = r.ctx.Err()
		}
		if err != nil {
			return err
		}
		if first {
			if err := r.journal(z); err != nil {
				return err
			}
			continue
		}
		sum := crc32.NewIEEE()
		n, err := io.CopyBuffer(sum, z, r.mem[:])
		if err != nil {
			return err
		}
		if err := r.piece(path.Base(e.Name), n, sum.Sum32()); err != nil {
			return err
		}
	}
}

// bound is how many bytes a volume may expand to.
func bound(v *splitter.Volume) int64 {
	n := v.XHL.Raw
	for _, p := range v.Pieces {
		n += p.Piece.Raw
	}
	return n + 1<<20
}

// journal compares a journal with that of the volume, byte for byte.
func (r *reread) journal(in io.Reader) error {
	at, err := r.volume.Differs(cancelled{r.ctx, in})
	if err == nil && at >= 0 {
		err = r.wrong("le journal diffère de la source, à l'octet %d ou après", at)
	}
	return err
}

// cancelled stops reading with its context.
type cancelled struct {
	ctx context.Context
	io.Reader
}

func (c cancelled) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.Reader.Read(b)
}
