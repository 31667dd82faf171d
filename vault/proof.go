package vault

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// checkpoint is the signed note of one commit.
type checkpoint struct {
	debut, taille int64
	note          []byte
}

func (p *checkpoint) covers(idx int64) bool { return p.debut <= idx && idx < p.taille }

// checkpointOf finds the checkpoint of the commit that made a leaf.
func (c *Coffre) checkpointOf(ctx context.Context, idx int64) (p checkpoint, err error) {
	err = c.read.QueryRowContext(ctx, "SELECT debut, taille, note FROM lots WHERE taille>? ORDER BY taille LIMIT 1", idx).Scan(&p.debut, &p.taille, &p.note)
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
	r, err := c.recordAt(ctx, c.read, idx)
	if err != nil {
		return nil, err
	}
	salt, body, err := c.keys.rawBody(r, nil)
	if err != nil {
		return nil, Codes.New("COF-204")
	}
	return c.recuOf(ctx, &r.header, salt, body, p)
}

func (c *Coffre) recuOf(ctx context.Context, h *header, salt, body []byte, p checkpoint) (*Recu, error) {
	proof, err := tlog.ProveRecord(p.taille, h.Index, &hashReader{ctx, c.read, nil, &c.cache})
	if err != nil {
		return nil, fmt.Errorf("prove leaf %d of %d: %w", h.Index, p.taille, err)
	}
	return &Recu{ID: h.Sujet, Index: h.Index, Taille: p.taille, Entete: h.append(nil), Sel: salt, Corps: string(body), Preuve: proof, Point: string(p.note)}, nil
}

// recordAt reads the record of a leaf.
func (c *Coffre) recordAt(ctx context.Context, q querier, idx int64) (*record, error) {
	var p place
	err := q.QueryRowContext(ctx, "SELECT segment, offset, longueur FROM evenements WHERE idx=?", idx).Scan(&p.segment, &p.offset, &p.size)
	if err != nil {
		return nil, fmt.Errorf("find leaf %d: %w", idx, err)
	}
	r, err := c.seg.record(p)
	if err != nil {
		return nil, err
	}
	if r.Index != idx {
		return nil, Codes.New("COF-113")
	}
	return r, nil
}
