package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/mod/sumdb/tlog"

	"paye/internal/durable"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/disk"
	"paye/vault/internal/journal"
)

// transaction is the write lock: one at a time among all processes, held by
// SQLite.
type transaction struct {
	c      *Coffre
	ctx    context.Context
	tx     *sql.Tx
	size   int64         // leaves
	temps  int64         // of this commit, in milliseconds; never before the last event
	last   int64         // time of the last commit
	behind bool          // the clock is before the last event
	end    journal.Place // where the next frame goes
	drafts []*journal.Draft
	fresh  map[int64]tlog.Hash
	done   bool

	claimed  map[string]bool
	sessions map[ID]Versement // as they are under the lock, where this group files
	changed  map[ID]bool      // sessions that this group changes
}

// clockTolerance is how far the clock may be set back unremarked, in ms.
const clockTolerance = 5000

// begin takes the write lock and brings the catalogue up to the journal.
func (c *Coffre) begin(ctx context.Context) (*transaction, error) {
	if err := c.stopped(); err != nil {
		return nil, err
	}
	tx, err := c.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, catalogue.Fault(err, "take the write lock of the catalogue")
	}
	t := &transaction{c: c, ctx: ctx, tx: tx, fresh: map[int64]tlog.Hash{}, claimed: map[string]bool{}, sessions: map[ID]Versement{}, changed: map[ID]bool{}}
	err = t.load()
	if err == nil {
		err = t.rollForward()
	}
	if err != nil {
		t.rollback()
		return nil, err
	}
	now := c.now().UnixMilli()
	t.temps = max(now, t.last)
	t.behind = now < t.last-clockTolerance
	return t, nil
}

// load reads where the catalogue stands.
func (t *transaction) load() error {
	var offset, length int64
	err := t.tx.QueryRowContext(t.ctx, "SELECT taille, temps, segment, offset, longueur FROM lots ORDER BY n DESC LIMIT 1").
		Scan(&t.size, &t.last, &t.end.Segment, &offset, &length)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		t.end = journal.Place{Segment: 1, Offset: int64(journal.SegmentHead)}
		return nil
	case err != nil:
		return catalogue.Fault(err, "read the state of the catalogue")
	}
	t.end.Offset = offset + length
	return nil
}

// rollForward applies the frames that the journal has and the catalogue has
// not, and removes the torn end that a dead process left.
func (t *transaction) rollForward() error {
	for {
		info, err := os.Stat(t.c.book.Seg.Path(t.end.Segment))
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() < t.end.Offset {
			return Codes.New("COF-111", journal.SegmentName(t.end.Segment))
		}
		if err != nil {
			return fmt.Errorf("look at the journal: %w", err)
		}
		if info.Size() == t.end.Offset {
			next, err := os.Stat(t.c.book.Seg.Path(t.end.Segment + 1))
			if err != nil || next.Size() == 0 {
				return nil
			}
			t.end = journal.Place{Segment: t.end.Segment + 1, Offset: int64(journal.SegmentHead)}
			continue
		}
		if err := t.rollSegment(info.Size()); err != nil {
			return err
		}
	}
}

func (t *transaction) rollSegment(size int64) error {
	f, _, err := t.c.book.Seg.Open(t.end.Segment)
	if err != nil {
		return err
	}
	defer f.Close()
	for {
		fr, point, err := t.next(f, size)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, journal.ErrTorn) && !t.covered():
			t.c.opts.Log.Warn("journal end that was never acknowledged is removed", "segment", t.end.Segment, "offset", t.end.Offset, "bytes", size-t.end.Offset)
			return t.c.book.Seg.Truncate(t.end.Segment, t.end.Offset)
		case err != nil:
			t.c.opts.Log.Error("journal end is damaged", "err", err)
			return Codes.New("COF-112", journal.SegmentName(t.end.Segment), fmt.Sprint(t.end.Offset))
		}
		if err := t.apply(fr, fr.Hashes, point.Temps); err != nil {
			return err
		}
		root, err := tlog.TreeHash(t.size, &catalogue.HashReader{Ctx: t.ctx, Q: t.tx, Fresh: t.fresh, Cache: &t.c.book.Cache})
		if err != nil || root != point.Racine {
			return Codes.New("COF-112", journal.SegmentName(fr.Segment), fmt.Sprint(fr.Offset))
		}
	}
}

// covered reports whether a checkpoint was saved of more than the catalogue
// has: what follows in the journal was acknowledged.
func (t *transaction) covered() bool {
	sizes, err := journal.SavedPoints(t.c.root)
	return err != nil || len(sizes) > 0 && sizes[len(sizes)-1] > t.size
}

// next reads the frame at the end of what the catalogue has. Its records are as
// they were written, but for slots that were erased since.
func (t *transaction) next(f *os.File, size int64) (fr *journal.Frame, point Point, err error) {
	n, offset := t.end.Segment, t.end.Offset
	fr, err = journal.ReadFrame(f, n, offset, size)
	if errors.Is(err, io.EOF) {
		return nil, point, err
	}
	if errors.Is(err, journal.ErrTorn) {
		if _, last := journal.LastFrame(f, n, offset, size); !last {
			err = fmt.Errorf("frame at %d of segment %d: cut short, and others follow", offset, n)
		}
		return nil, point, err
	}
	last := err != nil || offset+fr.Size == size
	if err == nil {
		point, err = t.verified(fr)
	}
	if last && (err != nil || !fr.Intact()) && journal.Unfinished(f, n, offset, size) {
		err = journal.ErrTorn
	}
	return fr, point, err
}

