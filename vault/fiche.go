package vault

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"paye/vault/internal/acts"
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
		var stored int64
		err := t.tx.QueryRowContext(t.ctx, "SELECT version FROM fiches WHERE genre=? AND cle=?", f.Genre, tag).Scan(&stored)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, fmt.Errorf("look up a fiche of kind %s: %w", f.Genre, err)
		}
		if stored != f.Version {
			return nil, Codes.New("COF-401", f.Genre, stored, f.Version)
		}
		return []*journal.Draft{{Genre: EvFiche, Corps: acts.FicheBody{Genre: f.Genre, Cle: f.Cle, Employeur: f.Employeur, Version: f.Version + 1, Par: par, Valeur: f.Valeur}}}, nil
	}}, nil
}
