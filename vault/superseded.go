package vault

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync/atomic"

	"paye/internal/anomalie"
)

// eachWrap calls f for every record that holds, or held, a wrap under a name,
// or may, in order.
func (c *Coffre) eachWrap(ctx context.Context, name string, seen *atomic.Int64, f func(wrapped) error) error {
	w := wrapFor(name)
	size, err := c.size(ctx)
	if err != nil {
		return err
	}
	reader := &segmentReader{seg: c.seg}
	defer reader.close()
	for next := int64(0); ; {
		rows, err := c.read.QueryContext(ctx, "SELECT idx, segment, offset, longueur FROM evenements WHERE genre IN (?,?) AND idx>=? AND idx<? ORDER BY idx LIMIT ?", w.birth, EvRenouvellement, next, size, pageSize)
		if err != nil {
			return fmt.Errorf("go over the sealed keys: %w", err)
		}
		page, err := scanLocated(rows)
		if err != nil {
			return err
		}
		for _, l := range page {
			seen.Add(1)
			r, err := reader.record(l.place)
			if errors.Is(err, errRecord) {
				continue // fsck names it
			}
			if err != nil {
				return err
			}
			if r.Index != l.idx || r.slot(w.slot) == nil {
				continue
			}
			if owner, _ := c.keys.wrapOwner(r, w); owner != name && owner != "" {
				continue
			}
			if err := f(wrapped{l, r.clone()}); err != nil {
				return err
			}
		}
		if len(page) < pageSize {
			return nil
		}
		next = page[len(page)-1].idx + 1
	}
}

// wrapOwner says under which name a record holds a wrap, empty when its body is
// damaged, and the fingerprint of the public key that it is sealed to, which the
// first record of a subject does not say.
func (k *keyring) wrapOwner(r *record, w *wrapKind) (name, to string) {
	switch {
	case r.Genre == EvRenouvellement:
		var c corpsRenouvellement
		if k.body(r, nil, &c) != nil {
			return "", ""
		}
		return c.Cle, c.Empreinte
	case w == wrapMaitre:
		return CleMaitre, ""
	case w == wrapSecours:
		return CleSecours, ""
	}
	var c corpsActe
	if k.body(r, nil, &c) != nil {
		return "", ""
	}
	return CleEmployeur(c.Objet), ""
}

// eraseSuperseded overwrites the wraps under a name that were superseded by one
// that good agrees to.
func (c *Coffre) eraseSuperseded(ctx context.Context, name string, seen *atomic.Int64, good func(*record) bool) (n int64, err error) {
	w := wrapFor(name)
	var batch []wrapped
	flush := func() error {
		n += int64(len(batch))
		err := c.seg.eraseAll(batch, w.slot)
		batch = batch[:0]
		return err
	}
	err = c.eachWrap(ctx, name, seen, func(at wrapped) error {
		if at.rec.slot(w.slot).state() == slotErased {
			return nil
		}
		current, err := c.wrap(ctx, c.read, at.rec.Sujet, w)
		if errors.Is(err, errUnseal) || err == nil && current.idx <= at.idx {
			return nil
		}
		if err != nil {
			return err
		}
		if !good(current.rec) {
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

// eraseAll overwrites a slot of several records; each segment is synced once.
func (s *segments) eraseAll(list []wrapped, kind slotKind) error {
	slices.SortFunc(list, func(a, b wrapped) int { return cmp.Compare(a.idx, b.idx) })
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].segment == list[0].segment {
			n++
		}
		part := list[:n]
		list = list[n:]
		err := s.zero(part[0].segment, func(f *os.File) error {
			for _, at := range part {
				if err := s.zeroSlots(f, at.offset, at.rec, []slotKind{kind}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// finishRenewals overwrites what the renewals that were finished superseded: a
// journal that was put back from a backup may have it again.
func (c *Coffre) finishRenewals(ctx context.Context) error {
	names, err := c.keyNames(ctx)
	if err != nil {
		return err
	}
	var seen atomic.Int64
	for _, name := range names {
		pub, _, err := c.publicKeys(ctx, c.read, name)
		if err != nil {
			return err
		}
		if pub.Ancienne != nil {
			continue
		}
		_, err = c.eraseSuperseded(ctx, name, &seen, func(r *record) bool {
			owner, to := c.keys.wrapOwner(r, wrapFor(name))
			return owner == name && to == fingerprint(pub.Cle)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// wrap looks at a slot that holds, or held, a wrap, and reports whether nothing
// else is to be said of it: it was superseded and erased.
func (f *fsck) wrap(ctx context.Context, c *Coffre, r *record, s *slot, w *wrapKind) (done bool, err error) {
	list, err := c.wrapRecords(ctx, c.read, r.Sujet, w)
	if err != nil {
		return false, err
	}
	superseded := false
	for _, l := range list {
		if l.idx <= r.Index {
			break
		}
		if next, err := f.seg.record(l.place); err == nil && next.slot(w.slot) != nil && next.slot(w.slot).state() != slotDamaged {
			superseded = true
		}
	}
	at := func(code string) *anomalie.Anomalie { return Codes.New(code, s.kind.String(), fmt.Sprint(r.Index)) }
	switch state := s.state(); {
	case !superseded && state == slotErased:
		f.fault(at("COF-138"))
		return true, nil
	case !superseded:
		return false, nil
	case state == slotErased:
		return true, nil
	}
	name, _ := f.keys.wrapOwner(r, w)
	if name == "" {
		return true, nil // its body was named
	}
	if pub, _, err := c.publicKeys(ctx, c.read, name); err == nil && pub.Ancienne == nil {
		f.fault(at("COF-128"))
	}
	return true, nil
}
