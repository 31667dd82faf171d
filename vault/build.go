package vault

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"paye/internal/anomalie"
)

// builder makes a catalogue from the journal alone, naming what is damaged on
// the way and going on past it: fsck compares what it makes, recover keeps it.
type builder struct {
	ctx        context.Context
	db         *sql.DB
	keys       *keyring
	seg        *segments
	descriptor BlobName // SHA-256 of coffre.json
	fault      func(*anomalie.Anomalie)
	seen       func(events int)
	until      int64 // leaves to stop at; negative for the end of the journal

	size  int64
	temps int64
	end   place // after the last frame that was read
	rest  bool  // bytes follow end that are no frame
	gap   bool  // and after them frames follow that could be read
	cache hashCache
	erase []erasure
}

func (b *builder) build() error {
	if _, err := b.db.ExecContext(b.ctx, catalogueSchema); err != nil {
		return fmt.Errorf("make a catalogue: %w", err)
	}
	numbers, err := b.seg.numbers()
	if err != nil {
		return err
	}
	b.end = place{segment: 1, offset: int64(segmentHead)}
	for i, n := range numbers {
		if n != int64(i+1) {
			b.fault(Codes.New("COF-111", segmentName(int64(i+1))))
			return nil
		}
		if err := b.segment(n); err != nil {
			return err
		}
		if b.rest {
			b.gap = b.gap || i+1 < len(numbers)
			return nil
		}
		if b.until >= 0 && b.size >= b.until {
			return nil
		}
	}
	if len(numbers) == 0 {
		b.fault(Codes.New("COF-111", segmentName(1)))
	}
	return nil
}

