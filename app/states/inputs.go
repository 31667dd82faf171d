package states

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"paye/app/build"
	"paye/compress"
	"paye/etats"
	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/manifest"
	"paye/pespj"
	"paye/xhl"
	"paye/xhl/run"
)

// head is how much of a file is looked at to tell what it is.
const head = 64 << 10

// Keep is what is kept of the bulletins of a month.
type Keep uint8

const (
	ForVariations Keep = iota // what two months are compared by
	ForEtats                  // what états show of the lines too
)

// Read reads the journals of paths as one month: journals, fluxes, archives,
// runs, folders of volumes.
func Read(ctx context.Context, lex *etats.Lexique, paths []string, keep Keep, w *Watch) (*etats.Mois, error) {
	files, announced, err := inventory(paths)
	if err != nil {
		return nil, err
	}
	s := &set{lex: lex, keep: keep, watch: w}
	if w.Progress != nil {
		for _, f := range files {
			if st, err := os.Stat(f); err == nil && st.Mode().IsRegular() {
				w.Progress.total.Add(st.Size())
			}
		}
	}
	for _, f := range files {
		if err := s.file(ctx, f); err != nil {
			return nil, err
		}
	}
	if s.month == nil {
		return nil, etats.Codes.New(etats.SansBulletin, strings.Join(paths, ", "))
	}
	if announced >= 0 && s.month.Bulletins != announced {
		return nil, etats.Codes.New(etats.VolumeAbsent, fmt.Sprintf("%d / %d", s.month.Bulletins, announced)).At(paths[0], -1, 0)
	}
	if s.month.Repartition == nil && len(files) > 1 {
		return nil, etats.Codes.New(etats.VolumeAbsent, "RepartitionParNature").At(paths[0], -1, 0)
	}
	if s.month.Bulletins == 0 {
		return nil, etats.Codes.New(etats.SansBulletin, strings.Join(paths, ", "))
	}
	return s.month, nil
}

// inventory lists the files of paths, and how many bulletins a manifest
// announces; -1 when there is none.
func inventory(paths []string) (files []string, announced int, err error) {
	announced = -1
	for _, p := range paths {
		st, err := os.Stat(p)
		if err != nil {
			return nil, 0, notFound(p, err)
		}
		if !st.IsDir() {
			files = append(files, p)
			continue
		}
		m, err := manifest.Read(p)
		switch {
		case err == nil:
			announced = max(announced, 0) + m.Bulletins
			for _, v := range m.Volumes {
				one := filepath.Join(p, filepath.Base(v.Fichier))
				if _, err := os.Stat(one); err != nil {
					return nil, 0, etats.Codes.New(etats.VolumeAbsent, v.Fichier).At(p, -1, 0)
				}
				files = append(files, one)
			}
		case errors.Is(err, fs.ErrNotExist):
			list, err := folder(p)
			if err != nil {
				return nil, 0, err
			}
			files = append(files, list...)
		default:
			return nil, 0, err
		}
	}
	return files, announced, nil
}

// folder lists the journals of a folder without a manifest: the run that it
// holds, else its volumes.
func folder(dir string) ([]string, error) {
	for _, name := range []string{"journal.xhl", "run.jsonl"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return []string{filepath.Join(dir, name)}, nil
		}
	}
	if _, err := os.Stat(filepath.Join(dir, run.CSVEntete)); err == nil {
		return []string{dir}, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read folder %s: %w", dir, err)
	}
	var list []string
	for _, e := range entries {
		if ext := strings.ToLower(filepath.Ext(e.Name())); e.Type().IsRegular() && slices.Contains([]string{".xhl", ".xml", ".zip", ".gz"}, ext) {
			list = append(list, filepath.Join(dir, e.Name()))
		}
	}
	if len(list) == 0 {
		return nil, etats.Codes.New(etats.SansBulletin, dir)
	}
	return list, nil
}

func notFound(path string, err error) error {
	if anomalie.Unreachable(err) {
		return build.Codes.Opening(build.EntreeIntrouvable, path, err)
	}
	return err
}

// set is a month being read from its files.
type set struct {
	lex   *etats.Lexique
	month *etats.Mois
	keep  Keep
	watch *Watch
}

