package book

import (
	"context"
	"crypto/hpke"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"paye/vault/internal/acts"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/keys"
)

// ClePublique is a public key of the vault. Ancienne is the one that it
// replaces, as long as something is sealed to it. That of the master and of the
// recovery are in a fiche once they are not those of the descriptor any more,
// that of an employer is in the employer's.
type ClePublique struct {
	Cle      []byte `json:"cle"`
	Ancienne []byte `json:"ancienne,omitempty"`
}

// PublicKeys says what is sealed to now under a name, and the version of the
// fiche that says so; 0 for the key that the vault was made with.
func (b *Book) PublicKeys(ctx context.Context, q catalogue.Querier, name string) (pub ClePublique, version int64, err error) {
	if siret, ok := strings.CutPrefix(name, keys.EmployeurPrefix); ok {
		f, err := b.FicheIn(ctx, q, acts.FicheEmployeur, siret)
		if err != nil {
			return pub, 0, err
		}
		var e struct {
			Cle         []byte `json:"cle"`
			CleAncienne []byte `json:"cle_ancienne"`
		}
		if f.Valeur == nil {
			return pub, 0, faults.Codes.New("COF-301", siret)
		}
		if err := json.Unmarshal(f.Valeur, &e); err != nil {
			return pub, 0, catalogue.Fault(err, "read the fiche of an employer")
		}
		return ClePublique{e.Cle, e.CleAncienne}, f.Version, nil
	}
	f, err := b.FicheIn(ctx, q, acts.FicheCle, name)
	if err != nil {
		return pub, 0, err
	}
	if f.Valeur == nil {
		if name == keys.Maitre {
			return ClePublique{Cle: b.Desc.Maitre}, 0, nil
		}
		return ClePublique{Cle: b.Desc.Secours}, 0, nil
	}
	if err := json.Unmarshal(f.Valeur, &pub); err != nil {
		return pub, 0, catalogue.Fault(err, "read the fiche of the key %s", name)
	}
	return pub, f.Version, nil
}

// KeyNames are the names of all the keys that something is sealed to.
func (b *Book) KeyNames(ctx context.Context) ([]string, error) {
	var employers []string
	for f, err := range b.Fiches(ctx, acts.FicheEmployeur, "") {
		if err != nil {
			return nil, err
		}
		employers = append(employers, keys.Employeur(f.Cle))
	}
	slices.Sort(employers)
	return append([]string{keys.Maitre, keys.Secours}, employers...), nil
}

// SealingKey is the public key of a name as it was looked up.
type SealingKey struct {
	Name   string
	Public hpke.PublicKey
	Raw    []byte
	genre  string // of the fiche that has it
	Tag    []byte
	Idx    int64 // of its event; 0 when there is none
}

// CurrentKey is the public key that is to be sealed to under a name.
func (b *Book) CurrentKey(ctx context.Context, q catalogue.Querier, name string) (*SealingKey, error) {
	genre, cle := acts.FicheCle, name
	if siret, ok := strings.CutPrefix(name, keys.EmployeurPrefix); ok {
		genre, cle = acts.FicheEmployeur, siret
	}
	s := &SealingKey{Name: name, genre: genre, Tag: b.Keys.Tag("fiche "+genre, []byte(cle))}
	var err error
	// Read before the key: a key that is newer than its index is looked up
	// once too often, and not once too little.
	if s.Idx, err = s.At(ctx, q); err != nil {
		return nil, err
	}
	pub, _, err := b.PublicKeys(ctx, q, name)
	if err != nil {
		return nil, err
	}
	s.Raw = pub.Cle
	s.Public, err = b.PublicKey(name, pub.Cle)
	return s, err
}

// At is the index of the event that has the key now.
func (s *SealingKey) At(ctx context.Context, q catalogue.Querier) (idx int64, err error) {
	err = q.QueryRowContext(ctx, "SELECT idx FROM fiches WHERE genre=? AND cle=?", s.genre, s.Tag).Scan(&idx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, catalogue.Fault(err, "look up the key %s", s.Name)
	}
	return idx, nil
}

// PublicKey parses a public key once.
func (b *Book) PublicKey(name string, raw []byte) (hpke.PublicKey, error) {
	b.pubs.Lock()
	defer b.pubs.Unlock()
	if p := b.pubs.m[string(raw)]; p != nil {
		return p, nil
	}
	p, err := keys.KEM().NewPublicKey(raw)
	if err != nil {
		return nil, catalogue.Fault(err, "read the public key of %s", name)
	}
	if b.pubs.m == nil {
		b.pubs.m = map[string]hpke.PublicKey{}
	}
	b.pubs.m[string(raw)] = p
	return p, nil
}
