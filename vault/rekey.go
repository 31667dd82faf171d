package vault

import (
	"bytes"
	"context"
	"crypto/hpke"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"

	"paye/internal/durable"
	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/disk"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
)

// Renouvellement says which key of a vault is replaced, and how.
type Renouvellement struct {
	// Cle is CleEmployeur(siret), CleSecours or CleMaitre.
	Cle string
	// Fichier holds the private key that is replaced; empty for the one in
	// keys/. A recovery key is elsewhere.
	Fichier string
	// Phrase encrypts the file of the new key, unless it is empty, and opens it
	// when a renewal is continued.
	Phrase []byte
	// Progress is updated on the way.
	Progress *RekeyProgress
}

// RekeyProgress counts, for a progress bar that pulls.
type RekeyProgress struct {
	Lus atomic.Int64 // records of the journal looked at
}

// RapportRenouvellement says what became of the keys.
type RapportRenouvellement struct {
	Cle       string `json:"cle"`
	Fichier   string `json:"fichier"`   // of the new private key, in keys/
	Reprise   bool   `json:"reprise"`   // a renewal that was interrupted was continued
	Scelles   int64  `json:"scelles"`   // sealed to the new key by this call
	Effaces   int64  `json:"effaces"`   // former ones erased by this call
	Illisible int64  `json:"illisible"` // damaged ones, that keep the renewal open
}

const rekeyBatch = 200 // wraps in a commit

// Rekey replaces a key of the vault, which may be in use: what is sealed to the
// former public key is opened and sealed to a new one, and once everything is,
// what was sealed to the former is overwritten with zeros. The former key then
// opens nothing. Documents, their keys, receipts and proofs stay as they are.
//
// The new private key is written to keys/ first. A renewal that was interrupted
// is continued by the next call for the same key; in between the vault works,
// with both private keys. Wraps that are damaged keep
// the renewal open (COF-141), since a backup of them would need the former key.
// Only the operator of the machine replaces keys.
func (a *Upkeep) Rekey(ctx context.Context, par Acteur, o Renouvellement) (*RapportRenouvellement, error) {
	if par.Role != RoleSysteme {
		return nil, a.c.denied(ctx, par, "renouvellement", ID{}, Codes.New("COF-306"))
	}
	if o.Progress == nil {
		o.Progress = &RekeyProgress{}
	}
	j := &rekeying{c: a.c, par: par, o: o, kind: book.WrapFor(o.Cle), r: &RapportRenouvellement{Cle: o.Cle}}
	if j.kind == nil {
		return nil, Codes.New("COF-201", "cle")
	}
	if err := j.open(ctx); err != nil {
		return nil, err
	}
	// What another process sealed at the same time is looked at again.
	for more := true; more; {
		var err error
		if more, err = j.seal(ctx); err != nil {
			return j.r, err
		}
	}
	if err := j.erase(ctx); err != nil {
		return j.r, err
	}
	if j.r.Illisible > 0 {
		return j.r, Codes.New("COF-141", j.r.Illisible)
	}
	return j.r, j.write(ctx, book.ClePublique{Cle: j.pub.Cle, Ancienne: j.pub.Ancienne}, book.ClePublique{Cle: j.pub.Cle})
}

// rekeying is one renewal on its way.
type rekeying struct {
	c    *Coffre
	par  Acteur
	o    Renouvellement
	kind *book.WrapKind
	r    *RapportRenouvellement

	pub         book.ClePublique
	former, new hpke.PrivateKey
	to          hpke.PublicKey
}

// open finds the renewal that was begun, or begins one.
func (j *rekeying) open(ctx context.Context) (err error) {
	if j.pub, _, err = j.c.book.PublicKeys(ctx, j.c.book.Read, j.o.Cle); err != nil {
		return err
	}
	if j.pub.Ancienne == nil {
		if err := j.begin(ctx); err != nil {
			return err
		}
	} else {
		j.r.Reprise = true
		if j.former, err = j.formerKey(j.pub.Ancienne); err != nil {
			return err
		}
		if len(j.o.Phrase) > 0 {
			phrase := func(string) ([]byte, error) { return j.o.Phrase, nil }
			if p, err := keys.Open(keys.File(j.c.book.Keys.Dir, j.o.Cle, j.pub.Cle), j.o.Cle, phrase, j.pub.Cle); err == nil {
				j.c.book.Keys.Know(j.o.Cle, p)
			}
		}
	}
	if j.new, err = j.c.book.Keys.Open(j.o.Cle, j.pub.Cle); err != nil {
		return err
	}
	j.r.Fichier = keys.File(j.c.book.Keys.Dir, j.o.Cle, j.pub.Cle)
	j.to, err = j.c.book.PublicKey(j.o.Cle, j.pub.Cle)
	return err
}

