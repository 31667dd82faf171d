package pdfx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"paye/internal/anomalie"
)

// Constat is what Examine finds in a file.
type Constat struct {
	Type      Type
	Info      Info // of a PDF that opens
	Anomalies []*anomalie.Anomalie
}

// Examine says everything that can be said of the piece called name, size
// bytes in r, whatever its format: empty, unknown, named after another format,
// a PDF that does not open, heavier than it should be. The error is that of r
// or ctx.
func Examine(ctx context.Context, name string, r io.ReaderAt, size int64) (Constat, error) {
	var c Constat
	add := func(a *anomalie.Anomalie) {
		a.Fichier = name
		c.Anomalies = append(c.Anomalies, a)
	}
	if size == 0 {
		add(Codes.New(Vide))
		return c, nil
	}
	head := make([]byte, min(size, SniffSize))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return c, fmt.Errorf("read %s: %w", name, err)
	}
	c.Type = Sniff(head)
	ext := path.Ext(name)
	named := strings.EqualFold(ext, PDF.Extension())
	info, err := Info{}, error(nil)
	switch {
	case c.Type == PDF:
		info, err = Inspect(ctx, r, size)
	case named && (c.Type == Unknown || c.Type == Text):
		// Viewers open some documents that have lost their header.
		if info, err = Inspect(ctx, r, size); err == nil {
			c.Type = PDF
		}
	}
	switch {
	case named && c.Type != PDF:
		add(Codes.New(NotPDF, nature(c.Type)))
		return c, machine(err)
	case c.Type == Unknown:
		add(Codes.New(TypeInconnu))
	case ext != "" && !c.Type.Matches(ext):
		add(Codes.New(Extension, ext, c.Type.Extension()))
	}
	if c.Type != PDF {
		return c, nil
	}
	var a *anomalie.Anomalie
	switch {
	case errors.As(err, &a):
		add(a)
	case err != nil:
		return c, fmt.Errorf("examine %s: %w", name, err)
	default:
		c.Info = info
		if info.Repaired {
			add(Codes.New(RepairedPDF))
		}
		if a := info.Advice(); a != nil {
			add(a)
		}
	}
	return c, nil
}

// nature names a type where one has to be told.
func nature(t Type) string {
	if t == Unknown {
		return "?"
	}
	return t.String()
}

// machine returns what is no fault of the document.
func machine(err error) error {
	var a *anomalie.Anomalie
	if errors.As(err, &a) {
		return nil
	}
	return err
}
