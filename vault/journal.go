package vault

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"
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
		size, err := c.size(ctx)
		if err == nil {
			err = c.log(ctx, EvJournal, nil, corpsActe{Par: par.Nom})
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
			page, err := c.events(ctx, f, next, end, d.keys()...)
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
			next = page[len(page)-1].idx + 1
		}
	}
}

// mayReadJournal returns the document whose journal is asked for, nil when f
// names none.
func (c *Coffre) mayReadJournal(ctx context.Context, par Acteur, f FiltreJournal) (*filed, error) {
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

// keys are the subjects whose keys open a document: who may see its journal
// sees there what became of them.
func (d *filed) keys() []ID {
	if d == nil {
		return nil
	}
	list := []ID{d.agent}
	for _, kind := range []slotKind{slotDouble, slotSecours} {
		if wrapped := d.rec.intact(kind); len(wrapped) > len(ID{}) {
			return append(list, ID(wrapped[:len(ID{})]))
		}
	}
	return list
}

type located struct {
	idx int64
	place
}

// events finds a page of the events that f chooses, and of the renewals of keys.
func (c *Coffre) events(ctx context.Context, f FiltreJournal, from, to int64, keys ...ID) (page []located, err error) {
	query, args := "SELECT idx, segment, offset, longueur FROM evenements WHERE idx>=? AND idx<?", []any{from, to}
	if !f.Sujet.IsZero() {
		query, args = query+" AND (sujet=?", append(args, f.Sujet[:])
		for _, key := range keys {
			query, args = query+" OR sujet=? AND genre=?", append(args, key[:], EvRenouvellement)
		}
		query += ")"
	}
	if f.Genre != 0 {
		query, args = query+" AND genre=?", append(args, f.Genre)
	}
	rows, err := c.read.QueryContext(ctx, query+" ORDER BY idx LIMIT ?", append(args, pageSize)...)
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	return scanLocated(rows)
}

func (c *Coffre) event(ctx context.Context, l located, keys map[ID][]byte) (Evenement, error) {
	r, err := c.seg.record(l.place)
	if err != nil {
		return Evenement{}, err
	}
	e := Evenement{Index: l.idx, Genre: r.Genre, Temps: time.UnixMilli(r.Temps).UTC(), Sujet: r.Sujet}
	var raw []byte
	_, raw, err = c.keys.rawBody(r, nil)
	if err != nil && !r.Sujet.IsZero() {
		key, ok := keys[r.Sujet]
		if !ok {
			if key, err = c.bornKey(ctx, r.Sujet); err != nil {
				return Evenement{}, err
			}
			keys[r.Sujet] = key
		}
		if key != nil {
			_, raw, err = c.keys.rawBody(r, key)
		}
	}
	if err == nil {
		e.Corps = maskFiche(r.Genre, raw)
	}
	return e, nil
}

// bornKey returns the key of a subject, nil when it was erased.
func (c *Coffre) bornKey(ctx context.Context, sujet ID) ([]byte, error) {
	page, err := c.events(ctx, FiltreJournal{Sujet: sujet}, 0, 1<<62)
	if err != nil {
		return nil, err
	}
	for _, l := range page {
		r, err := c.seg.record(l.place)
		if err != nil {
			return nil, err
		}
		if key, err := c.keys.subjectKey(r); err == nil {
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
	var c corpsFiche
	if json.Unmarshal(raw, &c) != nil {
		return nil
	}
	c.Valeur = json.RawMessage("null")
	b, err := marshal(c)
	if err != nil {
		return nil
	}
	return b
}
