package vault

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/journal"
)

// Journal implements [Store]. An agent sees the events of his own documents; a
// user of the payroll office must name a subject of an employer he follows, or
// have the right over all.
func (c *Coffre) Journal(ctx context.Context, par Acteur, f FiltreJournal) iter.Seq2[Evenement, error] {
	return func(yield func(Evenement, error) bool) {
		d, err := c.mayReadJournal(ctx, par, f)
		if err != nil {
			yield(Evenement{}, err)
			return
		}
		err = c.flushLooks(ctx) // what is asked for includes every look before it
		var size int64
		if err == nil {
			size, err = c.book.Size(ctx)
		}
		if err == nil {
			err = c.log(ctx, EvJournal, nil, acts.Acte{Par: par.Nom})
		}
		if err != nil {
			yield(Evenement{}, err)
			return
		}
		end := size
		if f.Fin > 0 {
			end = min(end, f.Fin)
		}
		keys := map[ID][]byte{}
		for next := f.Debut; next < end; {
			page, err := c.book.Events(ctx, f.Sujet, f.Genre, next, end, d.Keys()...)
			if err != nil {
				yield(Evenement{}, err)
				return
			}
			if len(page) == 0 {
				return
			}
			if len(keys) > 4096 {
				clear(keys)
			}
			for _, p := range page {
				e, err := c.event(ctx, p, keys)
				if !yield(e, err) || err != nil {
					return
				}
			}
			next = page[len(page)-1].Idx + 1
		}
	}
}

// mayReadJournal returns the document whose journal is asked for, nil when f
// names none.
func (c *Coffre) mayReadJournal(ctx context.Context, par Acteur, f FiltreJournal) (*book.Filed, error) {
	switch {
	case par.Role == RoleSysteme || par.Role == RoleAdministrateur:
		return nil, nil
	case !f.Sujet.IsZero():
		return c.reach(ctx, par, "journal", f.Sujet, DroitSuivi, DroitLecture)
	case par.Role == RoleAgent:
		return nil, c.denied(ctx, par, "journal", ID{}, Codes.New("COF-306"))
	}
	if err := c.require(ctx, par, "", DroitSuivi); err != nil {
		return nil, c.denied(ctx, par, "journal", ID{}, err)
	}
	return nil, nil
}

func (c *Coffre) event(ctx context.Context, l journal.Located, keys map[ID][]byte) (Evenement, error) {
	r, err := c.book.Seg.Record(l.Place)
	if err != nil {
		return Evenement{}, err
	}
	e := Evenement{Index: l.Idx, Genre: r.Genre, Temps: time.UnixMilli(r.Temps).UTC(), Sujet: r.Sujet}
	var raw []byte
	_, raw, err = r.RawBody(c.book.Keys, nil)
	if err != nil && !r.Sujet.IsZero() {
		key, ok := keys[r.Sujet]
		if !ok {
			if key, err = c.bornKey(ctx, r.Sujet); err != nil {
				return Evenement{}, err
			}
			keys[r.Sujet] = key
		}
		if key != nil {
			_, raw, err = r.RawBody(c.book.Keys, key)
		}
	}
	if err == nil {
		e.Corps = maskFiche(r.Genre, raw)
	}
	return e, nil
}

// bornKey returns the key of a subject, nil when it was erased.
func (c *Coffre) bornKey(ctx context.Context, sujet ID) ([]byte, error) {
	page, err := c.book.Events(ctx, sujet, 0, 0, 1<<62)
	if err != nil {
		return nil, err
	}
	for _, l := range page {
		r, err := c.book.Seg.Record(l.Place)
		if err != nil {
			return nil, err
		}
		if key, err := r.SubjectKey(c.book.Keys); err == nil {
			return key, nil
		}
	}
	return nil, nil
}

// maskFiche leaves the value of a fiche out of what is shown of the journal:
// password hashes are there, and a fiche is read through its own method.
func maskFiche(g Genre, raw []byte) json.RawMessage {
	if g != EvFiche {
		return raw
	}
	var c acts.FicheBody
	if json.Unmarshal(raw, &c) != nil {
		return nil
	}
	c.Valeur = json.RawMessage("null")
	b, err := journal.Marshal(c)
	if err != nil {
		return nil
	}
	return b
}

// Evenement is one line of the journal as people read it. Corps is nil once
// the subject was erased.
type Evenement struct {
	Index int64           `json:"index"`
	Genre Genre           `json:"genre"`
	Temps time.Time       `json:"temps"`
	Sujet ID              `json:"sujet,omitzero"`
	Corps json.RawMessage `json:"corps,omitempty"`
}
