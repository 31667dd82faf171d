package catalogue

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
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
	"paye/vault/internal/names"
)

// Builder makes a catalogue from the journal alone, naming what is damaged on
// the way and going on past it: fsck compares what it makes, recover keeps it.
type Builder struct {
	Ctx        context.Context
	Db         *sql.DB
	Keys       *keys.Ring
	Seg        *journal.Segments
	Descriptor names.BlobName // SHA-256 of coffre.json
	Fault      func(*anomalie.Anomalie)
	Seen       func(events int)
	Until      int64 // leaves to stop at; negative for the end of the journal
	Scratch    bool  // the catalogue is thrown away after it was compared: it has the indexes of that alone

	Size   int64
	temps  int64
	open   *Applier      // of the transaction that is open; nil between them
	held   int           // leaves that it holds
	End    journal.Place // after the last frame that was read
	Rest   bool          // bytes follow end that are no frame
	Gap    bool          // and after them frames follow that could be read
	sorted bool          // the indexes are there
	lost   bool          // an event could not be read
	cache  HashCache
	Erase  []Erasure
}

// Build reads the journal to its end, or to Until leaves.
func (b *Builder) Build() error {
	schema := Schema
	if b.sorted = !b.Scratch; b.Scratch {
		schema = scratchSchema
	}
	if _, err := b.Db.ExecContext(b.Ctx, schema); err != nil {
		return fmt.Errorf("make a catalogue: %w", err)
	}
	if err := b.read(); err != nil {
		return err
	}
	return b.sort(b.Db)
}

// read applies the segments.
func (b *Builder) read() error {
	numbers, err := b.Seg.Numbers()
	if err != nil {
		return err
	}
	b.End = journal.Place{Segment: 1, Offset: int64(journal.SegmentHead)}
	for i, n := range numbers {
		if n != int64(i+1) {
			b.Fault(faults.Codes.New("COF-111", journal.SegmentName(int64(i+1))))
			return nil
		}
		if err := b.segment(n); err != nil {
			return err
		}
		if b.Rest {
			b.Gap = b.Gap || i+1 < len(numbers)
			return nil
		}
		if b.Until >= 0 && b.Size >= b.Until {
			return nil
		}
	}
	if len(numbers) == 0 {
		b.Fault(faults.Codes.New("COF-111", journal.SegmentName(1)))
	}
	return nil
}

