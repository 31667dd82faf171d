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
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"paye/internal/durable"
	"paye/vault"
)

// Archive is the folder where PDFs are kept beside the vault, in clear: the
// archive path of the payroll office.
type Archive struct {
	Dossier string
	// Nommage is the path of a file below Dossier, with {siret}, {annee},
	// {mois}, {matricule}, {nature}, {sequence} and {version}. Empty:
	// {siret}/{annee}-{mois}/{matricule}-{nature}-{sequence}.pdf, and a
	// rectificatif gets -r{version} before the extension.
	Nommage string
}

const defaultNommage = "{siret}/{annee}-{mois}/{matricule}-{nature}-{sequence}{version}.pdf"

// Check returns an anomaly when the folder is missing or cannot be written, or
// the naming scheme would give two documents one name.
func (a *Archive) Check() error {
	for _, need := range []string{"{matricule}", "{mois}", "{annee}", "{siret}", "{nature}", "{sequence}"} {
		if a.Nommage != "" && !strings.Contains(a.Nommage, need) {
			return vault.Codes.New("COF-603", need)
		}
	}
	info, err := os.Stat(a.Dossier)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return vault.Codes.New("COF-601", a.Dossier)
	}
	if err != nil {
		return fmt.Errorf("look at the archive folder: %w", err)
	}
	probe, err := durable.Create(filepath.Join(a.Dossier, "essai"))
	if err != nil {
		return vault.Codes.New("COF-602", a.Dossier)
	}
	defer probe.Abort()
	if _, err := probe.Write(make([]byte, 1<<16)); err != nil {
		return vault.Codes.New("COF-602", a.Dossier)
	}
	return nil
}

// Path is where a document goes, relative to the folder. Characters that a
// file name may not have are written =xx, so that no two documents meet and no
// path leaves the folder.
func (a *Archive) Path(d *vault.Document) string {
	scheme, version := a.Nommage, ""
	if scheme == "" {
		scheme = defaultNommage
	}
	if d.Version > 0 {
		version = "-r" + strconv.Itoa(d.Version)
	}
	if !strings.Contains(scheme, "{version}") {
		ext := filepath.Ext(scheme)
		scheme = strings.TrimSuffix(scheme, ext) + "{version}" + ext
	}
	name := strings.NewReplacer("{siret}", safe(d.Employeur), "{annee}", strconv.Itoa(d.Periode.Annee), "{mois}", fmt.Sprintf("%02d", d.Periode.Mois),
		"{matricule}", safe(d.Matricule), "{nature}", safe(string(d.Nature)), "{sequence}", strconv.Itoa(d.Sequence), "{version}", version).Replace(scheme)
	return filepath.FromSlash(name)
}

func safe(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '-', c == '.' && i > 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02x", c)
		}
	}
	return b.String()
}

// maxTogether is how many PDFs are written together at most, and how large one of
// them may be, in bytes: they are held in memory.
const (
	maxTogether = 100
	maxHeld     = 1 << 20
)

// keep puts the PDFs of documents into the archive, durable; the same document
// again replaces what is there. What the documents give from then on is what was
// put there; a large one is put there when it is asked for.
func (a *Archive) keep(ctx context.Context, docs []vault.Document) error {
	for chunk := range slices.Chunk(docs, maxTogether) {
		if err := a.keepTogether(ctx, chunk); err != nil {
			return err
		}
	}
	return nil
}

// keepAll puts the PDFs of documents that nobody else asks for into the archive.
func (a *Archive) keepAll(ctx context.Context, docs []vault.Document) error {
	if err := a.keep(ctx, docs); err != nil {
		return err
	}
	for i := range docs {
		rc, err := docs[i].Contenu(ctx)
		if err != nil {
			return err
		}
		rc.Close()
	}
	return nil
}

func (a *Archive) keepTogether(ctx context.Context, docs []vault.Document) error {
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
	folders := make(map[string]bool)
	for i := range docs {
		c := contents[i]
		if len(c.Data) > maxHeld {
			docs[i].Contenu = a.tee(docs[i])
			continue
		}
		docs[i].Contenu = func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(c.Data)), nil }
		small = append(small, c)
		folders[filepath.Dir(c.Path)] = true
	}
	for dir := range folders {
		if err := durable.MkdirAll(dir); err != nil {
			return fmt.Errorf("archive %d documents: %w", len(small), err)
		}
	}
	if err := durable.WriteFiles(small); err != nil {
		return fmt.Errorf("archive %d documents: %w", len(small), err)
	}
	return nil
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
// time it gives it.
func (a *Archive) tee(d vault.Document) func(context.Context) (io.ReadCloser, error) {
	return func(ctx context.Context) (io.ReadCloser, error) {
		data, err := readPDF(ctx, &d, vault.MaxDocument)
		if err != nil {
			return nil, err
		}
		path := filepath.Join(a.Dossier, a.Path(&d)) // which content found to be in the folder
		if err = durable.MkdirAll(filepath.Dir(path)); err == nil {
			err = durable.WriteFile(path, data)
		}
		if err != nil {
			return nil, fmt.Errorf("archive the document of matricule %s: %w", d.Matricule, err)
		}
		return io.NopCloser(bytes.NewReader(data)), nil
	}
}