func (j *rekeying) formerKey(public []byte) (hpke.PrivateKey, error) {
	if j.o.Fichier != "" {
		return keys.Open(j.o.Fichier, j.o.Cle, j.c.book.Keys.Phrase, public)
	}
	return j.c.book.Keys.Open(j.o.Cle, public)
}

// begin draws the new key, keeps it, and says in the journal that it is the one
// from now on: what is committed later is sealed to it.
func (j *rekeying) begin(ctx context.Context) (err error) {
	former := j.pub.Cle
	if j.former, err = j.formerKey(former); err != nil {
		return err
	}
	// The former gets a name that says which it is. It is found under both.
	dir, name := j.c.book.Keys.Dir, j.o.Cle
	plain := filepath.Join(dir, name+".cle")
	if _, err := keys.Open(plain, name, j.c.book.Keys.Phrase, former); err == nil {
		if err := durable.Rename(plain, filepath.Join(dir, keys.Replaced(name, former)+".cle")); err != nil {
			return fmt.Errorf("rename the key %s: %w", name, err)
		}
		if err := disk.SyncPath(dir); err != nil {
			return err
		}
	}
	seed, pair, err := keys.NewPair(j.c.opts.Random)
	if err != nil {
		return err
	}
	public := pair.PublicKey().Bytes()
	if err := durable.MkdirAll(dir); err != nil {
		return fmt.Errorf("write key %s: %w", name, err)
	}
	path := filepath.Join(dir, keys.Replaced(name, public)+".cle")
	if err := keys.WriteFile(path, name, seed, j.o.Phrase, 0); err != nil {
		return err
	}
	// It may be locked with a passphrase of its own: it is known already.
	j.c.book.Keys.Know(name, pair)
	was := j.pub
	j.pub = book.ClePublique{Cle: public, Ancienne: former}
	if err := j.write(ctx, was, j.pub); err != nil {
		if faults.Is(err) { // refused: nothing will ever be sealed to it
			err = errors.Join(err, durable.Remove(path))
		}
		return err
	}
	return nil
}

// write changes the public keys of the name in the journal, from what they are
// believed to be.
func (j *rekeying) write(ctx context.Context, from, to book.ClePublique) error {
	for {
		now, version, err := j.c.book.PublicKeys(ctx, j.c.book.Read, j.o.Cle)
		if err != nil {
			return err
		}
		if same(now, to) {
			return nil // another process did it
		}
		if !same(now, from) {
			return Codes.New("COF-401", acts.FicheCle, version, version)
		}
		f := Fiche{Genre: acts.FicheCle, Cle: j.o.Cle, Version: version}
		if siret, ok := strings.CutPrefix(j.o.Cle, keys.EmployeurPrefix); ok {
			var e Employeur
			if f, err = j.c.book.ReadFiche(ctx, acts.FicheEmployeur, siret, &e); err != nil {
				return err
			}
			e.Cle, e.CleAncienne = to.Cle, to.Ancienne
			if f.Valeur, err = journal.Marshal(e); err != nil {
				return err
			}
		} else if f.Valeur, err = journal.Marshal(to); err != nil {
			return err
		}
		// An option of the employer may change in between, or the key.
		if err = j.c.putFiche(ctx, j.par.Nom, f); faults.Code(err) != "COF-401" {
			return err
		}
	}
}

func same(a, b book.ClePublique) bool {
	return bytes.Equal(a.Cle, b.Cle) && bytes.Equal(a.Ancienne, b.Ancienne)
}

// renewal is a wrap that is about to be superseded.
type renewal struct {
	sujet ID
	last  int64 // record of the subject that was the newest
	draft *journal.Draft
}

