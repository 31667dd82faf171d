package catalogue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"

	"golang.org/x/mod/sumdb/tlog"

	"paye/vault/internal/acts"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
	"paye/vault/internal/names"
)

// Applier writes what records mean into a catalogue. It is used by commits, by
// the roll-forward of an interrupted one, by recover and by fsck.
type Applier struct {
	ctx   context.Context
	tx    *sql.Tx
	keys  *keys.Ring
	cache *HashCache
	Size  int64 // leaves before the frame
	Fresh map[int64]tlog.Hash
	stmts map[string]*sql.Stmt
	lost  bool // an event before cannot be read, which may have been a destruction
}

// NewApplier applies frames in a transaction, after size leaves.
func NewApplier(ctx context.Context, tx *sql.Tx, keys *keys.Ring, cache *HashCache, size int64) *Applier {
	return &Applier{ctx: ctx, tx: tx, keys: keys, cache: cache, Size: size, Fresh: map[int64]tlog.Hash{}, stmts: map[string]*sql.Stmt{}}
}

func (a *Applier) exec(query string, args ...any) error {
	s := a.stmts[query]
	if s == nil {
		var err error
		if s, err = a.tx.PrepareContext(a.ctx, query); err != nil {
			return Fault(err, "prepare a change of the catalogue")
		}
		a.stmts[query] = s
	}
	if _, err := s.ExecContext(a.ctx, args...); err != nil {
		return Fault(err, "change the catalogue")
	}
	return nil
}

// Erasure is what an event wants gone from the disk; carrying it out twice
// does no harm.
type Erasure struct {
	place journal.Place
	kinds []journal.SlotKind
	blob  *names.BlobName
	told  []journal.Located // records whose bodies go
}

// CarryOut erases from the disk what e names.
func (e *Erasure) CarryOut(ctx context.Context, seg *journal.Segments, blobs interface {
	Delete(ctx context.Context, name names.BlobName, lieu []byte) error
}, log *slog.Logger) error {
	if len(e.told) > 0 {
		return e.forget(seg)
	}
	r, err := seg.Erase(e.place, e.kinds...)
	if err != nil || e.blob == nil {
		return err
	}
	if err := blobs.Delete(ctx, *e.blob, r.Intact(journal.SlotLieu)); err != nil {
		// The keys are gone: a blob under a retention lock stays unreadable.
		log.Warn("blob of an erased document stays", "err", err)
	}
	return nil
}

// forget erases the bodies of what was told of a subject, some at a time.
func (e *Erasure) forget(seg *journal.Segments) error {
	const atOnce = 256
	for list := e.told; len(list) > 0; {
		part := list[:min(atOnce, len(list))]
		list = list[len(part):]
		held := make([]journal.Held, 0, len(part))
		for _, l := range part {
			r, err := seg.Record(l.Place)
			if err != nil {
				return err
			}
			held = append(held, journal.Held{Located: l, Rec: r})
		}
		if err := seg.EraseAll(held, journal.SlotCorps); err != nil {
			return err
		}
	}
	return nil
}

// Frame applies a frame whose records stand at places, and returns what must
// be erased from the disk before the transaction is committed.
func (a *Applier) Frame(f *journal.Frame, leaves []tlog.Hash, temps int64) ([]Erasure, error) {
	return a.frame(openFrame(a.keys, f), leaves, temps)
}

func (a *Applier) frame(f *opened, leaves []tlog.Hash, temps int64) ([]Erasure, error) {
	var gone []Erasure
	reader := &HashReader{Ctx: a.ctx, Q: a.tx, Fresh: a.Fresh, Cache: a.cache}
	for i := range leaves {
		idx := f.Premier + int64(i)
		hashes, err := tlog.StoredHashesForRecordHash(idx, leaves[i], reader)
		if err != nil {
			return nil, Fault(err, "extend the tree at leaf %d", idx)
		}
		at := tlog.StoredHashIndex(0, idx)
		for j, h := range hashes {
			a.Fresh[at+int64(j)] = h
			if err := a.exec("INSERT INTO hachages VALUES (?,?)", at+int64(j), h[:]); err != nil {
				return nil, err
			}
		}
		r, p := f.Records[i], f.Places[i]
		if r == nil || f.computed[i] != leaves[i] {
			// A damaged header: the event is known to have been, nothing else.
			a.lost = true
			if err := a.exec("INSERT INTO evenements VALUES (?,0,?,NULL,?,?,?)", idx, temps, p.Segment, p.Offset, p.Size); err != nil {
				return nil, err
			}
			continue
		}
		if err := a.exec("INSERT INTO evenements VALUES (?,?,?,?,?,?,?)", idx, r.Genre, r.Temps, nullID(r.Sujet), p.Segment, p.Offset, p.Size); err != nil {
			return nil, err
		}
		more, err := a.effect(r, f.bodies[i])
		if err != nil {
			return nil, err
		}
		gone = append(gone, more...)
	}
	a.Size = f.Premier + int64(len(leaves))
	var n int64
	if err := a.tx.QueryRowContext(a.ctx, "SELECT coalesce(max(n),0)+1 FROM lots").Scan(&n); err != nil {
		return nil, Fault(err, "number a batch")
	}
	return gone, a.exec("INSERT INTO lots VALUES (?,?,?,?,?,?,?,?)", n, f.Premier, a.Size, f.Segment, f.Offset, f.Size, temps, f.Note)
}

