package journal

import (
	"bytes"
	"encoding/json"
	"fmt"

	"paye/vault/internal/keys"
	"paye/vault/internal/names"
)

// SubjectKey is the key of the bodies of a subject, from its birth record.
func (r *Record) SubjectKey(k *keys.Ring) ([]byte, error) {
	return r.unseal(SlotCleSujet, k.Meta, append([]byte("sujet"), r.Sujet[:]...))
}

// Body opens the body of a record into v. key is the subject's for events of a
// subject that was born elsewhere, nil otherwise.
func (r *Record) Body(k *keys.Ring, key []byte, v any) error {
	_, raw, err := r.RawBody(k, key)
	if err != nil {
		return err
	}
	if w, ok := v.(writtenBody); ok && w.ReadWritten(string(raw)) {
		return nil
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return keys.ErrUnseal
	}
	return nil
}

// writtenBody is a body that reads itself out of what Marshal writes, faster than
// encoding/json, and reports false, changing nothing, for any other JSON.
type writtenBody interface{ ReadWritten(json string) bool }

// RawBody returns the salt and the JSON of a body, after comparing them with
// the commitment of the leaf.
func (r *Record) RawBody(k *keys.Ring, key []byte) (salt, raw []byte, err error) {
	if key == nil {
		key = k.Meta
		if r.Part(SlotCleSujet) != nil {
			if key, err = r.SubjectKey(k); err != nil {
				return nil, nil, err
			}
		}
	}
	plain, err := r.unseal(SlotCorps, key, bodyContext(r.Genre, r.Sujet))
	if err != nil {
		return nil, nil, err
	}
	if len(plain) < saltSize || Engagement(plain[:saltSize], plain[saltSize:]) != r.Engagement {
		return nil, nil, keys.ErrUnseal
	}
	return plain[:saltSize], plain[saltSize:], nil
}

const saltSize = 16

func bodyContext(g Genre, sujet names.ID) []byte {
	return append([]byte{'c', 'o', 'r', 'p', 's', byte(g)}, sujet[:]...)
}

// Marshal writes a body: the JSON that the leaf commits to.
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write the body of an event: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// unseal opens a slot. What opens is authentic; what does not is compared with
// its hash, so that a damaged number is not taken for another algorithm.
func (r *Record) unseal(kind SlotKind, key, ad []byte) ([]byte, error) {
	if s := r.Part(kind); s != nil && keys.IsSealed(s.Data) {
		if plain, err := keys.Unseal(key, s.Data, ad); err == nil {
			return plain, nil
		}
	}
	sealed := r.Intact(kind)
	if sealed == nil {
		return nil, keys.ErrUnseal
	}
	return keys.Unseal(key, sealed, ad)
}
