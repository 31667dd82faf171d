package vault

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"paye/vault/internal/acts"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/journal"
)

const maxFiche = 1 << 20

func (c *Coffre) putFiche(ctx context.Context, par string, f Fiche) error {
	op, err := c.ficheOp(par, f)
	if err != nil {
		return err
	}
	return c.commit(ctx, op)
}

func (c *Coffre) ficheOp(par string, f Fiche) (*operation, error) {
	if len(f.Valeur) > maxFiche || len(f.Cle) > 1024 {
		return nil, fmt.Errorf("write a fiche of kind %s: %d bytes are too many", f.Genre, len(f.Valeur))
	}
	if f.Valeur == nil {
		f.Valeur = json.RawMessage("null")
	}
	tag := c.book.Keys.Tag("fiche "+f.Genre, []byte(f.Cle))
	return &operation{prepare: func(t *transaction) ([]*journal.Draft, error) {
		if err := t.claim(tag); err != nil {
			return nil, err
		}
		if !f.Sujet.IsZero() { // never in one frame with the erasure of its subject
			if err := t.claim(f.Sujet[:]); err != nil {
				return nil, err
			}
		}
		var stored int64
		err := t.tx.QueryRowContext(t.ctx, "SELECT version FROM fiches WHERE genre=? AND cle=?", f.Genre, tag).Scan(&stored)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, catalogue.Fault(err, "look up a fiche of kind %s", f.Genre)
		}
		if stored != f.Version {
			return nil, Codes.New("COF-401", f.Genre, stored, f.Version)
		}
		return []*journal.Draft{{Genre: EvFiche, Sujet: f.Sujet, Corps: acts.FicheBody{Genre: f.Genre, Cle: f.Cle, Employeur: f.Employeur, Version: f.Version + 1, Par: par, Valeur: f.Valeur}}}, nil
	}}, nil
}

// Fiches are the small records that a portal keeps in the vault. Those that the
// vault keeps for itself are refused (COF-402).
type Fiches struct{ c *Coffre }

// Fiches gives the records of a portal.
func (c *Coffre) Fiches() *Fiches { return &Fiches{c} }

// reserved kinds are written and read through their own methods only.
var reserved = map[string]bool{acts.FicheEmployeur: true, acts.FicheUtilisateur: true, acts.FichePapier: true, acts.FicheVersement: true, acts.FicheCle: true}

func free(genre string) error {
	if reserved[genre] || genre == "" {
		return Codes.New("COF-402", genre)
	}
	return nil
}

// Put writes the next version of a fiche. It is refused (COF-401) unless
// f.Version is the version that is stored: read again and try again.
func (a *Fiches) Put(ctx context.Context, par Acteur, f Fiche) error {
	if err := free(f.Genre); err != nil {
		return err
	}
	return a.c.putFiche(ctx, par.Nom, f)
}

// Erase erases every version of every fiche that tells of a subject: bodies in
// the journal become zeros, its leaves stay and tell nothing of what they were.
// A subject of whom nothing is told is no error. Backups of the journal hold
// the bodies until they expire; what is returned says when.
func (a *Fiches) Erase(ctx context.Context, par Acteur, sujet ID, motif string) (Effacement, error) {
	if sujet.IsZero() || motif == "" || !acts.Clean(motif, 1024) {
		return Effacement{}, Codes.New("COF-207")
	}
	var e Effacement
	op := &operation{prepare: func(t *transaction) ([]*journal.Draft, error) {
		if err := t.claim(sujet[:]); err != nil {
			return nil, err
		}
		var left int
		err := t.tx.QueryRowContext(t.ctx, "SELECT count(*) FROM evenements e WHERE sujet=?1 AND genre=?2 AND NOT EXISTS (SELECT 1 FROM evenements o WHERE o.sujet=?1 AND o.genre=?3 AND o.idx>e.idx)", sujet[:], EvFiche, EvOubli).Scan(&left)
		if err != nil {
			return nil, catalogue.Fault(err, "count the fiches of a subject")
		}
		when := time.UnixMilli(t.temps).UTC()
		e = Effacement{ID: sujet, Date: when, Complet: when.AddDate(0, 0, SauvegardesMax), Par: par.Nom, Motif: motif}
		if left == 0 {
			return nil, nil
		}
		return []*journal.Draft{{Genre: EvOubli, Sujet: sujet, Corps: acts.Destruction{Par: par.Nom, Motif: motif, Complet: e.Complet.UnixMilli()}}}, nil
	}}
	if err := a.c.commit(ctx, op); err != nil {
		return Effacement{}, err
	}
	if err := a.c.truncateLog(ctx); err != nil {
		a.c.opts.Log.Warn("catalogue log was not truncated", "err", err)
	}
	return e, nil
}

// Get reads the last version of a fiche; its Version is 0 and its Valeur nil
// when there is none.
func (a *Fiches) Get(ctx context.Context, genre, cle string) (Fiche, error) {
	if err := free(genre); err != nil {
		return Fiche{}, err
	}
	return a.c.book.Fiche(ctx, genre, cle)
}

// All gives the fiches of a kind that were not removed, newest change first;
// employeur empty for all.
func (a *Fiches) All(ctx context.Context, genre, employeur string) iter.Seq2[Fiche, error] {
	return func(yield func(Fiche, error) bool) {
		if err := free(genre); err != nil {
			yield(Fiche{}, err)
			return
		}
		for f, err := range a.c.book.Fiches(ctx, genre, employeur) {
			if !yield(f, err) || err != nil {
				return
			}
		}
	}
}
