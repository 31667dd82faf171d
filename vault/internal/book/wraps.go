package book

import (
	"bytes"
	"context"
	"crypto/hpke"
	"errors"
	"path/filepath"
	"strings"
	"sync/atomic"

	"paye/vault/internal/acts"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
	"paye/vault/internal/names"
)

// EachWrap calls f for every record that holds, or held, a wrap under a name,
// or may, in order.
func (b *Book) EachWrap(ctx context.Context, name string, seen *atomic.Int64, f func(journal.Held) error) error {
	w := WrapFor(name)
	size, err := b.Size(ctx)
	if err != nil {
		return err
	}
	reader := &journal.Reader{Seg: b.Seg}
	defer reader.Close()
	for next := int64(0); ; {
		rows, err := b.Read.QueryContext(ctx, "SELECT idx, segment, offset, longueur FROM evenements WHERE genre IN (?,?) AND idx>=? AND idx<? ORDER BY idx LIMIT ?", w.birth, journal.EvRenouvellement, next, size, PageSize)
		if err != nil {
			return catalogue.Fault(err, "go over the sealed keys")
		}
		page, err := scanLocated(rows)
		if err != nil {
			return err
		}
		for _, l := range page {
			seen.Add(1)
			r, err := reader.Record(l.Place)
			if errors.Is(err, journal.ErrRecord) {
				continue // fsck names it
			}
			if err != nil {
				return err
			}
			if r.Index != l.Idx || r.Part(w.Slot) == nil {
				continue
			}
			if owner, _ := b.WrapOwner(r, w); owner != name && owner != "" {
				continue
			}
			if err := f(journal.Held{Located: l, Rec: r.Clone()}); err != nil {
				return err
			}
		}
		if len(page) < PageSize {
			return nil
		}
		next = page[len(page)-1].Idx + 1
	}
}

// WrapOwner says under which name a record holds a wrap, empty when its body is
// damaged, and the fingerprint of the public key that it is sealed to, which the
// first record of a subject does not say.
func (b *Book) WrapOwner(r *journal.Record, w *WrapKind) (name, to string) {
	switch {
	case r.Genre == journal.EvRenouvellement:
		var c acts.Renouvellement
		if r.Body(b.Keys, nil, &c) != nil {
			return "", ""
		}
		return c.Cle, c.Empreinte
	case w == WrapMaitre:
		return keys.Maitre, ""
	case w == WrapSecours:
		return keys.Secours, ""
	}
	var c acts.Acte
	if r.Body(b.Keys, nil, &c) != nil {
		return "", ""
	}
	return keys.Employeur(c.Objet), ""
}

// Three kinds of keys are sealed to a public key of the vault: those of the
// envelopes, twice, and the agents' private keys. A sealed key is called a
// wrap. It stands in the record of its subject's birth, until the public key
// is replaced: then a record of the same subject, of kind EvRenouvellement,
// holds what supersedes it. The newest intact one counts.

// WrapKind is one of the three.
type WrapKind struct {
	Slot     journal.SlotKind // that holds the wrap
	birth    journal.Genre    // of the first record of the subject
	Use      string           // in the context of the encryption
	document journal.SlotKind // that names the envelope in a deposit; 0 for agents
}

var (
	WrapDouble  = &WrapKind{journal.SlotEnvDouble, journal.EvEnveloppe, "double", journal.SlotDouble}
	WrapSecours = &WrapKind{journal.SlotEnvSecours, journal.EvEnveloppe, "secours", journal.SlotSecours}
	WrapMaitre  = &WrapKind{journal.SlotPrivee, journal.EvAgent, "maitre", 0}
)

// WrapIn is the kind of wrap that a slot holds, nil for another slot.
func WrapIn(kind journal.SlotKind) *WrapKind {
	for _, w := range []*WrapKind{WrapDouble, WrapSecours, WrapMaitre} {
		if w.Slot == kind {
			return w
		}
	}
	return nil
}

// WrapFor is the kind of wrap that a key opens, nil for what is no such key.
func WrapFor(name string) *WrapKind {
	switch {
	case name == keys.Secours:
		return WrapSecours
	case name == keys.Maitre:
		return WrapMaitre
	case strings.HasPrefix(name, keys.EmployeurPrefix):
		return WrapDouble
	}
	return nil
}

