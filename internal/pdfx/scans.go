package pdfx

import (
	"context"

	"paye/internal/pdfx/cos"
)

// scans are the pictures that are made again, and the pages they are on.
type scans struct {
	streams map[int]stream
	pages   map[int]bool // from 1
}

func scansOf(ctx context.Context, doc *cos.Document) (scans, error) { return scans{}, ctx.Err() }
