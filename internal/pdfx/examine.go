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

// Content is what the bytes of a piece are, whatever it is called.
type Content struct {
	Type  Type
	Size  int64              // bytes
	Info  Info               // of a PDF that opens
	Fault *anomalie.Anomalie // what keeps a PDF from being opened, or looked at
}

// ContentOf looks at the size bytes in r. The error is that of r or ctx.
func ContentOf(ctx context.Context, r io.ReaderAt, size int64) (Content, error) {
	c := Content{Size: size}
	if size == 0 {
		return c, nil
	}
	head := make([]byte, min(size, SniffSize))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return c, fmt.Errorf("read a piece: %w", err)
	}
	if c.Type = Sniff(head); !c.Type.MayOpen() {
		return c, nil
	}
	info, err := Inspect(ctx, r, size)
	var a *anomalie.Anomalie
	switch {
	case err == nil:
		c.Type, c.Info = PDF, info
	case !errors.As(err, &a):
		return c, err
	case c.Type == PDF:
		c.Fault = a
	}
	return c, nil
}

// MayOpen reports whether viewers may open a document of the type as a PDF:
// some have lost their header.
func (t Type) MayOpen() bool { return t == PDF || t == Unknown || t == Text }

// Verdict says everything that is to be said of a piece called name: empty,
// unknown, named after another format, a PDF that does not open, that is
// damaged, that weighs more than it should. What it calls an error keeps a
// piece from being sent, wherever it is looked at.
func (c Content) Verdict(name string) []*anomalie.Anomalie {
	if c.Size == 0 {
		return []*anomalie.Anomalie{Codes.New(Vide)}
	}
	var list []*anomalie.Anomalie
	add := func(a *anomalie.Anomalie) { list = append(list, a) }
	ext := path.Ext(name)
	switch {
	case strings.EqualFold(ext, PDF.Extension()) && c.Type != PDF:
		add(Codes.New(NotPDF, nature(c.Type)))
	case c.Type == Unknown:
		add(Codes.New(TypeInconnu))
	case ext != "" && !c.Type.Matches(ext):
		add(Codes.New(Extension, ext, c.Type.Extension()))
	}
	switch {
	case c.Type != PDF:
	case c.Fault != nil:
		fault := *c.Fault
		add(&fault)
	default:
		if c.Info.Repaired {
			add(Codes.New(RepairedPDF))
		}
		if a := c.Info.Advice(); a != nil {
			add(a)
		}
	}
	return list
}

// nature names a type where one has to be told.
func nature(t Type) string {
	if t == Unknown {
		return "?"
	}
	return t.String()
}

// Constat is what Examine finds in a file.
type Constat struct {
	Type      Type
	Info      Info // of a PDF that opens
	Anomalies []*anomalie.Anomalie
}

// Examine gives the verdict on the piece called name, size bytes in r. The
// error is that of r or ctx.
func Examine(ctx context.Context, name string, r io.ReaderAt, size int64) (Constat, error) {
	c, err := ContentOf(ctx, r, size)
	if err != nil {
		return Constat{Type: c.Type}, fmt.Errorf("examine %s: %w", name, err)
	}
	found := Constat{Type: c.Type, Info: c.Info, Anomalies: c.Verdict(name)}
	for _, a := range found.Anomalies {
		a.Fichier = name
	}
	return found, nil
}
