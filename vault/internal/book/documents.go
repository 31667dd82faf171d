package book

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"paye/vault/internal/acts"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
	"paye/vault/internal/names"
)

// Envelopes keeps the keys of the last envelopes opened: documents of one
// batch share one.
type Envelopes struct {
	mu   sync.Mutex
	keys map[string][]byte
}

// DEK opens a document key by the envelope of its batch.
func (e *Envelopes) DEK(ctx context.Context, b *Book, d *Filed, with Openers, w *WrapKind) ([]byte, error) {
	damaged := faults.Of(faults.Codes.New("COF-119"), d.Corps.Matricule)
	s := d.Rec.Part(w.document)
	if s == nil || len(s.Data) < 16 || s.State() == journal.SlotDamaged {
		return nil, damaged
	}
	if s.State() == journal.SlotErased {
		return nil, faults.Of(faults.Codes.New("COF-205"), d.Corps.Matricule)
	}
	env := names.ID(s.Data[:16])
	name := w.Use + env.String()
	e.mu.Lock()
	key := e.keys[name]
	e.mu.Unlock()
	if key == nil {
		var err error
		if key, err = b.openWrap(ctx, env, with, w); errors.Is(err, keys.ErrUnseal) {
			return nil, damaged
		} else if err != nil {
			return nil, err
		}
		e.mu.Lock()
		if e.keys == nil || len(e.keys) >= 1<<16 {
			e.keys = map[string][]byte{}
		}
		e.keys[name] = key
		e.mu.Unlock()
	}
	dek, err := keys.Unseal(key, s.Data[16:], keys.Context(w.Use, d.ID))
	if err != nil {
		return nil, keys.Unreadable(err, damaged)
	}
	return dek, nil
}

// Keys are the subjects whose keys open a document: who may see its journal
// sees there what became of them.
func (d *Filed) Keys() []names.ID {
	if d == nil {
		return nil
	}
	list := []names.ID{d.Agent}
	for _, kind := range []journal.SlotKind{journal.SlotDouble, journal.SlotSecours} {
		if wrapped := d.Rec.Intact(kind); len(wrapped) > len(names.ID{}) {
			return append(list, names.ID(wrapped[:len(names.ID{})]))
		}
	}
	return list
}

// Row is a document of a page, and where its record is.
type Row struct {
	ID     names.ID
	Copies acts.Copie
	journal.Located
}

// Listed opens the body of a document of a page; nil when it was erased.
func (b *Book) Listed(reader *journal.Reader, p Row) (*Filed, error) {
	r, err := reader.Record(p.Place)
	if err != nil {
		return nil, err
	}
	if r.Sujet != p.ID || r.Index != p.Idx {
		return nil, faults.Codes.New("COF-113")
	}
	d := &Filed{ID: p.ID, Idx: p.Idx, Copies: p.Copies, Rec: r}
	if err := r.Body(b.Keys, nil, &d.Corps); err != nil {
		if s := r.Part(journal.SlotCorps); s != nil && s.State() == journal.SlotErased {
			return nil, nil
		}
		return nil, faults.Codes.New("COF-118", fmt.Sprint(p.Idx))
	}
	return d, nil
}

// Filed is a document found in the catalogue, with its record.
type Filed struct {
	ID        names.ID
	Idx       int64
	Agent     names.ID
	Siret     string
	Copies    acts.Copie
	Distribue bool
	Rec       *journal.Record
	Corps     acts.Depot
	Key       []byte // of the subject
	Seen      int64  // last event about it that was looked at
}

// Find reads a document; nil when there is none or it was destroyed.
func (b *Book) Find(ctx context.Context, id names.ID) (*Filed, error) {
	d := &Filed{ID: id}
	var agent []byte
	var siret sql.NullString
	err := b.Read.QueryRowContext(ctx, "SELECT idx, agent, siret, copies, "+IsDistributed+" FROM documents WHERE id=?", id[:]).Scan(&d.Idx, &agent, &siret, &d.Copies, &d.Distribue)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, catalogue.Fault(err, "look up a document")
	}
	if d.Copies == 0 || len(agent) != len(names.ID{}) {
		return nil, nil
	}
	d.Agent, d.Siret = names.ID(agent), siret.String
	if d.Rec, err = b.RecordAt(ctx, b.Read, d.Idx); err != nil {
		return nil, err
	}
	if d.Rec.Sujet != id {
		return nil, faults.Codes.New("COF-113")
	}
	if d.Key, err = d.Rec.SubjectKey(b.Keys); err == nil {
		err = d.Rec.Body(b.Keys, d.Key, &d.Corps)
	}
	if err != nil {
		return nil, faults.Of(faults.Codes.New("COF-118", fmt.Sprint(d.Idx)), d.Corps.Matricule)
	}
	return d, nil
}

// IsDistributed is the condition under which agents see a document.
const IsDistributed = "(versement IS NULL OR EXISTS (SELECT 1 FROM versements v WHERE v.id=versement AND v.distribue=1))"

// AgentDEK opens the document key with the agent's key, itself opened with the
// master key.
func (b *Book) AgentDEK(ctx context.Context, d *Filed) ([]byte, error) {
	maitre, err := b.PrivateKeys(ctx, keys.Maitre)
	if err != nil {
		return nil, err
	}
	damaged := faults.Of(faults.Codes.New("COF-117"), d.Corps.Matricule)
	seed, err := b.openWrap(ctx, d.Agent, maitre, WrapMaitre)
	if errors.Is(err, keys.ErrUnseal) {
		return nil, damaged
	}
	if err != nil {
		return nil, err
	}
	pair, err := keys.PairFrom(seed)
	if err != nil {
		return nil, damaged
	}
	dek, err := keys.UnsealWith(pair, d.Rec.Intact(journal.SlotAgent), keys.Context("agent", d.ID))
	if err != nil {
		return nil, keys.Unreadable(err, damaged)
	}
	return dek, nil
}

// DoubleDEK opens the document key with the key of the employer.
func (b *Book) DoubleDEK(ctx context.Context, d *Filed) ([]byte, error) {
	private, err := b.PrivateKeys(ctx, keys.Employeur(d.Siret))
	if err != nil {
		return nil, err
	}
	return (&Envelopes{}).DEK(ctx, b, d, private, WrapDouble)
}
