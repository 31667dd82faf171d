package intake

import (
	"archive/zip"
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
	"paye/internal/sheet"
)

// Limits of a drop.
const (
	MaxFiles = 100_000
	MaxZip   = 16 << 30 // bytes that come out of the archives of a drop
	maxIndex = 64 << 20 // bytes of a workbook that is looked into
)

// Drop is what a folder was told to hold; paths are absolute.
type Drop struct {
	Entree string // journal or run
	PJ     string // folder of the pieces; empty when there is none
	Index  string // justificatifs.csv or a workbook of that name; empty when there is none
	Files  int
	Pieces int // files that are no journal and no index
}

// Sort tells what the files below dir are, and takes zips of justificatifs
// apart. It may be called again on the same folder.
func Sort(ctx context.Context, dir string) (*Drop, error) {
	s := &sorter{dir: dir, room: MaxZip}
	if err := s.walk(ctx); err != nil {
		return nil, err
	}
	for _, name := range s.zips {
		if err := s.zip(ctx, name); err != nil {
			return nil, err
		}
	}
	return s.drop()
}

type sorter struct {
	dir      string
	journals []string // relative names, slashes
	index    []string
	csvRun   string // folder of entete.csv
	zips     []string
	pieces   []string
	files    int
	room     int64
}

// apart is the folder where zips are taken apart.
const apart = "extrait"

// walk finds the files and sorts them, those that were taken out of an archive
// by an earlier call left aside.
func (s *sorter) walk(ctx context.Context) error {
	var names []string
	err := filepath.WalkDir(s.dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(s.dir, p)
		if err != nil || rel == "." {
			return err
		}
		switch {
		case e.IsDir() && rel == apart:
			return filepath.SkipDir
		case e.IsDir():
			return nil
		}
		if names = append(names, filepath.ToSlash(rel)); len(names) > MaxFiles {
			return Codes.New(TooMany, MaxFiles)
		}
		if strings.EqualFold(path.Base(rel), "entete.csv") {
			s.csvRun = path.Dir(filepath.ToSlash(rel))
		}
		return nil
	})
	s.files = len(names)
	for _, name := range names {
		if err == nil {
			err = s.tell(name)
		}
	}
	return err
}

// tell sorts one file by its name, and by its first bytes where the name lies.
func (s *sorter) tell(name string) error {
	base := strings.ToLower(path.Base(name))
	switch {
	case build.IndexRank(base) >= 0:
		s.index = append(s.index, name)
	case s.csvRun != "" && path.Dir(name) == s.csvRun && strings.HasSuffix(base, ".csv"):
		// of the run
	case strings.HasSuffix(base, ".jsonl"), strings.HasSuffix(base, ".xhl"), strings.HasSuffix(base, ".xhl.gz"), strings.HasSuffix(base, ".xml.gz"):
		s.journals = append(s.journals, name)
	case strings.HasSuffix(base, ".xml"):
		journal, err := s.startsAs(name)
		if err != nil {
			return err
		}
		if journal {
			s.journals = append(s.journals, name)
			return nil
		}
		s.pieces = append(s.pieces, name)
	case strings.HasSuffix(base, ".zip"):
		s.zips = append(s.zips, name)
	default:
		s.pieces = append(s.pieces, name)
	}
	return nil
}

// startsAs reports whether an XML file begins as a journal does.
func (s *sorter) startsAs(name string) (journal bool, err error) {
	f, err := os.Open(filepath.Join(s.dir, filepath.FromSlash(name)))
	if err != nil {
		return false, fmt.Errorf("look at a dropped file: %w", err)
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("look at a dropped file: %w", err)
	}
	text := strings.ReplaceAll(string(head[:n]), "\x00", "") // UTF-16 too
	return strings.Contains(text, "DocumentPaye"), nil
}

