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
)

// Every change of the vault is an operation: under the write lock it looks at
// the catalogue and says which events it wants, or that it wants none.
// Operations that wait at the same time are committed together.
//
// The order of a commit:
//
//  1. the caller made its blobs durable
//  2. one frame is appended to the journal and synced: from here it is done
//  3. erasures are carried out, then the catalogue's transaction is committed
//  4. the callers get their answers
//
// A process that dies before 2 changed nothing; one that dies after is rolled
// forward from the journal by the next commit, in whatever process.
type operation struct {
	prepare func(*transaction) ([]*draft, error)

	indexes []int64 // of the events, set by the commit
	err     error   // of this operation only
	done    chan struct{}
}

const (
	maxGroup      = 64 // operations in a commit
	maxGroupDraft = maxRecords / 2
)

// commit runs one operation, together with those that other goroutines have
// waiting. The first to come leads: it commits for all until nobody waits.
func (c *Coffre) commit(ctx context.Context, op *operation) error {
	op.done = make(chan struct{})
	q := &c.queue
	q.Lock()
	q.waiting = append(q.waiting, op)
	if q.leading {
		q.Unlock()
		// The leader answers always; it is not left half-way by a caller that
		// goes away, who could not tell whether the thing was done.
		<-op.done
		return op.err
	}
	q.leading = true
	for len(q.waiting) > 0 {
		group := q.waiting[:min(len(q.waiting), maxGroup)]
		q.waiting = q.waiting[len(group):]
		q.Unlock()
		again := c.commitGroup(context.WithoutCancel(ctx), group)
		q.Lock()
		q.waiting = append(again, q.waiting...)
	}
	q.leading = false
	q.Unlock()
	return op.err
}

// commitGroup answers the operations of a group, but for those that must be
// prepared again because another of the group came first.
func (c *Coffre) commitGroup(ctx context.Context, group []*operation) (again []*operation) {
	err := c.tryGroup(ctx, group)
	for _, op := range group {
		if err != nil {
			op.err, op.indexes = err, nil
		}
		if errors.Is(op.err, errAgain) {
			op.err = nil
			again = append(again, op)
			continue
		}
		close(op.done)
	}
	return again
}

// errAgain is what prepare answers when its answer depends on an operation of
// the same group, which the catalogue does not show yet.
var errAgain = errors.New("prepare again after this commit")

func (c *Coffre) tryGroup(ctx context.Context, group []*operation) error {
	t, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer t.rollback()
	for _, op := range group {
		first := len(t.drafts)
		drafts, err := op.prepare(t)
		if err == nil && first+len(drafts) > maxGroupDraft {
			if err = errAgain; first == 0 {
				err = fmt.Errorf("batch of %d events is too large", len(drafts))
			}
		}
		if err != nil {
			op.err = err
			continue
		}
		t.drafts = append(t.drafts, drafts...)
		for i := range drafts {
			op.indexes = append(op.indexes, t.size+int64(first+i))
		}
	}
	if t.behind && len(t.drafts) > 0 {
		t.drafts = append(t.drafts, &draft{genre: EvHorloge, corps: corpsActe{Par: "xhl"}})
	}
	if err := t.write(); err != nil {
		return err
	}
	if err := t.commit(); err != nil {
		return err
	}
	return c.dailyPoint(ctx, t)
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

// transaction is the write lock: one at a time among all processes, held by
// SQLite.
type transaction struct {
	c      *Coffre
	ctx    context.Context
	tx     *sql.Tx
	size   int64 // leaves
	temps  int64 // of this commit, in milliseconds; never before the last event
	last   int64 // time of the last commit
	behind bool  // the clock is before the last event
	end    place // where the next frame goes
	drafts []*draft
	fresh  map[int64]tlog.Hash
	done   bool

	claimed map[string]bool
}

// clockTolerance is how far the clock may be set back unremarked, in ms.
const clockTolerance = 5000

// begin takes the write lock and brings the catalogue up to the journal.
func (c *Coffre) begin(ctx context.Context) (*transaction, error) {
	if err := c.Err(); err != nil {
		return nil, err
	}
	tx, err := c.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("take the write lock of the catalogue: %w", err)
	}
	t := &transaction{c: c, ctx: ctx, tx: tx, fresh: map[int64]tlog.Hash{}, claimed: map[string]bool{}}
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
		Scan(&t.size, &t.last, &t.end.segment, &offset, &length)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		t.end = place{segment: 1, offset: int64(segmentHead)}
		return nil
	case err != nil:
		return fmt.Errorf("read the state of the catalogue: %w", err)
	}
	t.end.offset = offset + length
	return nil
}

