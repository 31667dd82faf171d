package pdfx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"

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
	switch {
	case c.Type == Unknown:
		add(Codes.New(TypeInconnu))
	case ext != "" && !c.Type.Matches(ext):
		add(Codes.New(Extension, ext, c.Type.Extension()))
	}
	if c.Type != PDF {
		return c, nil
	}
	info, err := Inspect(ctx, r, size)
	var a *anomalie.Anomalie
	switch {
	case errors.As(err, &a):
		add(a)
	case err != nil:
		return c, fmt.Errorf("examine %s: %w", name, err)
	default:
		c.Info = info
		if a := info.Advice(); a != nil {
			add(a)
		}
	}
	return c, nil
}
