package vault

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"
)

// A fiche is a small record with a version that lives in the journal like
// everything else: employers, users, refusals, sessions of deposit, and what a
// portal keeps of its accounts. The whole history stays in the journal; the
// catalogue knows the last version.
type Fiche struct {
	Genre     string // a word; the words of this package are the fiche… constants
	Cle       string // unique within its Genre
	Employeur string // SIRET, or empty
	Version   int64  // of what was read; 0 for a fiche that is not there
	Par       string
	Temps     time.Time
	Valeur    json.RawMessage // nil once removed
}

const (
	ficheEmployeur   = "employeur"
	ficheUtilisateur = "utilisateur"
	fichePapier      = "papier"
	ficheVersement   = "versement"
	ficheCle         = "cle"
)

// reserved kinds are written through their own methods only.
var reserved = map[string]bool{ficheEmployeur: true, ficheUtilisateur: true, fichePapier: true, ficheVersement: true, ficheCle: true}

type corpsFiche struct {
	Genre     string          `json:"genre"`
	Cle       string          `json:"cle"`
	Employeur string          `json:"employeur,omitempty"`
	Version   int64           `json:"version"`
	Par       string          `json:"par"`
	Valeur    json.RawMessage `json:"valeur"`
}

const maxFiche = 1 << 20

// PutFiche writes the next version of a fiche. It is refused (COF-401) unless
// f.Version is the version that is stored: read again and try again.
func (c *Coffre) PutFiche(ctx context.Context, par Acteur, f Fiche) error {
	if reserved[f.Genre] || f.Genre == "" {
		return Codes.New("COF-402", f.Genre)
	}
	return c.putFiche(ctx, par.Nom, f)
}

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
	tag := c.keys.tag("fiche "+f.Genre, []byte(f.Cle))
	return &operation{prepare: func(t *transaction) ([]*draft, error) {
		if err := t.claim(tag); err != nil {
			return nil, err
		}
		var stored int64
		err := t.tx.QueryRowContext(t.ctx, "SELECT version FROM fiches WHERE genre=? AND cle=?", f.Genre, tag).Scan(&stored)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, fmt.Errorf("look up a fiche of kind %s: %w", f.Genre, err)
		}
		if stored != f.Version {
			return nil, Codes.New("COF-401", f.Genre, stored, f.Version)
		}
		return []*draft{{genre: EvFiche, corps: corpsFiche{f.Genre, f.Cle, f.Employeur, f.Version + 1, par, f.Valeur}}}, nil
	}}, nil
}

// Fiche reads the last version of a fiche; its Version is 0 and its Valeur nil
// when there is none.
func (c *Coffre) Fiche(ctx context.Context, genre, cle string) (Fiche, error) {
	return c.ficheIn(ctx, c.read, genre, cle)
}

func (c *Coffre) ficheIn(ctx context.Context, q querier, genre, cle string) (Fiche, error) {
	var idx int64
	err := q.QueryRowContext(ctx, "SELECT idx FROM fiches WHERE genre=? AND cle=?", genre, c.keys.tag("fiche "+genre, []byte(cle))).Scan(&idx)
	if errors.Is(err, sql.ErrNoRows) {
		return Fiche{Genre: genre, Cle: cle}, nil
	}
	if err != nil {
		return Fiche{}, fmt.Errorf("look up a fiche of kind %s: %w", genre, err)
	}
	return c.ficheAt(ctx, q, idx)
}

func (c *Coffre) ficheAt(ctx context.Context, q querier, idx int64) (Fiche, error) {
	r, err := c.recordAt(ctx, q, idx)
	if err != nil {
		return Fiche{}, err
	}
	var b corpsFiche
	if err := c.keys.body(r, nil, &b); err != nil {
		return Fiche{}, Codes.New("COF-118", fmt.Sprint(idx))
	}
	f := Fiche{Genre: b.Genre, Cle: b.Cle, Employeur: b.Employeur, Version: b.Version, Par: b.Par, Temps: time.UnixMilli(r.Temps).UTC(), Valeur: b.Valeur}
	if string(f.Valeur) == "null" {
		f.Valeur = nil
	}
	return f, nil
}

// Fiches gives the fiches of a kind that were not removed, newest change
// first; employeur empty for all.
func (c *Coffre) Fiches(ctx context.Context, genre, employeur string) iter.Seq2[Fiche, error] {
	return func(yield func(Fiche, error) bool) {
		rows, err := c.read.QueryContext(ctx, "SELECT idx FROM fiches WHERE genre=? AND (?='' OR siret=?) AND present=1 ORDER BY idx DESC", genre, employeur, employeur)
		if err != nil {
			yield(Fiche{}, fmt.Errorf("list the fiches of kind %s: %w", genre, err))
			return
		}
		var list []int64
		for rows.Next() {
			var idx int64
			if err = rows.Scan(&idx); err != nil {
				break
			}
			list = append(list, idx)
		}
		if err = errors.Join(err, rows.Err(), rows.Close()); err != nil {
			yield(Fiche{}, fmt.Errorf("list the fiches of kind %s: %w", genre, err))
			return
		}
		for _, idx := range list {
			f, err := c.ficheAt(ctx, c.read, idx)
			if !yield(f, err) || err != nil {
				return
			}
		}
	}
}

// readFiche decodes a fiche into v and returns its version.
func (c *Coffre) readFiche(ctx context.Context, genre, cle string, v any) (Fiche, error) {
	f, err := c.Fiche(ctx, genre, cle)
	if err != nil || f.Valeur == nil {
		return f, err
	}
	if err := json.Unmarshal(f.Valeur, v); err != nil {
		return f, fmt.Errorf("read a fiche of kind %s: %w", genre, err)
	}
	return f, nil
}