// zip leaves an archive that holds a journal at its root, and takes apart one
// that does not.
func (s *sorter) zip(ctx context.Context, name string) error {
	file := filepath.Join(s.dir, filepath.FromSlash(name))
	z, err := zip.OpenReader(file)
	if err != nil {
		return Codes.New(ZipBroken, path.Base(name))
	}
	defer z.Close()
	for _, e := range z.File {
		base := strings.ToLower(e.Name)
		if !strings.Contains(base, "/") && (strings.HasSuffix(base, ".xhl") || strings.HasSuffix(base, ".xml")) {
			s.journals = append(s.journals, name)
			return nil
		}
	}
	if s.files += len(z.File); s.files > MaxFiles {
		return Codes.New(TooMany, MaxFiles)
	}
	to := filepath.Join(s.dir, apart, strings.TrimSuffix(filepath.FromSlash(name), filepath.Ext(name)))
	if err := os.MkdirAll(to, 0o700); err != nil {
		return fmt.Errorf("take an archive apart: %w", err)
	}
	root, err := os.OpenRoot(to)
	if err != nil {
		return fmt.Errorf("take an archive apart: %w", err)
	}
	defer root.Close()
	for _, e := range z.File {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.entry(root, e, path.Base(name)); err != nil {
			return err
		}
	}
	return nil
}

// entry writes one file of an archive below root.
func (s *sorter) entry(root *os.Root, e *zip.File, archive string) error {
	name := filepath.FromSlash(strings.ReplaceAll(e.Name, `\`, "/"))
	if e.FileInfo().IsDir() || !e.Mode().IsRegular() {
		return nil
	}
	if !filepath.IsLocal(name) {
		return Codes.New(ZipBroken, archive)
	}
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return fmt.Errorf("take an archive apart: %w", err)
	}
	in, err := e.Open()
	if err != nil {
		return Codes.New(ZipBroken, archive)
	}
	defer in.Close()
	out, err := root.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("take an archive apart: %w", err)
	}
	n, err := io.Copy(out, io.LimitReader(in, s.room+1))
	if closed := out.Close(); closed != nil {
		return fmt.Errorf("take an archive apart: %w", closed)
	}
	if s.room -= n; s.room < 0 {
		return Codes.New(ZipHuge, archive)
	}
	if err != nil {
		return Codes.New(ZipBroken, archive)
	}
	rel := filepath.ToSlash(filepath.Join(apart, strings.TrimSuffix(archive, path.Ext(archive)), name))
	if build.IndexRank(rel) >= 0 {
		s.index = append(s.index, rel)
		return nil
	}
	s.pieces = append(s.pieces, rel)
	return nil
}

// drop is the verdict.
func (s *sorter) drop() (*Drop, error) {
	if s.csvRun != "" {
		s.journals = append(s.journals, s.csvRun)
	}
	switch len(s.journals) {
	case 0:
		return nil, Codes.New(NoJournal, s.files)
	case 1:
	default:
		return nil, Codes.New(TwoJournals, path.Base(s.journals[0]), path.Base(s.journals[1]))
	}
	abs := func(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }
	d := &Drop{Entree: abs(s.journals[0]), Files: s.files, Pieces: len(s.pieces)}
	if len(s.pieces) > 0 {
		d.PJ = s.dir
	}
	if len(s.index) > 0 {
		d.Index = abs(slices.MinFunc(s.index, func(a, b string) int { return build.IndexRank(a) - build.IndexRank(b) }))
		below, err := s.below(d.Index)
		if err != nil {
			return nil, err
		}
		d.PJ = abs(below)
	}
	return d, nil
}

// below is the folder that the names of an index start from: the one where its
// first file is found.
func (s *sorter) below(index string) (string, error) {
	f, err := os.Open(index)
	if err != nil {
		return "", fmt.Errorf("look at the index of the pieces: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxIndex))
	if err != nil {
		return "", fmt.Errorf("look at the index of the pieces: %w", err)
	}
	rows, err := sheet.OpenTable(data, maxIndex, "fichier")
	if err != nil {
		return "", nil // who reads the whole index says what is wrong with it
	}
	for range 100 {
		if _, err := rows.Next(); err != nil {
			break
		}
		file := rows.Cell("fichier")
		if file == "" {
			continue
		}
		name := path.Clean(strings.ReplaceAll(file, `\`, "/"))
		for _, piece := range s.pieces {
			if piece == name {
				return "", nil
			}
			if dir, found := strings.CutSuffix(piece, "/"+name); found {
				return dir, nil
			}
		}
	}
	return "", nil
}