func (b *Builder) segment(n int64) error {
	f, err := os.Open(b.Seg.Path(n))
	if err != nil {
		return fmt.Errorf("open journal segment %d: %w", n, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("open journal segment %d: %w", n, err)
	}
	head := make([]byte, journal.SegmentHead)
	if _, err := f.ReadAt(head, 0); err != nil || !bytes.Equal(head, journal.EncodeSegmentHead(b.Seg.Vault, n)) {
		b.Fault(b.at(faults.Codes.New("COF-112", journal.SegmentName(n), "0"), n, 0))
	}
	b.End = journal.Place{Segment: n, Offset: int64(journal.SegmentHead)}
	return b.frames(f, n, info.Size())
}

// Extend goes on where Build stopped, to until leaves; negative for the end of
// the journal as it is now.
func (b *Builder) Extend(until int64) error {
	b.Until, b.Rest = until, false
	for until < 0 || b.Size < until {
		n := b.End.Segment
		f, size, err := b.Seg.Open(n)
		if err != nil {
			return err
		}
		err = b.frames(f, n, size)
		f.Close()
		if err != nil || b.Rest {
			return err
		}
		next, err := os.Stat(b.Seg.Path(n + 1))
		if err != nil || next.Size() == 0 || until >= 0 && b.Size >= until {
			return nil
		}
		b.End = journal.Place{Segment: n + 1, Offset: int64(journal.SegmentHead)}
	}
	return nil
}

// maxHeld is how many leaves a transaction holds at least, unless the journal
// ends: frames change the same pages of the catalogue, which are then written
// once for all of them.
const maxHeld = 1 << 13

// frames applies the frames of a segment of size bytes from End on.
func (b *Builder) frames(f *os.File, n, size int64) (err error) {
	defer func() {
		if err == nil {
			err = b.commit()
		}
		b.rollback()
	}()
	done := make(chan struct{})
	next := ahead(b.Keys, f, n, b.End.Offset, size, done)
	defer func() { // before the file is closed
		close(done)
		for range next {
		}
	}()
	for b.Until < 0 || b.Size < b.Until {
		if err := b.Ctx.Err(); err != nil {
			return err
		}
		if fr := <-next; fr != nil && fr.Offset == b.End.Offset && fr.Premier == b.Size {
			if err := b.frame(fr); err != nil {
				return err
			}
			continue
		}
		fr, err := journal.ReadFrame(f, n, b.End.Offset, size)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil || fr.Premier != b.Size {
			torn := errors.Is(err, journal.ErrTorn) || journal.Unfinished(f, n, b.End.Offset, size)
			if fr = b.mend(f, n, size); fr == nil {
				b.Rest = true
				if !torn || b.Until >= 0 {
					b.Fault(b.at(faults.Codes.New("COF-112", journal.SegmentName(n), strconv.FormatInt(b.End.Offset, 10)), n, b.End.Offset))
				}
				return nil
			}
			b.Fault(b.at(faults.Codes.New("COF-112", journal.SegmentName(n), strconv.FormatInt(b.End.Offset, 10)), n, b.End.Offset))
		}
		if err := b.frame(openFrame(b.Keys, fr)); err != nil {
			return err
		}
	}
	return nil
}

func (b *Builder) at(a *anomalie.Anomalie, segment, offset int64) *anomalie.Anomalie {
	return a.At(filepath.Join(journal.Dir, journal.SegmentName(segment)), offset, 0)
}

// mend tries to read the frame at the end by where the next one starts. It is
// believed only when its checkpoint verifies.
func (b *Builder) mend(f *os.File, n, size int64) *journal.Frame {
	const window = 1 << 20
	buf := make([]byte, window+len(journal.FrameMagic))
	try := func(next, count int64) *journal.Frame {
		fr, err := journal.MendFrame(f, n, b.End.Offset, next, b.Size, count)
		if err != nil {
			return nil
		}
		if _, _, _, err := b.leaves(openFrame(b.Keys, fr)); err != nil {
			return nil
		}
		if p, err := journal.ParsePoint(fr.Note, b.Keys.Verifiers); err != nil || p.Taille != b.Size+int64(len(fr.Hashes)) {
			return nil
		}
		return fr
	}
	for start := b.End.Offset + 1; start < size && start < b.End.Offset+journal.MaxFrame; start += window {
		got, err := f.ReadAt(buf, start)
		if err != nil && err != io.EOF {
			return nil
		}
		for i := 0; ; i++ {
			j := bytes.Index(buf[i:got], []byte(journal.FrameMagic))
			if j < 0 {
				break
			}
			i += j
			next, err := journal.ReadFrame(f, n, start+int64(i), size)
			if err != nil || next.Premier <= b.Size {
				continue
			}
			if fr := try(start+int64(i), next.Premier-b.Size); fr != nil {
				return fr
			}
			b.Gap = true
		}
	}
	if fr := try(size, -1); fr != nil {
		return fr
	}
	// The last frame with a damaged count: its checkpoint says how many.
	if fr, err := readNote(f, b.End.Offset, size); err == nil {
		if p, err := journal.ParsePoint(fr, b.Keys.Verifiers); err == nil && p.Taille > b.Size {
			return try(size, p.Taille-b.Size)
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
	if i < 0 || len(buf)-len(journal.FrameEnd) < i {
		return nil, journal.ErrPoint
	}
	return buf[i : len(buf)-len(journal.FrameEnd)], nil
}

func (b *Builder) frame(f *opened) error {
	leaves, temps, wrong, err := b.leaves(f)
	if err != nil {
		return err
	}
	if wrong != nil {
		b.Fault(wrong)
	}
	for i := range f.Records {
		b.record(f, i, leaves[i])
	}
	a, err := b.applier()
	if err != nil {
		return err
	}
	if slices.ContainsFunc(f.Records, searches) {
		if err := b.sort(a.tx); err != nil {
			return err
		}
	}
	gone, err := a.frame(f, leaves, temps)
	if err != nil {
		return err
	}
	if a.lost && !b.lost {
		if b.lost = true; b.Scratch { // keys are looked for from here on
			if _, err := a.tx.ExecContext(b.Ctx, "CREATE INDEX documents_cle ON documents (cle)"); err != nil {
				return fmt.Errorf("sort a catalogue: %w", err)
			}
		}
	}
	b.Erase = append(b.Erase, gone...)
	b.cache.PutAll(a.Fresh) // who rolls back builds no further
	clear(a.Fresh)
	b.Size = a.Size
	b.End = journal.Place{Segment: f.Segment, Offset: f.Offset + f.Size}
	if b.Seen != nil {
		b.Seen(len(leaves))
	}
	if b.held += len(leaves); b.held >= maxHeld {
		return b.commit()
	}
	return nil
}

// searches reports whether applying a record looks for others.
func searches(r *journal.Record) bool {
	return r != nil && (r.Genre == journal.EvDestruction || r.Genre == journal.EvOubli)
}

// sort makes the indexes, unless they are there: once rows were added, or when an event is the first that searches.
func (b *Builder) sort(q Querier) error {
	if b.sorted {
		return nil
	}
	if _, err := q.ExecContext(b.Ctx, scratchIndexes); err != nil {
		return fmt.Errorf("sort a catalogue: %w", err)
	}
	b.sorted = true
	return nil
}

// querier sees what was applied, whether it is committed or not.
func (b *Builder) querier() Querier {
	if b.open != nil {
		return b.open.tx
	}
	return b.Db
}

// applier is that of the open transaction, which it begins where none is.
func (b *Builder) applier() (*Applier, error) {
	if b.open == nil {
		tx, err := b.Db.BeginTx(b.Ctx, nil)
		if err != nil {
			return nil, fmt.Errorf("fill a catalogue: %w", err)
		}
		b.open, b.held = NewApplier(b.Ctx, tx, b.Keys, &b.cache, b.Size), 0
		b.open.lost = b.lost
	}
	return b.open, nil
}

func (b *Builder) commit() error {
	if b.open == nil {
		return nil
	}
	if err := b.open.tx.Commit(); err != nil {
		return fmt.Errorf("fill a catalogue: %w", err)
	}
	b.open = nil
	return nil
}

func (b *Builder) rollback() {
	if b.open != nil {
		b.open.tx.Rollback()
		b.open = nil
	}
}

// record names what is wrong with one record.
func (b *Builder) record(f *opened, i int, leaf tlog.Hash) {
	r, idx := f.Records[i], f.Premier+int64(i)
	damaged := func(code string, args ...any) {
		b.Fault(b.at(faults.Codes.New(code, args...), f.Segment, f.Places[i].Offset))
	}
	switch {
	case r == nil || f.computed[i] != leaf:
		damaged("COF-132", strconv.FormatInt(idx, 10))
		return
	case f.Hashes[i] != leaf, r.Index != idx, journal.SlotsHash(r.Parts) != r.Slots:
		damaged("COF-132", strconv.FormatInt(idx, 10))
	case r.Temps < b.temps:
		damaged("COF-133", strconv.FormatInt(idx, 10))
	case r.Genre == journal.EvHorloge:
		damaged("COF-134", strconv.FormatInt(idx, 10))
	case idx == 0 && (r.Genre != journal.EvCreation || r.Blob != b.Descriptor):
		b.Fault(faults.Codes.New("COF-101").At(keys.DescriptorName, -1, 0))
	}
	if size := 4 + journal.HeaderSize + 1; slices.Contains(f.Misled, i) || f.Places[i].Size != int64(size)+SlotsSize(r) {
		damaged("COF-132", strconv.FormatInt(idx, 10))
	}
	b.temps = max(b.temps, r.Temps)
}

// SlotsSize is what the slots of a record take in the journal, in bytes.
func SlotsSize(r *journal.Record) (n int64) {
	for i := range r.Parts {
		n += journal.SlotHead + int64(len(r.Parts[i].Data))
	}
	return n
}