// rollForward applies the frames that the journal has and the catalogue has
// not, and removes the torn end that a dead process left.
func (t *transaction) rollForward() error {
	for {
		info, err := os.Stat(t.c.seg.path(t.end.segment))
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() < t.end.offset {
			return Codes.New("COF-111", segmentName(t.end.segment))
		}
		if err != nil {
			return fmt.Errorf("look at the journal: %w", err)
		}
		if info.Size() == t.end.offset {
			next, err := os.Stat(t.c.seg.path(t.end.segment + 1))
			if err != nil || next.Size() == 0 {
				return nil
			}
			t.end = place{segment: t.end.segment + 1, offset: int64(segmentHead)}
			continue
		}
		if err := t.rollSegment(info.Size()); err != nil {
			return err
		}
	}
}

func (t *transaction) rollSegment(size int64) error {
	f, _, err := t.c.seg.open(t.end.segment)
	if err != nil {
		return err
	}
	defer f.Close()
	for {
		fr, point, err := t.next(f, size)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errTorn) && !t.covered():
			t.c.opts.Log.Warn("journal end that was never acknowledged is removed", "segment", t.end.segment, "offset", t.end.offset, "bytes", size-t.end.offset)
			return t.c.seg.truncate(t.end.segment, t.end.offset)
		case err != nil:
			t.c.opts.Log.Error("journal end is damaged", "err", err)
			return Codes.New("COF-112", segmentName(t.end.segment), fmt.Sprint(t.end.offset))
		}
		if err := t.apply(fr, fr.hashes, point.Temps); err != nil {
			return err
		}
		root, err := tlog.TreeHash(t.size, &hashReader{t.ctx, t.tx, t.fresh, &t.c.cache})
		if err != nil || root != point.Racine {
			return Codes.New("COF-112", segmentName(fr.segment), fmt.Sprint(fr.offset))
		}
	}
}

// covered reports whether a checkpoint was saved of more than the catalogue
// has: what follows in the journal was acknowledged.
func (t *transaction) covered() bool {
	sizes, err := savedPoints(t.c.root)
	return err != nil || len(sizes) > 0 && sizes[len(sizes)-1] > t.size
}

// next reads the frame at the end of what the catalogue has. Its records are as
// they were written, but for slots that were erased since.
func (t *transaction) next(f *os.File, size int64) (fr *frame, point Point, err error) {
	n, offset := t.end.segment, t.end.offset
	fr, err = readFrame(f, n, offset, size)
	if errors.Is(err, io.EOF) {
		return nil, point, err
	}
	if errors.Is(err, errTorn) {
		if _, last := lastFrame(f, n, offset, size); !last {
			err = fmt.Errorf("frame at %d of segment %d: cut short, and others follow", offset, n)
		}
		return nil, point, err
	}
	last := err != nil || offset+fr.size == size
	if err == nil {
		point, err = t.verified(fr)
	}
	if last && (err != nil || !fr.intact()) && unfinished(f, n, offset, size) {
		err = errTorn
	}
	return fr, point, err
}

// verified returns the checkpoint of a frame whose headers are those that were
// written, and which comes after what the catalogue has.
func (t *transaction) verified(fr *frame) (Point, error) {
	point, err := ParsePoint(fr.note, t.c.keys.verifiers)
	if err != nil {
		return point, fmt.Errorf("frame at %d of segment %d: %w", fr.offset, fr.segment, err)
	}
	if len(fr.misled) > 0 || fr.premier != t.size || point.Taille != t.size+int64(len(fr.hashes)) {
		return point, fmt.Errorf("frame at %d of segment %d: not the one that is next", fr.offset, fr.segment)
	}
	for i, r := range fr.records {
		if r == nil || r.leaf() != fr.hashes[i] {
			return point, fmt.Errorf("frame at %d of segment %d: record %d is damaged", fr.offset, fr.segment, i)
		}
	}
	return point, nil
}

// apply brings a frame that is in the journal into the catalogue and carries
// out its erasures.
func (t *transaction) apply(f *frame, leaves []tlog.Hash, temps int64) error {
	a := newApplier(t.ctx, t.tx, t.c.keys, &t.c.cache, t.size)
	a.fresh = t.fresh
	gone, err := a.frame(f, leaves, temps)
	if err != nil {
		return err
	}
	for _, e := range gone {
		if err := t.c.erase(t.ctx, e); err != nil {
			return err
		}
	}
	t.size, t.last = a.size, temps
	t.end = place{segment: f.segment, offset: f.offset + f.size}
	return nil
}

