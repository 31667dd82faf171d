package consult

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"paye/app/build"
	"paye/app/intake"
	"paye/compress"
	"paye/pespj"
	"paye/xhl/run"
)

// Contents is what was found in a folder, whatever holds what: journals,
// fluxes, archives, sets of volumes, zips of pieces.
type Contents struct {
	Journals []Journal
	Pieces   Pieces
	Index    string // justificatifs.csv or a workbook of that name; empty without one
}

// Journal is a journal to be opened.
type Journal struct {
	Path string
	From string // file that it was found in: a volume, an archive, or itself
}

// Unpack finds the journals and the pieces below dir. What lies in a flux or an
// archive is written into spool, which the caller takes away.
func Unpack(ctx context.Context, dir, spool string) (*Contents, error) {
	u := &unpacking{ctx: ctx, spool: spool, room: intake.MaxZip}
	if err := u.walk(dir); err != nil {
		return nil, err
	}
	for _, index := range u.indexes {
		if u.out.Index == "" {
			u.out.Index = index.Path
		}
		if err := u.out.Pieces.index(index.Path, index.From); err != nil {
			return nil, err
		}
	}
	// What a flux holds comes first: its bulletins have the references.
	slices.SortStableFunc(u.out.Journals, func(a, b Journal) int { return u.rank(a) - u.rank(b) })
	if len(u.out.Journals) == 0 {
		return nil, intake.Codes.New(intake.NoJournal, u.files)
	}
	return &u.out, nil
}

type unpacking struct {
	ctx     context.Context
	spool   string
	room    int64 // bytes that may still be written
	files   int
	n       int // files written
	indexes []Journal
	out     Contents
}

// head is how much of a file is looked at to tell what it is.
const head = 64 << 10

// maxNesting bounds what is inside what: an archive in a flux in a zip.
const maxNesting = 4

// rank is 0 for a journal that was taken out of something, 1 for one that lay
// there by itself.
func (u *unpacking) rank(j Journal) int {
	if filepath.Dir(j.Path) == filepath.Clean(u.spool) {
		return 0
	}
	return 1
}

// walk looks at every file; the folder of a run is one journal.
func (u *unpacking) walk(dir string) error {
	return filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("look at what was dropped: %w", err)
		case u.ctx.Err() != nil:
			return u.ctx.Err()
		case e.IsDir():
			if _, err := os.Stat(filepath.Join(p, run.CSVEntete)); err == nil {
				return errors.Join(u.encode(p, path.Base(filepath.ToSlash(p))), fs.SkipDir)
			}
			return nil
		case !e.Type().IsRegular():
			return nil
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		if err := u.count(); err != nil {
			return err
		}
		return u.file(p, filepath.ToSlash(rel), 0)
	})
}

func (u *unpacking) count() error {
	if u.files++; u.files > intake.MaxFiles {
		return intake.Codes.New(intake.TooMany, intake.MaxFiles)
	}
	return nil
}

// kind is what a file is.
type kind uint8

const (
	isPiece kind = iota
	isJournal
	isFlux
	isArchive
	isAnswer
)

// kindOf tells a file by its first bytes, those of its content when it is a
// gzip. A zip that is no .zip is a document of an office program.
func kindOf(name string, r io.Reader) (kind, error) {
	in := bufio.NewReaderSize(r, head)
	start, err := in.Peek(head)
	if err != nil && err != io.EOF && !errors.Is(err, bufio.ErrBufferFull) {
		return isPiece, err
	}
	ext := strings.ToLower(path.Ext(name))
	if ext == ".gz" && bytes.HasPrefix(start, []byte("\x1f\x8b")) {
		g, err := compress.NewGunzipFile(in, compress.Limits{})
		if err != nil {
			return isPiece, err
		}
		return kindOf(strings.TrimSuffix(name, path.Ext(name)), g)
	}
	if bytes.HasPrefix(start, []byte("PK\x03\x04")) {
		if ext == ".zip" || ext == "" {
			return isArchive, nil
		}
		return isPiece, nil
	}
	root, _, err := pespj.Root(bytes.NewReader(start), pespj.ReaderOptions{})
	switch {
	case err == nil && root == "DocumentPaye":
		return isJournal, nil
	case err == nil && root == "PES_Aller":
		return isFlux, nil
	case err == nil && root == "PES_ACQUIT":
		return isAnswer, nil
	case bytes.Contains(bytes.ReplaceAll(start, []byte{0}, nil), []byte("DocumentPaye")):
		return isJournal, nil // one that is malformed is still to be told as one
	}
	return isPiece, nil
}

