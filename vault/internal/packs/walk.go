package packs

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/vault/internal/disk"
	"paye/vault/internal/faults"
	"paye/vault/internal/names"
)

// entry is what the head of a place in a pack says.
type entry struct {
	Lieu
	name names.BlobName
	void bool
}

// errPack is a pack of which what follows a place cannot be told.
var errPack = errors.New("pack is damaged")

// walkPack goes over the heads of a pack and returns where the last whole blob
// ends. That is before the end of the file when a process died while it wrote,
// and errPack with the offset when bytes are no head of a blob.
func walkPack(f *os.File, n int64, visit func(entry) bool) (end int64, err error) {
	info, err := f.Stat()
	if err != nil {
		return 0, fmt.Errorf("read pack %d: %w", n, err)
	}
	size := info.Size()
	head := make([]byte, EntryHead)
	if got, err := f.ReadAt(head[:packHead], 0); err != nil && err != io.EOF {
		return 0, fmt.Errorf("read pack %d: %w", n, err)
	} else if got < packHead {
		return 0, nil // its process died before it put a blob in
	}
	if string(head[:packHead]) != string(encodePackHead(n)) {
		return 0, errPack
	}
	for end = int64(packHead); end < size; {
		got, err := f.ReadAt(head, end)
		if err != nil && err != io.EOF {
			return end, fmt.Errorf("read pack %d: %w", n, err)
		}
		if got < EntryHead || disk.AllZero(head) {
			return end, nil
		}
		e := entry{Lieu: Lieu{n, end, int64(binary.BigEndian.Uint32(head[4:]))}, name: names.BlobName(head[8:])}
		if isVoid(head) {
			e.void, e.name = true, names.BlobName{}
		} else if string(head[:4]) != blobMark {
			return end, errPack
		}
		next := end + int64(EntryHead) + e.size
		if next > size {
			return end, nil
		}
		if visit != nil && !visit(e) {
			return next, nil
		}
		end = next
	}
	return end, nil
}

// All implements [Store]: in the order of the disk.
func (p *Folder) All(ctx context.Context) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		numbers, err := p.numbers()
		if err != nil {
			yield(Info{}, err)
			return
		}
		for _, n := range numbers {
			if err := ctx.Err(); err != nil {
				yield(Info{}, err)
				return
			}
			more, end, err := p.list(n, yield)
			if !more {
				return
			}
			if errors.Is(err, errPack) {
				err = Damaged(n, end)
			}
			if err != nil && !yield(Info{}, err) || err != nil && !faults.Is(err) {
				return
			}
		}
	}
}

// Damaged is the anomaly of a pack that cannot be told from an offset on.
func Damaged(n, offset int64) *anomalie.Anomalie {
	return faults.Codes.New("COF-136", Name(n), strconv.FormatInt(offset, 10)).At(filepath.Join(Dir, Name(n)), offset, 0)
}

func (p *Folder) list(n int64, yield func(Info, error) bool) (more bool, end int64, err error) {
	f, err := durable.Open(p.Path(n))
	if errors.Is(err, fs.ErrNotExist) {
		return true, 0, nil // swept since
	}
	if err != nil {
		return true, 0, fmt.Errorf("open pack %d: %w", n, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return true, 0, fmt.Errorf("read pack %d: %w", n, err)
	}
	more = true
	end, err = walkPack(f, n, func(e entry) bool {
		more = yield(Info{Name: e.name, Lieu: e.encode(), Taille: e.size, Date: info.ModTime(), Vide: e.void}, nil)
		return more
	})
	return more, end, err
}

// Voided reports whether the place of a deleted blob holds its mark and zeros.
func (p *Folder) Voided(where []byte) (bool, error) {
	l, _ := ParseLieu(where)
	f, err := durable.Open(p.Path(l.Pack))
	if err != nil {
		return false, fmt.Errorf("open pack %d: %w", l.Pack, err)
	}
	defer f.Close()
	mark := make([]byte, 4)
	if _, err := f.ReadAt(mark, l.Offset); err != nil || string(mark) != voidMark {
		return false, err
	}
	r, buf := io.NewSectionReader(f, l.Offset+8, int64(EntryHead)-8+l.size), make([]byte, 1<<16)
	for {
		n, err := r.Read(buf)
		if !disk.AllZero(buf[:n]) {
			return false, nil
		}
		if err == io.EOF {
			return true, nil
		}
		if err != nil {
			return false, fmt.Errorf("read pack %d: %w", l.Pack, err)
		}
	}
}

// Clean removes packs older than a time in which nothing is left.
func (p *Folder) Clean(before time.Time) (removed int, err error) {
	numbers, err := p.numbers()
	if err != nil {
		return 0, err
	}
	// The last one stays, so that its number is not given again.
	for _, n := range numbers[:max(0, len(numbers)-1)] {
		gone, err := p.removeEmpty(n, before)
		if err != nil {
			return removed, fmt.Errorf("clean the packs: %w", err)
		}
		if gone {
			removed++
		}
	}
	return removed, nil
}

func (p *Folder) removeEmpty(n int64, before time.Time) (bool, error) {
	f, err := durable.Open(p.Path(n))
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.ModTime().Before(before) || durable.LockOpen(f, durable.Exclusive) != nil {
		return false, err // or a process appends to it
	}
	empty := true
	_, err = walkPack(f, n, func(e entry) bool {
		empty = e.void
		return empty
	})
	switch {
	case errors.Is(err, errPack):
		return false, nil // fsck names it
	case err != nil || !empty:
		return false, err
	}
	return true, durable.Remove(p.Path(n))
}