func (c *Coffre) erase(ctx context.Context, e erasure) error {
	r, err := c.seg.erase(e.place, e.kinds...)
	if err != nil || e.blob == nil {
		return err
	}
	if err := c.blobs.Delete(ctx, *e.blob, r.intact(slotLieu)); err != nil {
		// The keys are gone: a blob under a retention lock stays unreadable.
		c.opts.Log.Warn("blob of an erased document stays", "err", err)
	}
	return nil
}

// write turns the drafts into a frame and appends it, durable.
func (t *transaction) write() error {
	if len(t.drafts) == 0 {
		return nil
	}
	records := make([]*record, len(t.drafts))
	leaves := make([]tlog.Hash, len(t.drafts))
	overlay := map[int64]tlog.Hash{}
	reader := &hashReader{t.ctx, t.tx, overlay, &t.c.cache}
	for i, d := range t.drafts {
		r, err := t.c.record(d, t.size+int64(i), t.temps)
		if err != nil {
			return err
		}
		records[i], leaves[i] = r, r.leaf()
		hashes, err := tlog.StoredHashesForRecordHash(r.Index, leaves[i], reader)
		if err != nil {
			return fmt.Errorf("extend the tree at leaf %d: %w", r.Index, err)
		}
		at := tlog.StoredHashIndex(0, r.Index)
		for j, h := range hashes {
			overlay[at+int64(j)] = h
		}
	}
	size := t.size + int64(len(records))
	root, err := tlog.TreeHash(size, reader)
	if err != nil {
		return fmt.Errorf("compute the root of %d leaves: %w", size, err)
	}
	note, err := signPoint(Point{Origine: t.c.desc.origin(), Taille: size, Racine: root, Temps: t.temps}, t.c.keys.signer)
	if err != nil {
		return err
	}
	if t.end.offset >= segmentLimit {
		if err := t.c.seg.create(t.end.segment + 1); err != nil {
			return err
		}
		t.end = place{segment: t.end.segment + 1, offset: int64(segmentHead)}
	}
	b, places := encodeFrame(t.size, records, note)
	if len(b) > maxFrame {
		return fmt.Errorf("batch of %d bytes of journal is too large", len(b))
	}
	for i := range places {
		places[i].segment = t.end.segment
		places[i].offset += t.end.offset
	}
	f := &frame{place: place{t.end.segment, t.end.offset, int64(len(b))}, premier: t.size, hashes: leaves, records: records, places: places, note: note}
	if err := t.c.seg.append(t.end.segment, t.end.offset, b); err != nil {
		if errors.Is(err, errSync) {
			t.c.fail(err)
		}
		return err
	}
	return t.apply(f, leaves, t.temps)
}

func (t *transaction) commit() error {
	t.done = true
	if err := t.tx.Commit(); err != nil {
		return fmt.Errorf("commit the catalogue: %w", err)
	}
	t.c.cache.putAll(t.fresh)
	return nil
}

func (t *transaction) rollback() {
	if !t.done {
		t.done = true
		t.tx.Rollback()
	}
}

// record seals a draft.
func (c *Coffre) record(d *draft, index, temps int64) (*record, error) {
	body, err := marshal(d.corps)
	if err != nil {
		return nil, err
	}
	salt, err := draw(c.opts.Random, saltSize)
	if err != nil {
		return nil, err
	}
	r := &record{header: header{Genre: d.genre, Temps: temps, Index: index, Sujet: d.sujet, Blob: d.blob, Engagement: engagement(salt, body)}}
	key := d.cle
	if d.newKey != nil {
		key = d.newKey
		sealed, err := seal(c.opts.Random, c.keys.meta, d.newKey, append([]byte("sujet"), d.sujet[:]...))
		if err != nil {
			return nil, err
		}
		r.add(slotCleSujet, sealed)
	}
	if key == nil {
		key = c.keys.meta
	}
	sealed, err := seal(c.opts.Random, key, append(salt[:saltSize:saltSize], body...), bodyContext(d.genre, d.sujet))
	if err != nil {
		return nil, err
	}
	r.add(slotCorps, sealed)
	r.slots = append(r.slots, d.slots...)
	r.Slots = slotsHash(r.slots)
	d.header, d.salt, d.body = &r.header, salt, body
	return r, nil
}
