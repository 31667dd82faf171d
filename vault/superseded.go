package vault

import (
	"context"
	"errors"
	"sync/atomic"

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