// effect is what an event changes besides being an event.
func (a *Applier) effect(r *journal.Record, body any) ([]Erasure, error) {
	switch r.Genre {
	case journal.EvAgent:
		c, ok := body.(*acts.Identite)
		if !ok {
			return nil, a.exec("INSERT INTO agents VALUES (?,NULL,NULL,?)", r.Sujet[:], r.Index)
		}
		return nil, a.exec("INSERT INTO agents VALUES (?,?,?,?)", r.Sujet[:], c.Employeur, a.keys.AgentTag(c.Employeur, c.Matricule), r.Index)
	case journal.EvDepot:
		c, ok := body.(*depot)
		if !ok {
			return nil, a.exec("INSERT INTO documents (idx,id,blob,copies,temps) VALUES (?,?,?,?,?)", r.Index, r.Sujet[:], r.Blob[:], acts.ToutesCopies, r.Temps)
		}
		if a.lost {
			// A slip is deposited again once it was destroyed: it has the key.
			if err := a.exec("UPDATE documents SET cle=NULL WHERE cle=?", c.cle); err != nil {
				return nil, err
			}
		}
		return nil, a.exec("INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", r.Index, r.Sujet[:], r.Blob[:], acts.ToutesCopies, r.Temps,
			c.Agent[:], c.Employeur, c.Periode.Annee*12+c.Periode.Mois-1, c.Nature, nullID(c.Versement),
			c.cle, c.empreinte, c.Taille)
	case journal.EvDestruction:
		return a.destruction(r, body)
	case journal.EvFiche:
		return nil, a.fiche(r, body)
	case journal.EvOubli:
		return a.oubli(r)
	}
	return nil, nil
}

func (a *Applier) destruction(r *journal.Record, body any) ([]Erasure, error) {
	c, ok := body.(*acts.Destruction)
	if !ok {
		// Which copies is not known any more: nothing is erased on a guess.
		a.lost = true
		return nil, nil
	}
	var copies acts.Copie
	var blob []byte
	var p journal.Place
	err := a.tx.QueryRowContext(a.ctx, "SELECT d.copies, d.blob, e.segment, e.offset, e.longueur FROM documents d JOIN evenements e USING (idx) WHERE d.id=?", r.Sujet[:]).
		Scan(&copies, &blob, &p.Segment, &p.Offset, &p.Size)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, Fault(err, "find the document to erase")
	}
	copies &^= c.Copies
	e := Erasure{place: p}
	if c.Copies&acts.CopieAgent != 0 {
		e.kinds = append(e.kinds, journal.SlotAgent)
	}
	if c.Copies&acts.CopieDouble != 0 {
		e.kinds = append(e.kinds, journal.SlotDouble)
	}
	if copies != 0 {
		return []Erasure{e}, a.exec("UPDATE documents SET copies=? WHERE id=?", copies, r.Sujet[:])
	}
	e.kinds = []journal.SlotKind{journal.SlotCorps, journal.SlotCleSujet, journal.SlotAgent, journal.SlotDouble, journal.SlotSecours}
	name := names.BlobName(blob)
	e.blob = &name
	return []Erasure{e}, a.exec("UPDATE documents SET copies=0, agent=NULL, siret=NULL, mois=NULL, nature=NULL, versement=NULL, cle=NULL, empreinte=NULL, taille=NULL WHERE id=?", r.Sujet[:])
}

// oubli takes the fiches of a subject out of the catalogue, and their bodies out
// of the journal.
func (a *Applier) oubli(r *journal.Record) ([]Erasure, error) {
	rows, err := a.tx.QueryContext(a.ctx, "SELECT idx, segment, offset, longueur FROM evenements WHERE sujet=? AND genre=? AND idx<? ORDER BY idx", r.Sujet[:], journal.EvFiche, r.Index)
	if err != nil {
		return nil, Fault(err, "find the fiches of a subject")
	}
	var e Erasure
	for rows.Next() {
		var l journal.Located
		if err = rows.Scan(&l.Idx, &l.Segment, &l.Offset, &l.Size); err != nil {
			break
		}
		e.told = append(e.told, l)
	}
	if err := errors.Join(err, rows.Err(), rows.Close()); err != nil {
		return nil, Fault(err, "find the fiches of a subject")
	}
	if len(e.told) == 0 {
		return nil, nil
	}
	return []Erasure{e}, a.exec("DELETE FROM fiches WHERE idx IN (SELECT idx FROM evenements WHERE sujet=? AND genre=? AND idx<?)", r.Sujet[:], journal.EvFiche, r.Index)
}

func (a *Applier) fiche(r *journal.Record, body any) error {
	c, ok := body.(*acts.FicheBody)
	if !ok {
		return nil
	}
	tag := a.keys.Tag("fiche "+c.Genre, []byte(c.Cle))
	present := 1
	if string(c.Valeur) == "null" {
		present = 0
	}
	if err := a.exec("INSERT INTO fiches VALUES (?,?,?,?,?,?) ON CONFLICT (genre, cle) DO UPDATE SET siret=excluded.siret, version=excluded.version, present=excluded.present, idx=excluded.idx",
		c.Genre, tag, c.Employeur, c.Version, present, r.Index); err != nil {
		return err
	}
	if c.Genre != acts.FicheVersement {
		return nil
	}
	var v struct {
		Etape string `json:"etape"`
	}
	id, err := names.ParseID(c.Cle)
	if err != nil || json.Unmarshal(c.Valeur, &v) != nil {
		return nil
	}
	distribue := 0
	if acts.Distributed(v.Etape) {
		distribue = 1
	}
	return a.exec("INSERT INTO versements VALUES (?,?,?) ON CONFLICT (id) DO UPDATE SET siret=excluded.siret, distribue=excluded.distribue", id[:], c.Employeur, distribue)
}

// nullID is NULL for the subject of events that have none.
func nullID(id names.ID) any {
	if id.IsZero() {
		return nil
	}
	return id[:]
}
