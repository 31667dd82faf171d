package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
)

// Destroy implements [Store]. The agent erases his own copy and nobody else
// does, but for a document that he never opened, which may be recalled; the
// employer's double goes when its retention ended. With the last copy the
// journal keeps a leaf that says that something was deposited, and nothing of
// it. Backups of the journal hold the erased keys until they expire: what is
// returned says when.
func (c *Coffre) Destroy(ctx context.Context, par Acteur, id ID, copies Copie, motif string) (Effacement, error) {
	if copies == 0 || copies&^ToutesCopies != 0 || motif == "" || !acts.Clean(motif, 1024) {
		return Effacement{}, Codes.New("COF-207")
	}
	d, err := c.reach(ctx, par, "destruction", id, DroitDestruction)
	if err != nil {
		return Effacement{}, err
	}
	if err := c.mayDestroy(ctx, par, d, copies); err != nil {
		return Effacement{}, c.denied(ctx, par, "destruction", id, err)
	}
	days := SauvegardesMax
	if e, err := c.Registre().Employeur(ctx, d.Siret); err != nil {
		return Effacement{}, err
	} else if e != nil {
		days = e.JoursSauvegardes()
	}
	op := &operation{prepare: func(t *transaction) ([]*journal.Draft, error) {
		if err := t.claim(d.ID[:]); err != nil {
			return nil, err
		}
		var left Copie
		err := t.tx.QueryRowContext(t.ctx, "SELECT copies FROM documents WHERE id=?", d.ID[:]).Scan(&left)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, fmt.Errorf("look up the document to destroy: %w", err)
		}
		if left&copies == 0 {
			return nil, nil
		}
		// The reason is sealed under the vault's key: it outlives the subject's.
		complete := time.UnixMilli(t.temps).AddDate(0, 0, days)
		return []*journal.Draft{{Genre: EvDestruction, Sujet: d.ID, Corps: acts.Destruction{Par: par.Nom, Copies: left & copies, Motif: motif, Employeur: d.Siret, Complet: complete.UnixMilli()}}}, nil
	}}
	if err := c.commit(ctx, op); err != nil {
		return Effacement{}, err
	}
	// Pages of the catalogue's log that still hold what was erased go too. A
	// reader that is in the way only delays that.
	var busy, log, moved int
	if err := c.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved); err != nil {
		c.opts.Log.Warn("catalogue log was not truncated", "err", err)
	}
	return c.lastErasure(ctx, id, copies)
}

func (c *Coffre) mayDestroy(ctx context.Context, par Acteur, d *book.Filed, copies Copie) error {
	if par.Role == RoleAgent {
		if copies != CopieAgent {
			return Codes.New("COF-306")
		}
		return nil
	}
	opened := false
	if copies&CopieAgent != 0 {
		for e, err := range c.eventsOf(ctx, d, EvLecture) {
			if err != nil {
				return err
			}
			if e.Par == Agent(d.Agent).Nom {
				opened = true
			}
		}
	}
	if opened {
		return faults.Of(Codes.New("COF-208"), d.Corps.Matricule)
	}
	if copies&CopieDouble != 0 {
		end, err := c.finConservation(ctx, d.Siret, d.Rec.Temps)
		if err != nil {
			return err
		}
		// A recall takes both copies of what the agent never opened, however
		// young; else the retention holds.
		recall := copies == ToutesCopies && d.Copies == ToutesCopies && c.now().Sub(time.UnixMilli(d.Rec.Temps)) < recallDelay
		if c.now().Before(end) && !recall {
			return faults.Of(Codes.New("COF-209", end.Format("02/01/2006")), d.Corps.Matricule)
		}
	}
	return nil
}

// recallDelay is how long a deposit by mistake may be taken back.
const recallDelay = 24 * time.Hour

// eventsOf gives the acts of one kind on a document.
func (c *Coffre) eventsOf(ctx context.Context, d *book.Filed, g Genre) iter.Seq2[acts.Acte, error] {
	return func(yield func(acts.Acte, error) bool) {
		for next := d.Idx; ; {
			page, err := c.book.Events(ctx, d.ID, g, next, 1<<62)
			if err != nil {
				yield(acts.Acte{}, err)
				return
			}
			for _, l := range page {
				r, err := c.book.Seg.Record(l.Place)
				var a acts.Acte
				if err == nil {
					err = r.Body(c.book.Keys, d.Key, &a)
				}
				if !yield(a, err) || err != nil {
					return
				}
			}
			if len(page) < book.PageSize {
				return
			}
			next = page[len(page)-1].Idx + 1
		}
	}
}

// finConservation is until when the employer's double must be kept.
func (c *Coffre) finConservation(ctx context.Context, siret string, depose int64) (time.Time, error) {
	e, err := c.Registre().Employeur(ctx, siret)
	if err != nil {
		return time.Time{}, err
	}
	years := ConservationComptable
	if e != nil {
		years = e.Conservation
	}
	return time.UnixMilli(depose).UTC().AddDate(years, 0, 0), nil
}

// Echus gives the documents of an employer whose double may be destroyed. The
// store destroys none by itself.
func (c *Coffre) Echus(ctx context.Context, par Acteur, siret string) iter.Seq2[Metadata, error] {
	return func(yield func(Metadata, error) bool) {
		for m, err := range c.List(ctx, par, Filtre{Employeur: siret}) {
			if err == nil {
				var end time.Time
				end, err = c.finConservation(ctx, siret, m.Date.UnixMilli())
				if err == nil && (m.Copies&CopieDouble == 0 || c.now().Before(end)) {
					continue
				}
			}
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}
