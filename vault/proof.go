package vault

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"paye/vault/internal/catalogue"
	"paye/vault/internal/journal"
)

// checkpoint is the signed note of one commit.
type checkpoint struct {
	debut, taille int64
	note          []byte
}

func (p *checkpoint) covers(idx int64) bool { return p.debut <= idx && idx < p.taille }

// checkpointOf finds the checkpoint of the commit that made a leaf.
func (c *Coffre) checkpointOf(ctx context.Context, idx int64) (p checkpoint, err error) {
	err = c.book.Read.QueryRowContext(ctx, "SELECT debut, taille, note FROM lots WHERE taille>? ORDER BY taille LIMIT 1", idx).Scan(&p.debut, &p.taille, &p.note)
	if err != nil {
		return p, fmt.Errorf("find the checkpoint of leaf %d: %w", idx, err)
	}
	return p, nil
}

// recu makes the receipt of the deposit at a leaf. It is the same each time:
// the checkpoint is the one of the batch that the deposit was committed with.
func (c *Coffre) recu(ctx context.Context, idx int64) (*Recu, error) {
	p, err := c.checkpointOf(ctx, idx)
	if err != nil {
		return nil, err
	}
	return c.recuUnder(ctx, idx, p)
}

func (c *Coffre) recuUnder(ctx context.Context, idx int64, p checkpoint) (*Recu, error) {
	r, err := c.book.RecordAt(ctx, c.book.Read, idx)
	if err != nil {
		return nil, err
	}
	salt, body, err := r.RawBody(c.book.Keys, nil)
	if err != nil {
		return nil, Codes.New("COF-204")
	}
	return c.recuOf(ctx, &r.Header, salt, body, p)
}

func (c *Coffre) recuOf(ctx context.Context, h *journal.Header, salt, body []byte, p checkpoint) (*Recu, error) {
	proof, err := tlog.ProveRecord(p.taille, h.Index, &catalogue.HashReader{Ctx: ctx, Q: c.book.Read, Fresh: nil, Cache: &c.book.Cache})
	if err != nil {
		return nil, fmt.Errorf("prove leaf %d of %d: %w", h.Index, p.taille, err)
	}
	return &Recu{ID: h.Sujet, Index: h.Index, Taille: p.taille, Entete: h.Append(nil), Sel: salt, Corps: string(body), Preuve: proof, Point: string(p.note)}, nil
}
