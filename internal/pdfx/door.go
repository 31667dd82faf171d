package pdfx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/semaphore"

	"paye/internal/pdfx/cos"
)

// MaxSize is the size, in bytes, of the largest PDF that is opened: a document
// is held in memory.
const MaxSize = 64 << 20

// enVol bounds the bytes of the PDF that are open at once in the whole
// process; a larger one is open alone.
const enVol = 32 << 20

var inFlight = semaphore.NewWeighted(enVol)

// Bytes is a document that is in memory already: it is read where it is. It
// must not change while it is looked at.
type Bytes []byte

// ReadAt reads as [io.ReaderAt] asks.
func (b Bytes) ReadAt(p []byte, at int64) (int, error) { return bytes.NewReader(b).ReadAt(p, at) }

// hold returns the document of size bytes in r, once there is room for it;
// release gives the room back. A document that is too large is an
// *anomalie.Anomalie; the other errors are those of r and of ctx.
func hold(ctx context.Context, r io.ReaderAt, size int64) (data []byte, release func(), err error) {
	if size > MaxSize {
		return nil, nil, Codes.New(TropGros, size, int64(MaxSize))
	}
	if b, ok := r.(Bytes); ok {
		return b[:min(size, int64(len(b)))], func() {}, ctx.Err()
	}
	weight := min(max(size, 1), enVol)
	if err := inFlight.Acquire(ctx, weight); err != nil {
		return nil, nil, err
	}
	release = func() { inFlight.Release(weight) }
	data = make([]byte, size)
	n, err := r.ReadAt(data, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		release()
		return nil, nil, fmt.Errorf("read PDF: %w", err)
	}
	if err := ctx.Err(); err != nil {
		release()
		return nil, nil, err
	}
	return data[:n], release, nil
}

// open opens a document as its readers will. What keeps it from being opened
// is an *anomalie.Anomalie.
func open(data []byte) (*cos.Document, error) {
	doc, err := cos.Open(data)
	switch {
	case errors.Is(err, cos.ErrPassword):
		return nil, Codes.New(Encrypted)
	case err != nil:
		return nil, Codes.New(Illisible)
	}
	return doc, nil
}
