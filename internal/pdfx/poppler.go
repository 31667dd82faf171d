//go:build !js

package pdfx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// Poppler is a [Judge] that has the program pdftoppm draw both documents.
type Poppler struct {
	program string
}

// NewPoppler returns nil when pdftoppm is not installed.
func NewPoppler() Judge {
	program, err := exec.LookPath("pdftoppm")
	if err != nil {
		return nil
	}
	return Poppler{program}
}

// How pages are compared.
const (
	dpiSame  = 100 // pages that have to be the same
	dpiAlike = 50  // scans that have to look alike
	batch    = 4   // pages drawn at once, to bound the disk
)

// Same draws the pages of both documents. It returns an error for the first
// page that shows something else.
func (p Poppler) Same(ctx context.Context, original, twin []byte, pages int, scans map[int]bool) error {
	dir, err := os.MkdirTemp("", "xhl-pages-")
	if err != nil {
		return fmt.Errorf("make a folder to draw pages in: %w", err)
	}
	defer os.RemoveAll(dir)
	for name, data := range map[string][]byte{"a.pdf": original, "b.pdf": twin} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return fmt.Errorf("write a document to draw: %w", err)
		}
	}
	for first := 1; first <= pages; first += batch {
		last := min(first+batch-1, pages)
		if err := p.pages(ctx, dir, first, last, scans); err != nil {
			return err
		}
	}
	return nil
}

func (p Poppler) pages(ctx context.Context, dir string, first, last int, scans map[int]bool) error {
	alike := false
	for n := first; n <= last; n++ {
		alike = alike || scans[n]
	}
	a, err := p.draw(ctx, dir, "a", dpiSame, first, last)
	if err != nil {
		return err
	}
	b, err := p.draw(ctx, dir, "b", dpiSame, first, last)
	if err != nil {
		return err
	}
	if len(a) != len(b) {
		return errors.New("one of the documents has pages that cannot be drawn")
	}
	for i := range a {
		if alike && scans[first+i] {
			continue
		}
		if !bytes.Equal(a[i], b[i]) {
			return fmt.Errorf("page %d differs", first+i)
		}
	}
	return p.alike(ctx, dir, first, last, scans)
}

// draw returns the pictures of pages, as PPM.
func (p Poppler) draw(ctx context.Context, dir, name string, dpi, first, last int) ([][]byte, error) {
	prefix := filepath.Join(dir, fmt.Sprintf("%s-%d", name, dpi))
	cmd := exec.CommandContext(ctx, p.program, "-q", "-r", strconv.Itoa(dpi), "-f", strconv.Itoa(first), "-l", strconv.Itoa(last), filepath.Join(dir, name+".pdf"), prefix)
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		return nil, fmt.Errorf("draw pages: %w", err)
	}
	files, err := filepath.Glob(prefix + "-*.ppm")
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	var list [][]byte
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("read a drawn page: %w", err)
		}
		list = append(list, data)
		if err := os.Remove(f); err != nil {
			return nil, fmt.Errorf("remove a drawn page: %w", err)
		}
	}
	return list, nil
}
