package vault

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"paye/internal/anomalie"
	"paye/vault/internal/book"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
)

// eraseSuperseded overwrites the wraps under a name that were superseded by one
// that good agrees to.
func (c *Coffre) eraseSuperseded(ctx context.Context, name string, seen *atomic.Int64, good func(*journal.Record) bool) (n int64, err error) {
	w := book.WrapFor(name)
	var batch []journal.Held
	flush := func() error {
		n += int64(len(batch))
		err := c.book.Seg.EraseAll(batch, w.Slot)
		batch = batch[:0]
		return err
	}
	err = c.book.EachWrap(ctx, name, seen, func(at journal.Held) error {
		if at.Rec.Part(w.Slot).State() == journal.SlotErased {
			return nil
		}
		current, err := c.book.Wrap(ctx, c.book.Read, at.Rec.Sujet, w)
		if errors.Is(err, keys.ErrUnseal) || err == nil && current.Idx <= at.Idx {
			return nil
		}
		if err != nil {
			return err
		}
		if !good(current.Rec) {
			return nil
		}
		if batch = append(batch, at); len(batch) == rekeyBatch {
			return flush()
		}
		return ctx.Err()
	})
	if err == nil && len(batch) > 0 {
		err = flush()
	}
	return n, err
}

// finishRenewals overwrites what the renewals that were finished superseded: a
// journal that was put back from a backup may have it again.
func (c *Coffre) finishRenewals(ctx context.Context) error {
	names, err := c.book.KeyNames(ctx)
	if err != nil {
		return err
	}
	var seen atomic.Int64
	for _, name := range names {
		pub, _, err := c.book.PublicKeys(ctx, c.book.Read, name)
		if err != nil {
			return err
		}
		if pub.Ancienne != nil {
			continue
		}
		_, err = c.eraseSuperseded(ctx, name, &seen, func(r *journal.Record) bool {
			owner, to := c.book.WrapOwner(r, book.WrapFor(name))
			return owner == name && to == keys.Fingerprint(pub.Cle)
		})
		if err != nil {
			return err
		}
	}
	return nil
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
	at := func(code string) *anomalie.Anomalie { return Codes.New(code, s.Kind.String(), fmt.Sprint(r.Index)) }
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