// file sorts a file of the disk.
func (u *unpacking) file(file, name string, depth int) error {
	if build.IndexRank(name) >= 0 {
		u.indexes = append(u.indexes, Journal{Path: file, From: name})
		return nil
	}
	if strings.HasSuffix(strings.ToLower(name), ".jsonl") {
		return u.encode(file, path.Base(name))
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("look at what was dropped: %w", err)
	}
	defer f.Close()
	what, err := kindOf(name, f)
	if err != nil {
		return err
	}
	if depth > maxNesting {
		what = isPiece
	}
	switch what {
	case isJournal:
		u.out.Journals = append(u.out.Journals, Journal{file, path.Base(name)})
	case isFlux:
		return u.flux(file, name, depth)
	case isArchive:
		return u.archive(file, name, depth)
	case isAnswer:
	default:
		if info, err := f.Stat(); err == nil && path.Base(name) != "manifest.json" {
			u.out.Pieces.add(&Piece{Path: file, Name: path.Base(name), Octets: info.Size(), rel: name})
		}
	}
	return nil
}

// encode writes the journal of a run.
func (u *unpacking) encode(entree, name string) error {
	f, err := u.create()
	if err != nil {
		return err
	}
	err = errors.Join(build.Encode(u.ctx, entree, f, run.EncodeOptions{}), f.Close())
	u.out.Journals = append(u.out.Journals, Journal{f.Name(), name})
	return err
}

// create makes a file of the spool. Names of others make no paths here.
func (u *unpacking) create() (*os.File, error) {
	u.n++
	f, err := os.OpenFile(filepath.Join(u.spool, fmt.Sprintf("contenu-%06d", u.n)), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("take apart what was dropped: %w", err)
	}
	return f, nil
}

// take writes what r gives into the spool.
func (u *unpacking) take(r io.Reader, archive string) (file string, err error) {
	f, err := u.create()
	if err != nil {
		return "", err
	}
	n, err := io.Copy(f, &whileOpen{u.ctx, io.LimitReader(r, u.room+1)})
	if closed := f.Close(); closed != nil {
		return "", fmt.Errorf("take apart what was dropped: %w", closed)
	}
	if u.room -= n; u.room < 0 {
		return "", intake.Codes.New(intake.ZipHuge, archive)
	}
	return f.Name(), err
}

// whileOpen ends with its context.
type whileOpen struct {
	ctx context.Context
	io.Reader
}

func (w *whileOpen) Read(b []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.Reader.Read(b)
}

// archive sorts the entries of a zip.
func (u *unpacking) archive(file, name string, depth int) error {
	base := path.Base(name)
	z, err := zip.OpenReader(file)
	if err != nil {
		return intake.Codes.New(intake.ZipBroken, base)
	}
	defer z.Close()
	for _, e := range z.File {
		inside := strings.ReplaceAll(e.Name, `\`, "/")
		if !e.Mode().IsRegular() || strings.HasPrefix(inside, "__MACOSX/") {
			continue
		}
		if err := u.count(); err != nil {
			return err
		}
		in, err := e.Open()
		if err != nil {
			return intake.Codes.New(intake.ZipBroken, base)
		}
		at, err := u.take(in, base)
		in.Close()
		if err != nil {
			if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrAlgorithm) || errors.Is(err, io.ErrUnexpectedEOF) {
				err = intake.Codes.New(intake.ZipBroken, base)
			}
			return err
		}
		if err := u.inside(at, inside, base, depth); err != nil {
			return err
		}
	}
	return nil
}

// inside sorts a file that was taken out of another.
func (u *unpacking) inside(file, name, from string, depth int) error {
	journals := len(u.out.Journals)
	err := u.file(file, name, depth+1)
	for i := range u.out.Journals[journals:] {
		u.out.Journals[journals+i].From = from
	}
	return err
}

// flux sorts the pieces of a flux: a payroll among them is a journal or an
// archive. Names may come after contents, so contents are written first.
func (u *unpacking) flux(file, name string, depth int) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("look at what was dropped: %w", err)
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(strings.ToLower(name), ".gz") {
		if in, err = compress.NewGunzipFile(f, compress.Limits{}); err != nil {
			return err
		}
	}
	base := path.Base(name)
	r, err := pespj.NewReader(in, pespj.ReaderOptions{Fichier: base})
	if err != nil {
		return err
	}
	for pj, err := range r.PJ() {
		if err != nil {
			return err
		}
		if err := u.count(); err != nil {
			return err
		}
		at, err := u.take(pj, base)
		if err == nil {
			err = pj.Finish()
		}
		if err != nil {
			return err
		}
		known := len(u.out.Pieces.List)
		if err := u.inside(at, pj.NomPJ, base, depth); err != nil {
			return err
		}
		for _, p := range u.out.Pieces.List[known:] {
			if p.Path == at {
				u.out.Pieces.name(p, pj.IdUnique)
			}
		}
	}
	return nil
}