// seal opens what is sealed to the former key and seals it to the new one, in
// batches. It reports whether something changed under its hands.
func (j *rekeying) seal(ctx context.Context) (more bool, err error) {
	j.r.Illisible = 0
	var batch []renewal
	flush := func() error {
		n, err := j.commit(ctx, batch)
		j.r.Scelles += int64(n)
		more = more || n < len(batch)
		batch = batch[:0]
		return err
	}
	err = j.c.book.EachWrap(ctx, j.o.Cle, &j.o.Progress.Lus, func(at journal.Held) error {
		r, err := j.renew(ctx, at)
		if err != nil || r.draft == nil {
			return err
		}
		if batch = append(batch, r); len(batch) == rekeyBatch {
			return flush()
		}
		return nil
	})
	if err == nil && len(batch) > 0 {
		err = flush()
	}
	return more, err
}

// renew prepares what supersedes a wrap; no draft when there is nothing to do.
func (j *rekeying) renew(ctx context.Context, at journal.Held) (r renewal, err error) {
	sujet := at.Rec.Sujet
	list, err := j.c.book.WrapRecords(ctx, j.c.book.Read, sujet, j.kind)
	if err != nil {
		return r, err
	}
	current, err := j.c.book.Wrap(ctx, j.c.book.Read, sujet, j.kind)
	if errors.Is(err, keys.ErrUnseal) {
		if at.Idx == list[len(list)-1].Idx {
			j.r.Illisible++ // said once a subject
		}
		return r, nil
	}
	if err != nil || current.Idx != at.Idx {
		return r, err // superseded
	}
	info, sealed := keys.Context(j.kind.Use, sujet), at.Rec.Intact(j.kind.Slot)
	if _, err := keys.UnsealWith(j.new, sealed, info); err == nil {
		return r, nil
	} else if !errors.Is(err, keys.ErrUnseal) {
		return r, err
	}
	key, err := keys.UnsealWith(j.former, sealed, info)
	if err != nil {
		if owner, _ := j.c.book.WrapOwner(at.Rec, j.kind); owner == "" {
			return r, nil // of another employer: its body, which said so, is damaged
		}
		return r, keys.Unreadable(err, Codes.New("COF-118", fmt.Sprint(at.Idx)))
	}
	fresh, err := keys.SealTo(j.to, key, info)
	if err != nil {
		return r, err
	}
	if back, err := keys.UnsealWith(j.new, fresh, info); err != nil || !bytes.Equal(back, key) {
		return r, fmt.Errorf("key of event %d does not open after it was sealed again", at.Idx)
	}
	rec := &journal.Record{}
	rec.Add(j.kind.Slot, fresh)
	d := &journal.Draft{Genre: EvRenouvellement, Sujet: sujet, Slots: rec.Parts, Corps: acts.Renouvellement{Par: j.par.Nom, Cle: j.o.Cle, Empreinte: keys.Fingerprint(j.pub.Cle)}}
	return renewal{sujet, list[0].Idx, d}, nil
}

// commit writes a batch, without what another process superseded since.
func (j *rekeying) commit(ctx context.Context, batch []renewal) (n int, err error) {
	op := &operation{prepare: func(t *transaction) ([]*journal.Draft, error) {
		var drafts []*journal.Draft
		n = 0
		now, _, err := j.c.book.PublicKeys(t.ctx, t.tx, j.o.Cle)
		if err != nil {
			return nil, err
		}
		if !same(now, j.pub) {
			return nil, nil
		}
		for _, r := range batch {
			list, err := j.c.book.WrapRecords(t.ctx, t.tx, r.sujet, j.kind)
			if err != nil {
				return nil, err
			}
			if len(list) > 0 && list[0].Idx == r.last {
				drafts = append(drafts, r.draft)
			}
		}
		n = len(drafts)
		return drafts, nil
	}}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return n, j.c.commit(ctx, op)
}

// erase overwrites what was superseded, once it was seen that what supersedes
// it opens.
func (j *rekeying) erase(ctx context.Context) error {
	n, err := j.c.eraseSuperseded(ctx, j.o.Cle, &j.o.Progress.Lus, func(r *journal.Record) bool {
		_, err := keys.UnsealWith(j.new, r.Intact(j.kind.Slot), keys.Context(j.kind.Use, r.Sujet))
		return err == nil
	})
	j.r.Effaces += n
	return err
}
