package remise

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"paye/internal/durable"
	"paye/vault"
)

// maxTogether is how many PDFs are written together at most, and how large one of
// them may be, in bytes: they are held in memory.
const (
	maxTogether = 100
	maxHeld     = 1 << 20
)

// newer are PDFs in whose place the archive has another, by the index of their
// document; nil for what the archive has not. They are on the disk, out of sight.
type newer []*durable.File

// place puts the PDF of a document in the place of the one that is there.
func (n newer) place(i int) error {
	if i >= len(n) || n[i] == nil {
		return nil
	}
	if err := n[i].Commit(); err != nil {
		return fmt.Errorf("archive a document: %w", err)
	}
	return nil
}

// drop forgets those that were not put in place.
func (n newer) drop() {
	for _, f := range n {
		if f != nil {
			f.Abort()
		}
	}
}

// keep puts the PDFs of documents into the archive, durable. What the documents
// give from then on is what was put there; a large one is put there when it is
// asked for. Where the archive has another PDF of that name it stays, since that
// is what was deposited, until who asks knows better: the caller places or drops
// what is returned, which is whole once every document was asked for.
func (a *Archive) keep(ctx context.Context, docs []vault.Document) (newer, error) {
	n := make(newer, len(docs))
	for from := 0; from < len(docs); from += maxTogether {
		to := min(from+maxTogether, len(docs))
		if err := a.keepTogether(ctx, docs[from:to], n[from:to]); err != nil {
			n.drop()
			return nil, err
		}
	}
	return n, nil
}

// keepAll puts the PDFs of documents that nobody else asks for into the archive,
// whatever is there.
func (a *Archive) keepAll(ctx context.Context, docs []vault.Document) error {
	n, err := a.keep(ctx, docs)
	if err != nil {
		return err
	}
	defer n.drop()
	for i := range docs {
		rc, err := docs[i].Contenu(ctx)
		if err != nil {
			return err
		}
		rc.Close()
		if err := n.place(i); err != nil {
			return err
		}
	}
	return nil
}

// Has reports whether the archive has a file in the place of a document.
func (a *Archive) Has(d *vault.Document) bool {
	_, err := os.Stat(filepath.Join(a.Dossier, a.Path(d)))
	return err == nil
}

func (a *Archive) keepTogether(ctx context.Context, docs []vault.Document, n newer) error {
	contents := make([]durable.Content, len(docs))
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range docs {
		group.Go(func() (err error) {
			contents[i], err = a.content(gctx, &docs[i])
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	var small []durable.Content
	for i := range docs {
		c := contents[i]
		if len(c.Data) > maxHeld {
			docs[i].Contenu = a.tee(docs[i], &n[i])
			continue
		}
		docs[i].Contenu = func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(c.Data)), nil }
		is, err := standing(c)
		if err == nil && is == another {
			n[i], err = a.stage(c)
		}
		if err != nil {
			return fmt.Errorf("archive %d documents: %w", len(docs), err)
		}
		if is == nothing {
			small = append(small, c)
		}
	}
	return a.write(small...)
}

// content reads the PDF of a document, of which it returns more than maxHeld bytes
// only as a sign that there are.
func (a *Archive) content(ctx context.Context, d *vault.Document) (c durable.Content, err error) {
	rel := a.Path(d)
	if !filepath.IsLocal(rel) {
		return c, vault.Codes.New("COF-603", a.Nommage)
	}
	c.Path = filepath.Join(a.Dossier, rel)
	c.Data, err = readPDF(ctx, d, maxHeld)
	return c, err
}

// What stands in the place of a content.
const (
	nothing = iota
	same
	another
)

// standing tells what stands in the place of a content. What is no file is left to
// who writes there.
func standing(c durable.Content) (int, error) {
	info, err := os.Lstat(c.Path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return nothing, nil
	}
	if err != nil {
		return nothing, fmt.Errorf("look at what the archive has: %w", err)
	}
	if info.Size() != int64(len(c.Data)) {
		return another, nil
	}
	data, err := os.ReadFile(c.Path)
	if err != nil {
		return nothing, fmt.Errorf("read what the archive has: %w", err)
	}
	if !bytes.Equal(data, c.Data) {
		return another, nil
	}
	return same, nil
}

// write writes PDFs into the archive, which wait for the disk together.
func (a *Archive) write(list ...durable.Content) error {
	var folders []string
	for _, c := range list {
		folders = append(folders, filepath.Dir(c.Path))
	}
	slices.Sort(folders)
	for _, dir := range slices.Compact(folders) {
		if err := durable.MkdirAll(dir); err != nil {
			return fmt.Errorf("archive %d documents: %w", len(list), err)
		}
		a.sweep(dir)
	}
	if err := durable.WriteFiles(list); err != nil {
		return fmt.Errorf("archive %d documents: %w", len(list), err)
	}
	return nil
}

// stage writes a PDF, on the disk and out of sight, beside the one that it may
// replace.
func (a *Archive) stage(c durable.Content) (*durable.File, error) {
	a.sweep(filepath.Dir(c.Path))
	f, err := durable.Create(c.Path)
	if err != nil {
		return nil, err
	}
	if _, err = f.Write(c.Data); err == nil {
		err = f.Sync()
	}
	if err != nil {
		f.Abort()
		return nil, err
	}
	return f, nil
}

// sweep takes from a folder of the archive, once, what a killed process had not
// finished: PDFs in clear, that nobody looks for. What cannot be removed is no
// reason to stop.
func (a *Archive) sweep(dir string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.swept[dir] {
		return
	}
	if a.swept == nil {
		a.swept = make(map[string]bool)
	}
	a.swept[dir] = true
	_, _ = durable.Clean(dir)
}

// readPDF reads the PDF of a document, and at most a byte more than the limit.
func readPDF(ctx context.Context, d *vault.Document, limit int64) ([]byte, error) {
	rc, err := d.Contenu(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the document of matricule %s: %w", d.Matricule, err)
	}
	data, err := io.ReadAll(io.LimitReader(rc, limit+1))
	if err = errors.Join(err, rc.Close()); err != nil {
		return nil, fmt.Errorf("read the document of matricule %s: %w", d.Matricule, err)
	}
	return data, nil
}

// tee makes a Contenu that has put the PDF into the archive, durable, by the
// time it gives it, or has staged it where another is there.
func (a *Archive) tee(d vault.Document, newer **durable.File) func(context.Context) (io.ReadCloser, error) {
	return func(ctx context.Context) (io.ReadCloser, error) {
		data, err := readPDF(ctx, &d, vault.MaxDocument)
		if err != nil {
			return nil, err
		}
		c := durable.Content{Path: filepath.Join(a.Dossier, a.Path(&d)), Data: data} // which content found to be in the folder
		is, err := standing(c)
		switch {
		case err != nil:
		case is == nothing:
			err = a.write(c)
		case is == another && *newer == nil:
			*newer, err = a.stage(c)
		}
		if err != nil {
			return nil, fmt.Errorf("archive the document of matricule %s: %w", d.Matricule, err)
		}
		return io.NopCloser(bytes.NewReader(data)), nil
	}
}