// file reads a file, whatever it is.
func (s *set) file(ctx context.Context, path string) error {
	st, err := os.Stat(path)
	if err != nil {
		return notFound(path, err)
	}
	if st.IsDir() || build.IsRunFile(path) {
		return s.run(ctx, path)
	}
	f, err := input.Open(path)
	if err != nil {
		return notFound(path, err)
	}
	defer f.Close()
	err = s.content(ctx, path, f, 0)
	var a *anomalie.Anomalie
	if errors.As(err, &a) && a.Fichier == "" {
		a.Fichier = path
	}
	return err
}

// run reads a run through the journal that it encodes to.
func (s *set) run(ctx context.Context, path string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in, out := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		out.CloseWithError(build.Encode(ctx, path, out, run.EncodeOptions{Run: xhl.Options{Fichier: path}}))
	}()
	err := s.journal(ctx, path, in)
	in.Close()
	<-done
	return err
}

// maxNesting bounds what is inside what: a gzip of a flux of archives.
const maxNesting = 4

// content reads what r gives: a journal, a flux, an archive, or a gzip of one.
func (s *set) content(ctx context.Context, nom string, r io.Reader, depth int) error {
	in := bufio.NewReaderSize(r, head)
	start, err := in.Peek(head)
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return err
	}
	if depth > maxNesting {
		return nil
	}
	switch {
	case bytes.HasPrefix(start, []byte("\x1f\x8b")):
		g, err := compress.NewGunzipFile(in, compress.Limits{})
		if err != nil {
			return err
		}
		return s.content(ctx, nom, g, depth+1)
	case bytes.HasPrefix(start, []byte("PK")):
		return s.archive(ctx, nom, in, depth)
	case isFlux(start):
		return s.flux(ctx, nom, in, depth)
	}
	return s.journal(ctx, nom, in)
}

func isFlux(start []byte) bool {
	root, _, err := pespj.Root(bytes.NewReader(start), pespj.ReaderOptions{})
	return err == nil && root == "PES_Aller"
}

// archive reads the journals of an archive; its pieces are left alone.
func (s *set) archive(ctx context.Context, nom string, r io.Reader, depth int) error {
	z := compress.NewZipStream(r, compress.Limits{})
	defer z.Release()
	for {
		e, err := z.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if ext := strings.ToLower(filepath.Ext(e.Name)); e.Folder || ext != ".xhl" && ext != ".xml" || isPiece(e.Name) {
			continue
		}
		if err := s.content(ctx, nom+"!"+e.Name, z, depth+1); err != nil {
			return err
		}
	}
}

// isPiece reports whether an entry of an archive is a justificatif, or a shadow
// file.
func isPiece(name string) bool {
	dir, _, below := strings.Cut(name, "/")
	return below && (strings.EqualFold(dir, "PJ") || dir == "__MACOSX")
}

// flux reads the journals among the pieces of a flux.
func (s *set) flux(ctx context.Context, nom string, r io.Reader, depth int) error {
	f, err := pespj.NewReader(r, pespj.ReaderOptions{Fichier: nom})
	if err != nil {
		return err
	}
	for pj, err := range f.PJ() {
		if err != nil {
			return err
		}
		in := bufio.NewReaderSize(pj, head)
		start, _ := in.Peek(head)
		if bytes.HasPrefix(start, []byte("PK")) || bytes.Contains(start, []byte("DocumentPaye")) {
			if err := s.content(ctx, fmt.Sprintf("%s!PJ[%d]", nom, pj.Rang), in, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// journal adds a journal to the month.
func (s *set) journal(ctx context.Context, nom string, r io.Reader) error {
	one := &reading{keep: s.keep, watch: s.watch, nom: nom}
	return one.journal(ctx, r, func(e *xhl.Entete) (*etats.Mois, error) {
		switch {
		case s.month == nil:
			s.month = s.lex.NewMois(e)
		case !s.month.Same(e):
			return nil, etats.Codes.New(etats.MoisMelanges, nom, s.month.Titre()).At(nom, -1, 0)
		default:
			s.month.Join(e)
		}
		return s.month, nil
	})
}
