package vault

import (
	"bytes"
	"context"
	"crypto/hpke"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// Three kinds of keys are sealed to a public key of the vault: those of the
// envelopes, twice, and the agents' private keys. A sealed key is called a
// wrap. It stands in the record of its subject's birth, until the public key
// is replaced: then a record of the same subject, of kind EvRenouvellement,
// holds what supersedes it. The newest intact one counts.

// wrapKind is one of the three.
type wrapKind struct {
	slot     slotKind // that holds the wrap
	birth    Genre    // of the first record of the subject
	use      string   // in the context of the encryption
	document slotKind // that names the envelope in a deposit; 0 for agents
}

var (
	wrapDouble  = &wrapKind{slotEnvDouble, EvEnveloppe, "double", slotDouble}
	wrapSecours = &wrapKind{slotEnvSecours, EvEnveloppe, "secours", slotSecours}
	wrapMaitre  = &wrapKind{slotPrivee, EvAgent, "maitre", 0}
)

// wrapIn is the kind of wrap that a slot holds, nil for another slot.
func wrapIn(kind slotKind) *wrapKind {
	for _, w := range []*wrapKind{wrapDouble, wrapSecours, wrapMaitre} {
		if w.slot == kind {
			return w
		}
	}
	return nil
}

// wrapFor is the kind of wrap that a key opens, nil for what is no such key.
func wrapFor(name string) *wrapKind {
	switch {
	case name == CleSecours:
		return wrapSecours
	case name == CleMaitre:
		return wrapMaitre
	case strings.HasPrefix(name, cleEmployeur):
		return wrapDouble
	}
	return nil
}

// clePublique is a public key of the vault. Ancienne is the one that it
// replaces, as long as something is sealed to it. That of the master and of the
// recovery are in a fiche once they are not those of the descriptor any more,
// that of an employer is in the employer's.
type clePublique struct {
	Cle      []byte `json:"cle"`
	Ancienne []byte `json:"ancienne,omitempty"`
}

// publicKeys says what is sealed to now under a name, and the version of the
// fiche that says so; 0 for the key that the vault was made with.
func (c *Coffre) publicKeys(ctx context.Context, q querier, name string) (pub clePublique, version int64, err error) {
	if siret, ok := strings.CutPrefix(name, cleEmployeur); ok {
		f, err := c.ficheIn(ctx, q, ficheEmployeur, siret)
		if err != nil {
			return pub, 0, err
		}
		var e Employeur
		if f.Valeur == nil {
			return pub, 0, Codes.New("COF-301", siret)
		}
		if err := json.Unmarshal(f.Valeur, &e); err != nil {
			return pub, 0, fmt.Errorf("read the fiche of an employer: %w", err)
		}
		return clePublique{e.Cle, e.CleAncienne}, f.Version, nil
	}
	f, err := c.ficheIn(ctx, q, ficheCle, name)
	if err != nil {
		return pub, 0, err
	}
	if f.Valeur == nil {
		if name == CleMaitre {
			return clePublique{Cle: c.desc.Maitre}, 0, nil
		}
		return clePublique{Cle: c.desc.Secours}, 0, nil
	}
	if err := json.Unmarshal(f.Valeur, &pub); err != nil {
		return pub, 0, fmt.Errorf("read the fiche of the key %s: %w", name, err)
	}
	return pub, f.Version, nil
}

// keyNames are the names of all the keys that something is sealed to.
func (c *Coffre) keyNames(ctx context.Context) ([]string, error) {
	names := []string{CleMaitre, CleSecours}
	list, err := c.Employeurs(ctx)
	for _, e := range list {
		names = append(names, CleEmployeur(e.Siret))
	}
	return names, err
}

// sealingKey is the public key of a name as it was looked up.
type sealingKey struct {
	name   string
	public hpke.PublicKey
	raw    []byte
	genre  string // of the fiche that has it
	tag    []byte
	idx    int64 // of its event; 0 when there is none
}

// currentKey is the public key that is to be sealed to under a name.
func (c *Coffre) currentKey(ctx context.Context, q querier, name string) (*sealingKey, error) {
	genre, cle := ficheCle, name
	if siret, ok := strings.CutPrefix(name, cleEmployeur); ok {
		genre, cle = ficheEmployeur, siret
	}
	s := &sealingKey{name: name, genre: genre, tag: c.keys.tag("fiche "+genre, []byte(cle))}
	var err error
	// Read before the key: a key that is newer than its index is looked up
	// once too often, and not once too little.
	if s.idx, err = s.at(ctx, q); err != nil {
		return nil, err
	}
	pub, _, err := c.publicKeys(ctx, q, name)
	if err != nil {
		return nil, err
	}
	s.raw = pub.Cle
	s.public, err = c.publicKey(name, pub.Cle)
	return s, err
}

// at is the index of the event that has the key now.
func (s *sealingKey) at(ctx context.Context, q querier) (idx int64, err error) {
	err = q.QueryRowContext(ctx, "SELECT idx FROM fiches WHERE genre=? AND cle=?", s.genre, s.tag).Scan(&idx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("look up the key %s: %w", s.name, err)
	}
	return idx, nil
}

// sinceThen looks under the write lock whether another key took the place of s,
// and gives the one there is. An operation of the same group that changes it is
// waited for.
func (t *transaction) sinceThen(s *sealingKey) (now *sealingKey, changed bool, err error) {
	if t.claimed[string(s.tag)] {
		return nil, false, errAgain
	}
	idx, err := s.at(t.ctx, t.tx)
	if err != nil || idx == s.idx {
		return s, false, err
	}
	if now, err = t.c.currentKey(t.ctx, t.tx, s.name); err != nil {
		return nil, false, err
	}
	return now, !bytes.Equal(now.raw, s.raw), nil
}

// publicKey parses a public key once.
func (c *Coffre) publicKey(name string, raw []byte) (hpke.PublicKey, error) {
	c.pubs.Lock()
	defer c.pubs.Unlock()
	if p := c.pubs.m[string(raw)]; p != nil {
		return p, nil
	}
	p, err := kem().NewPublicKey(raw)
	if err != nil {
		return nil, fmt.Errorf("read the public key of %s: %w", name, err)
	}
	c.pubs.m[string(raw)] = p
	return p, nil
}

// openers are what opens the wraps of a name: one key, two while it is being
// replaced. lacking says why one of the two is not there: what the other does
// not open is not damaged for that.
type openers struct {
	keys    []hpke.PrivateKey
	lacking error
}

// openersOf asks for each of the keys; an error when none is there.
func openersOf(pub clePublique, open func(public []byte) (hpke.PrivateKey, error)) (o openers, err error) {
	for _, public := range [][]byte{pub.Cle, pub.Ancienne} {
		if public == nil {
			continue
		}
		private, err := open(public)
		if err == nil {
			o.keys = append(o.keys, private)
		} else if o.lacking = err; !isAnomalie(err) {
			return o, err
		}
	}
	if len(o.keys) == 0 {
		return o, o.lacking
	}
	return o, nil
}

func (c *Coffre) privateKeys(ctx context.Context, name string) (openers, error) {
	pub, _, err := c.publicKeys(ctx, c.read, name)
	if err != nil {
		return openers{}, err
	}
	return openersOf(pub, func(public []byte) (hpke.PrivateKey, error) { return c.keys.open(name, public) })
}

// secoursKeys reads the recovery key from where it is kept. While it is being
// replaced the other is looked for beside it, and in the folder of the keys.
func (c *Coffre) secoursKeys(ctx context.Context, path string) (openers, error) {
	pub, _, err := c.publicKeys(ctx, c.read, CleSecours)
	if err != nil {
		return openers{}, err
	}
	publics := [][]byte{pub.Cle}
	if pub.Ancienne != nil {
		publics = append(publics, pub.Ancienne)
	}
	one, err := openKey(path, CleSecours, c.keys.phrase, publics...)
	if err != nil {
		return openers{}, err
	}
	return openersOf(pub, func(public []byte) (hpke.PrivateKey, error) {
		if bytes.Equal(one.PublicKey().Bytes(), public) {
			return one, nil
		}
		two, err := openKey(keyFile(filepath.Dir(path), CleSecours, public), CleSecours, c.keys.phrase, public)
		if isAnomalie(err) {
			two, err = c.keys.open(CleSecours, public)
		}
		return two, err
	})
}

// wrapped is a wrap where it stands.
type wrapped struct {
	located
	rec *record
}

// wrapRecords gives the records of a subject that may hold a wrap, newest
// first.
func (c *Coffre) wrapRecords(ctx context.Context, q querier, sujet ID, w *wrapKind) ([]located, error) {
	rows, err := q.QueryContext(ctx, "SELECT idx, segment, offset, longueur FROM evenements WHERE sujet=? AND genre IN (?,?) ORDER BY idx DESC", sujet[:], w.birth, EvRenouvellement)
	if err != nil {
		return nil, fmt.Errorf("find a sealed key: %w", err)
	}
	return scanLocated(rows)
}

func scanLocated(rows *sql.Rows) (page []located, err error) {
	for rows.Next() {
		var l located
		if err = rows.Scan(&l.idx, &l.segment, &l.offset, &l.size); err != nil {
			break
		}
		page = append(page, l)
	}
	if err = errors.Join(err, rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	return page, nil
}

// wrap finds the wrap of a subject that counts; errUnseal when none is intact.
func (c *Coffre) wrap(ctx context.Context, q querier, sujet ID, w *wrapKind) (wrapped, error) {
	// What was found may be erased before it is read: then something newer was
	// committed, and is found at the second look.
	for range 2 {
		list, err := c.wrapRecords(ctx, q, sujet, w)
		if err != nil {
			return wrapped{}, err
		}
		for _, l := range list {
			r, err := c.seg.record(l.place)
			if errors.Is(err, errRecord) {
				continue
			}
			if err != nil {
				return wrapped{}, err
			}
			if r.Index == l.idx && r.Sujet == sujet && r.intact(w.slot) != nil {
				return wrapped{l, r}, nil
			}
		}
	}
	return wrapped{}, errUnseal
}

// openWrap opens the wrap of a subject.
func (c *Coffre) openWrap(ctx context.Context, sujet ID, with openers, w *wrapKind) ([]byte, error) {
	at, err := c.wrap(ctx, c.read, sujet, w)
	if err != nil {
		return nil, err
	}
	for _, p := range with.keys {
		var plain []byte
		if plain, err = unsealWith(p, at.rec.intact(w.slot), keyContext(w.use, sujet)); !errors.Is(err, errUnseal) {
			return plain, err
		}
	}
	if with.lacking != nil {
		return nil, with.lacking
	}
	return nil, errUnseal
}