// verified returns the checkpoint of a frame whose headers are those that were
// written, and which comes after what the catalogue has.
func (t *transaction) verified(fr *journal.Frame) (Point, error) {
	point, err := journal.ParsePoint(fr.Note, t.c.book.Keys.Verifiers)
	if err != nil {
		return point, fmt.Errorf("frame at %d of segment %d: %w", fr.Offset, fr.Segment, err)
	}
	if len(fr.Misled) > 0 || fr.Premier != t.size || point.Taille != t.size+int64(len(fr.Hashes)) {
		return point, fmt.Errorf("frame at %d of segment %d: not the one that is next", fr.Offset, fr.Segment)
	}
	for i, r := range fr.Records {
		if r == nil || r.Leaf() != fr.Hashes[i] {
			return point, fmt.Errorf("frame at %d of segment %d: record %d is damaged", fr.Offset, fr.Segment, i)
		}
	}
	return point, nil
}

// apply brings a frame that is in the journal into the catalogue and carries
// out its erasures.
func (t *transaction) apply(f *journal.Frame, leaves []tlog.Hash, temps int64) error {
	a := catalogue.NewApplier(t.ctx, t.tx, t.c.book.Keys, &t.c.book.Cache, t.size)
	a.Fresh = t.fresh
	gone, err := a.Frame(f, leaves, temps)
	if err != nil {
		return err
	}
	for _, e := range gone {
		if err := e.CarryOut(t.ctx, t.c.book.Seg, t.c.blobs, t.c.opts.Log); err != nil {
			return err
		}
	}
	t.size, t.last = a.Size, temps
	t.end = journal.Place{Segment: f.Segment, Offset: f.Offset + f.Size}
	return nil
}

// write turns the drafts into a frame and appends it, durable.
func (t *transaction) write() error {
	if len(t.drafts) == 0 {
		return nil
	}
	records := make([]*journal.Record, len(t.drafts))
	leaves := make([]tlog.Hash, len(t.drafts))
	overlay := map[int64]tlog.Hash{}
	reader := &catalogue.HashReader{Ctx: t.ctx, Q: t.tx, Fresh: overlay, Cache: &t.c.book.Cache}
	for i, d := range t.drafts {
		r, err := d.Seal(t.c.opts.Random, t.c.book.Keys, t.size+int64(i), t.temps)
		if err != nil {
			return err
		}
		records[i], leaves[i] = r, r.Leaf()
		hashes, err := tlog.StoredHashesForRecordHash(r.Index, leaves[i], reader)
		if err != nil {
			return catalogue.Fault(err, "extend the tree at leaf %d", r.Index)
		}
		at := tlog.StoredHashIndex(0, r.Index)
		for j, h := range hashes {
			overlay[at+int64(j)] = h
		}
	}
	size := t.size + int64(len(records))
	root, err := tlog.TreeHash(size, reader)
	if err != nil {
		return catalogue.Fault(err, "compute the root of %d leaves", size)
	}
	note, err := journal.SignPoint(Point{Origine: t.c.book.Desc.Origin(), Taille: size, Racine: root, Temps: t.temps}, t.c.book.Keys.Signer)
	if err != nil {
		return err
	}
	if t.end.Offset >= journal.SegmentLimit {
		if err := t.c.book.Seg.Create(t.end.Segment + 1); err != nil {
			return err
		}
		t.end = journal.Place{Segment: t.end.Segment + 1, Offset: int64(journal.SegmentHead)}
	}
	b, places := journal.EncodeFrame(t.size, records, note)
	if len(b) > journal.MaxFrame {
		return fmt.Errorf("batch of %d bytes of journal is too large", len(b))
	}
	for i := range places {
		places[i].Segment = t.end.Segment
		places[i].Offset += t.end.Offset
	}
	f := &journal.Frame{Place: journal.Place{Segment: t.end.Segment, Offset: t.end.Offset, Size: int64(len(b))}, Premier: t.size, Hashes: leaves, Records: records, Places: places, Note: note}
	if err := t.c.book.Seg.Append(t.end.Segment, t.end.Offset, b); err != nil {
		if errors.Is(err, disk.ErrSync) {
			t.c.fail(err)
		}
		return err
	}
	return t.apply(f, leaves, t.temps)
}

func (t *transaction) commit() error {
	t.done = true
	err := durable.Commit(t.c.root)
	if err == nil {
		err = t.tx.Commit()
	} else {
		t.tx.Rollback()
	}
	if err != nil {
		return catalogue.Fault(err, "commit the catalogue")
	}
	t.c.book.Cache.PutAll(t.fresh)
	return nil
}

func (t *transaction) rollback() {
	if !t.done {
		t.done = true
		t.tx.Rollback()
	}
}

// claim takes a name for one operation of the group; the second to want it is
// prepared again, when the catalogue shows what the first did.
func (t *transaction) claim(name []byte) error {
	if t.claimed[string(name)] {
		return errAgain
	}
	t.claimed[string(name)] = true
	return nil
}
