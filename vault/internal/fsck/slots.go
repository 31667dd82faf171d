package fsck

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"

	"paye/internal/anomalie"
	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
)

// slots finds erased slots that nobody ordered, and orders not carried out.
func (f *fsck) slots(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "SELECT e.idx, e.segment, e.offset, e.longueur, d.copies, e.genre=?1 AND e.sujet IS NOT NULL AND EXISTS (SELECT 1 FROM evenements o WHERE o.sujet=e.sujet AND o.genre=?2 AND o.idx>e.idx) FROM evenements e LEFT JOIN documents d USING (idx) ORDER BY e.idx", journal.EvFiche, journal.EvOubli)
	if err != nil {
		return fmt.Errorf("go over the records: %w", err)
	}
	defer rows.Close()
	reader := &journal.Reader{Seg: f.seg, Ahead: true} // what the events of the catalogue want erased was erased before
	defer reader.Close()
	known := &book.Book{Desc: f.desc, Keys: f.keys, Seg: f.seg, Read: db}
	for rows.Next() {
		var idx int64
		var p journal.Place
		var copies sql.NullInt64
		var forgotten bool
		if err := rows.Scan(&idx, &p.Segment, &p.Offset, &p.Size, &copies, &forgotten); err != nil {
			return fmt.Errorf("go over the records: %w", err)
		}
		r, err := reader.Record(p)
		if err != nil || r.Index != idx {
			continue // named by the builder
		}
		for i := range r.Parts {
			s := &r.Parts[i]
			erasable := copies.Valid && erasedFor(s.Kind, acts.Copie(copies.Int64)) || forgotten && s.Kind == journal.SlotCorps
			if w := book.WrapIn(s.Kind); w != nil {
				if done, err := f.wrap(ctx, known, r, s, w); err != nil {
					return err
				} else if done {
					continue
				}
			}
			switch st := s.State(); {
			case st == journal.SlotDamaged && !erasable:
				f.fault(faults.Codes.New("COF-122", s.Kind.String(), fmt.Sprint(idx)).At(filepath.Join(journal.Dir, journal.SegmentName(p.Segment)), p.Offset, 0))
			case st == journal.SlotErased && !erasable:
				f.fault(faults.Codes.New("COF-127", s.Kind.String(), fmt.Sprint(idx)).At(filepath.Join(journal.Dir, journal.SegmentName(p.Segment)), p.Offset, 0))
			case st != journal.SlotErased && erasable:
				f.fault(faults.Codes.New("COF-128", s.Kind.String(), fmt.Sprint(idx)).At(filepath.Join(journal.Dir, journal.SegmentName(p.Segment)), p.Offset, 0))
			}
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("go over the records: %w", err)
	}
	return nil
}

// erasedFor reports whether a slot of a deposit is to be zeros when only
// copies are left.
func erasedFor(kind journal.SlotKind, copies acts.Copie) bool {
	switch kind {
	case journal.SlotAgent:
		return copies&acts.CopieAgent == 0
	case journal.SlotDouble:
		return copies&acts.CopieDouble == 0
	case journal.SlotCorps, journal.SlotCleSujet, journal.SlotSecours:
		return copies == 0
	}
	return false
}

// wrap looks at a slot that holds, or held, a wrap, and reports whether nothing
// else is to be said of it: it was superseded and erased.
func (f *fsck) wrap(ctx context.Context, b *book.Book, r *journal.Record, s *journal.Slot, w *book.WrapKind) (done bool, err error) {
	list, err := b.WrapRecords(ctx, b.Read, r.Sujet, w)
	if err != nil {
		return false, err
	}
	superseded := false
	for _, l := range list {
		if l.Idx <= r.Index {
			break
		}
		if next, err := f.seg.Record(l.Place); err == nil && next.Part(w.Slot) != nil && next.Part(w.Slot).State() != journal.SlotDamaged {
			superseded = true
		}
	}
	at := func(code string) *anomalie.Anomalie {
		return faults.Codes.New(code, s.Kind.String(), fmt.Sprint(r.Index))
	}
	switch state := s.State(); {
	case !superseded && state == journal.SlotErased:
		f.fault(at("COF-138"))
		return true, nil
	case !superseded:
		return false, nil
	case state == journal.SlotErased:
		return true, nil
	}
	name, _ := b.WrapOwner(r, w)
	if name == "" {
		return true, nil // its body was named
	}
	if pub, _, err := b.PublicKeys(ctx, b.Read, name); err == nil && pub.Ancienne == nil {
		f.fault(at("COF-128"))
	}
	return true, nil
}