// Openers are what opens the wraps of a name: one key, two while it is being
// replaced. lacking says why one of the two is not there: what the other does
// not open is not damaged for that.
type Openers struct {
	Keys    []hpke.PrivateKey
	lacking error
}

// openersOf asks for each of the keys; an error when none is there.
func openersOf(pub ClePublique, open func(public []byte) (hpke.PrivateKey, error)) (o Openers, err error) {
	for _, public := range [][]byte{pub.Cle, pub.Ancienne} {
		if public == nil {
			continue
		}
		private, err := open(public)
		if err == nil {
			o.Keys = append(o.Keys, private)
		} else if o.lacking = err; !faults.Is(err) {
			return o, err
		}
	}
	if len(o.Keys) == 0 {
		return o, o.lacking
	}
	return o, nil
}

// PrivateKeys opens the private keys of a name from the folder of the keys.
func (b *Book) PrivateKeys(ctx context.Context, name string) (Openers, error) {
	pub, _, err := b.PublicKeys(ctx, b.Read, name)
	if err != nil {
		return Openers{}, err
	}
	return openersOf(pub, func(public []byte) (hpke.PrivateKey, error) { return b.Keys.Open(name, public) })
}

// SecoursKeys reads the recovery key from where it is kept. While it is being
// replaced the other is looked for beside it, and in the folder of the keys.
func (b *Book) SecoursKeys(ctx context.Context, path string) (Openers, error) {
	pub, _, err := b.PublicKeys(ctx, b.Read, keys.Secours)
	if err != nil {
		return Openers{}, err
	}
	publics := [][]byte{pub.Cle}
	if pub.Ancienne != nil {
		publics = append(publics, pub.Ancienne)
	}
	one, err := keys.Open(path, keys.Secours, b.Keys.Phrase, publics...)
	if err != nil {
		return Openers{}, err
	}
	return openersOf(pub, func(public []byte) (hpke.PrivateKey, error) {
		if bytes.Equal(one.PublicKey().Bytes(), public) {
			return one, nil
		}
		two, err := keys.Open(keys.File(filepath.Dir(path), keys.Secours, public), keys.Secours, b.Keys.Phrase, public)
		if faults.Is(err) {
			two, err = b.Keys.Open(keys.Secours, public)
		}
		return two, err
	})
}

// WrapRecords gives the records of a subject that may hold a wrap, newest
// first.
func (b *Book) WrapRecords(ctx context.Context, q catalogue.Querier, sujet names.ID, w *WrapKind) ([]journal.Located, error) {
	rows, err := q.QueryContext(ctx, "SELECT idx, segment, offset, longueur FROM evenements WHERE sujet=? AND genre IN (?,?) ORDER BY idx DESC", sujet[:], w.birth, journal.EvRenouvellement)
	if err != nil {
		return nil, catalogue.Fault(err, "find a sealed key")
	}
	return scanLocated(rows)
}

// Wrap finds the wrap of a subject that counts; errUnseal when none is intact.
func (b *Book) Wrap(ctx context.Context, q catalogue.Querier, sujet names.ID, w *WrapKind) (journal.Held, error) {
	// What was found may be erased before it is read: then something newer was
	// committed, and is found at the second look.
	for range 2 {
		list, err := b.WrapRecords(ctx, q, sujet, w)
		if err != nil {
			return journal.Held{}, err
		}
		for _, l := range list {
			r, err := b.Seg.Record(l.Place)
			if errors.Is(err, journal.ErrRecord) {
				continue
			}
			if err != nil {
				return journal.Held{}, err
			}
			if r.Index == l.Idx && r.Sujet == sujet && r.Intact(w.Slot) != nil {
				return journal.Held{Located: l, Rec: r}, nil
			}
		}
	}
	return journal.Held{}, keys.ErrUnseal
}

// openWrap opens the wrap of a subject.
func (b *Book) openWrap(ctx context.Context, sujet names.ID, with Openers, w *WrapKind) ([]byte, error) {
	at, err := b.Wrap(ctx, b.Read, sujet, w)
	if err != nil {
		return nil, err
	}
	for _, p := range with.Keys {
		var plain []byte
		if plain, err = keys.UnsealWith(p, at.Rec.Intact(w.Slot), keys.Context(w.Use, sujet)); !errors.Is(err, keys.ErrUnseal) {
			return plain, err
		}
	}
	if with.lacking != nil {
		return nil, with.lacking
	}
	return nil, keys.ErrUnseal
}
