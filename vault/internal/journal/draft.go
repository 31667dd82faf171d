package journal

import (
	"io"

	"paye/vault/internal/keys"
	"paye/vault/internal/names"
)

// Draft is an event that has no index yet.
type Draft struct {
	Genre  Genre
	Sujet  names.ID
	Blob   names.BlobName
	Corps  any
	Cle    []byte // seals the body; nil for the key of the vault
	Slots  []Slot
	NewKey []byte // key of the subject, born with this event

	// Set by seal.
	Header     *Header
	Salt, Body []byte
}

// Seal makes the record of a draft, at an index and a time.
func (d *Draft) Seal(random io.Reader, k *keys.Ring, index, temps int64) (*Record, error) {
	body, err := Marshal(d.Corps)
	if err != nil {
		return nil, err
	}
	salt, err := keys.Draw(random, saltSize)
	if err != nil {
		return nil, err
	}
	r := &Record{Header: Header{Genre: d.Genre, Temps: temps, Index: index, Sujet: d.Sujet, Blob: d.Blob, Engagement: Engagement(salt, body)}}
	key := d.Cle
	if d.NewKey != nil {
		key = d.NewKey
		sealed, err := keys.Seal(random, k.Meta, d.NewKey, append([]byte("sujet"), d.Sujet[:]...))
		if err != nil {
			return nil, err
		}
		r.Add(SlotCleSujet, sealed)
	}
	if key == nil {
		key = k.Meta
	}
	sealed, err := keys.Seal(random, key, append(salt[:saltSize:saltSize], body...), bodyContext(d.Genre, d.Sujet))
	if err != nil {
		return nil, err
	}
	r.Add(SlotCorps, sealed)
	r.Parts = append(r.Parts, d.Slots...)
	r.Slots = SlotsHash(r.Parts)
	d.Header, d.Salt, d.Body = &r.Header, salt, body
	return r, nil
}