func (b *builder) segment(n int64) error {
	f, err := os.Open(b.seg.path(n))
	if err != nil {
		return fmt.Errorf("open journal segment %d: %w", n, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("open journal segment %d: %w", n, err)
	}
	head := make([]byte, segmentHead)
	if _, err := f.ReadAt(head, 0); err != nil || !bytes.Equal(head, encodeSegmentHead(b.seg.vault, n)) {
		b.fault(b.at(Codes.New("COF-112", segmentName(n), "0"), n, 0))
	}
	b.end = place{segment: n, offset: int64(segmentHead)}
	for b.until < 0 || b.size < b.until {
		if err := b.ctx.Err(); err != nil {
			return err
		}
		fr, err := readFrame(f, n, b.end.offset, info.Size())
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil || fr.premier != b.size {
			torn := errors.Is(err, errTorn) || unfinished(f, n, b.end.offset, info.Size())
			if fr = b.mend(f, n, info.Size()); fr == nil {
				b.rest = true
				if !torn || b.until >= 0 {
					b.fault(b.at(Codes.New("COF-112", segmentName(n), strconv.FormatInt(b.end.offset, 10)), n, b.end.offset))
				}
				return nil
			}
			b.fault(b.at(Codes.New("COF-112", segmentName(n), strconv.FormatInt(b.end.offset, 10)), n, b.end.offset))
		}
		if err := b.frame(fr); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) at(a *anomalie.Anomalie, segment, offset int64) *anomalie.Anomalie {
	return a.At(filepath.Join(journalDir, segmentName(segment)), offset, 0)
}

// mend tries to read the frame at the end by where the next one starts. It is
// believed only when its checkpoint verifies.
func (b *builder) mend(f *os.File, n, size int64) *frame {
	const window = 1 << 20
	buf := make([]byte, window+len(frameMagic))
	try := func(next, count int64) *frame {
		fr, err := mendFrame(f, n, b.end.offset, next, b.size, count)
		if err != nil {
			return nil
		}
		if _, _, _, err := b.leaves(fr); err != nil {
			return nil
		}
		if p, err := ParsePoint(fr.note, b.keys.verifiers); err != nil || p.Taille != b.size+int64(len(fr.hashes)) {
			return nil
		}
		return fr
	}
	for start := b.end.offset + 1; start < size && start < b.end.offset+maxFrame; start += window {
		got, err := f.ReadAt(buf, start)
		if err != nil && err != io.EOF {
			return nil
		}
		for i := 0; ; i++ {
			j := bytes.Index(buf[i:got], []byte(frameMagic))
			if j < 0 {
				break
			}
			i += j
			next, err := readFrame(f, n, start+int64(i), size)
			if err != nil || next.premier <= b.size {
				continue
			}
			if fr := try(start+int64(i), next.premier-b.size); fr != nil {
				return fr
			}
			b.gap = true
		}
	}
	if fr := try(size, -1); fr != nil {
		return fr
	}
	// The last frame with a damaged count: its checkpoint says how many.
	if fr, err := readNote(f, b.end.offset, size); err == nil {
		if p, err := ParsePoint(fr, b.keys.verifiers); err == nil && p.Taille > b.size {
			return try(size, p.Taille-b.size)
		}
	}
	return nil
}

// readNote finds the checkpoint at the end of the last frame of a segment.
func readNote(r io.ReaderAt, offset, size int64) ([]byte, error) {
	n := min(size-offset, 4096)
	buf := make([]byte, n)
	if _, err := r.ReadAt(buf, size-n); err != nil {
		return nil, fmt.Errorf("read the end of a segment: %w", err)
	}
	i := bytes.LastIndex(buf, []byte("xhl-coffre/"))
	if i < 0 || len(buf)-len(frameEnd) < i {
		return nil, errPoint
	}
	return buf[i : len(buf)-len(frameEnd)], nil
}

// leaves chooses between the leaf hashes that were written and those of the
// headers: those that lead to the signed root. It returns the time of the
// checkpoint, and an anomaly for a checkpoint that proves nothing.
func (b *builder) leaves(f *frame) (leaves []tlog.Hash, temps int64, wrong *anomalie.Anomalie, err error) {
	computed := make([]tlog.Hash, len(f.hashes))
	differ := false
	for i, r := range f.records {
		computed[i] = f.hashes[i]
		if r != nil {
			computed[i] = r.leaf()
		}
		differ = differ || computed[i] != f.hashes[i]
		if r != nil {
			temps = max(temps, r.Temps)
		}
	}
	p, parseErr := ParsePoint(f.note, b.keys.verifiers)
	if parseErr != nil || p.Taille != b.size+int64(len(f.hashes)) || p.Origine != b.keys.desc.origin() {
		return f.hashes, temps, b.at(Codes.New("COF-115"), f.segment, f.offset), nil
	}
	for _, candidate := range [][]tlog.Hash{f.hashes, computed} {
		root, err := b.root(candidate)
		if err != nil {
			return nil, 0, nil, err
		}
		if root == p.Racine {
			return candidate, p.Temps, nil, nil
		}
		if !differ {
			break
		}
	}
	// Both may be damaged in different places: mix them one by one.
	mixed := append([]tlog.Hash(nil), f.hashes...)
	for i := range mixed {
		if mixed[i] == computed[i] {
			continue
		}
		mixed[i] = computed[i]
		root, err := b.root(mixed)
		if err != nil {
			return nil, 0, nil, err
		}
		if root == p.Racine {
			return mixed, p.Temps, nil, nil
		}
		mixed[i] = f.hashes[i]
	}
	return f.hashes, p.Temps, b.at(Codes.New("COF-116", strconv.FormatInt(p.Taille, 10)), f.segment, f.offset), nil
}

// root is the root of the tree with leaves added after those there are.
func (b *builder) root(leaves []tlog.Hash) (tlog.Hash, error) {
	overlay := map[int64]tlog.Hash{}
	reader := &hashReader{b.ctx, b.db, overlay, &b.cache}
	for i, leaf := range leaves {
		hashes, err := tlog.StoredHashesForRecordHash(b.size+int64(i), leaf, reader)
		if err != nil {
			return tlog.Hash{}, fmt.Errorf("extend the tree: %w", err)
		}
		at := tlog.StoredHashIndex(0, b.size+int64(i))
		for j, h := range hashes {
			overlay[at+int64(j)] = h
		}
	}
	root, err := tlog.TreeHash(b.size+int64(len(leaves)), reader)
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("compute a root: %w", err)
	}
	return root, nil
}

func (b *builder) frame(f *frame) error {
	leaves, temps, wrong, err := b.leaves(f)
	if err != nil {
		return err
	}
	if wrong != nil {
		b.fault(wrong)
	}
	for i, r := range f.records {
		b.record(f, i, r, leaves[i])
	}
	tx, err := b.db.BeginTx(b.ctx, nil)
	if err != nil {
		return fmt.Errorf("fill a catalogue: %w", err)
	}
	defer tx.Rollback()
	a := newApplier(b.ctx, tx, b.keys, &b.cache, b.size)
	gone, err := a.frame(f, leaves, temps)
	if err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("fill a catalogue: %w", err)
	}
	b.erase = append(b.erase, gone...)
	b.cache.putAll(a.fresh)
	b.size = a.size
	b.end = place{segment: f.segment, offset: f.offset + f.size}
	if b.seen != nil {
		b.seen(len(leaves))
	}
	return nil
}

// record names what is wrong with one record.
func (b *builder) record(f *frame, i int, r *record, leaf tlog.Hash) {
	idx := f.premier + int64(i)
	damaged := func(code string, args ...any) { b.fault(b.at(Codes.New(code, args...), f.segment, f.places[i].offset)) }
	switch {
	case r == nil || r.leaf() != leaf:
		damaged("COF-132", strconv.FormatInt(idx, 10))
		return
	case f.hashes[i] != leaf, r.Index != idx, slotsHash(r.slots) != r.Slots:
		damaged("COF-132", strconv.FormatInt(idx, 10))
	case r.Temps < b.temps:
		damaged("COF-133", strconv.FormatInt(idx, 10))
	case r.Genre == EvHorloge:
		damaged("COF-134", strconv.FormatInt(idx, 10))
	case idx == 0 && (r.Genre != EvCreation || r.Blob != b.descriptor):
		b.fault(Codes.New("COF-101").At(descriptorName, -1, 0))
	}
	if size := 4 + headerSize + 1; slices.Contains(f.misled, i) || f.places[i].size != int64(size)+slotsSize(r) {
		damaged("COF-132", strconv.FormatInt(idx, 10))
	}
	b.temps = max(b.temps, r.Temps)
}

func slotsSize(r *record) (n int64) {
	for i := range r.slots {
		n += slotHead + int64(len(r.slots[i].data))
	}
	return n
}
