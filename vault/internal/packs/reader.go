package packs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"paye/internal/durable"
	"paye/vault/internal/disk"
	"paye/vault/internal/names"
)

// Get implements [Store].
func (p *Folder) Get(ctx context.Context, name names.BlobName, where []byte, limit int64) ([]byte, error) {
	r := Reader{p: p}
	defer r.Close()
	return r.Get(ctx, name, where, limit)
}

// A Reader gets blobs of a store one after the other: of packs, with one open file and in memory that it uses again.
type Reader struct {
	store Store
	p     *Folder // nil for another store
	n     int64
	f     *os.File
	buf   []byte
}

// NewReader reads the blobs of a store.
func NewReader(s Store) *Reader {
	p, _ := s.(*Folder)
	return &Reader{store: s, p: p}
}

// Get is that of the store; the blob is the reader's until it gets the next one.
func (r *Reader) Get(ctx context.Context, name names.BlobName, where []byte, limit int64) ([]byte, error) {
	if r.p == nil {
		return r.store.Get(ctx, name, where, limit)
	}
	l, ok := ParseLieu(where)
	if !ok {
		var err error
		if l, err = r.p.search(ctx, name); err != nil {
			return nil, err
		}
	}
	if l.size > limit {
		return nil, fmt.Errorf("blob %s: %w", name, ErrBlob)
	}
	if r.f == nil || r.n != l.Pack {
		r.Close()
		f, err := durable.Open(r.p.Path(l.Pack))
		if err != nil {
			return nil, fmt.Errorf("open the pack of blob %s: %w", name, err)
		}
		r.f, r.n = f, l.Pack
	}
	b := slices.Grow(r.buf[:0], int(EntryHead+l.size))[:EntryHead+l.size]
	if r.buf = b; cap(b) > 1<<20 {
		r.buf = nil
	}
	n, err := r.f.ReadAt(b, l.Offset)
	if n < len(b) {
		return nil, fmt.Errorf("read blob %s, cut at %d of %d bytes: %w", name, n, len(b), errors.Join(ErrBlob, err))
	}
	if string(b[:4]) == voidMark && disk.AllZero(b[8:]) {
		return nil, fmt.Errorf("blob %s was deleted: %w", name, fs.ErrNotExist)
	}
	return b[EntryHead:], nil
}

// Close closes the file that is open.
func (r *Reader) Close() {
	if r.f != nil {
		r.f.Close()
		r.f = nil
	}
}
