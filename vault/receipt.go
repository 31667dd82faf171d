package vault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"paye/vault/internal/acts"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/journal"
)

// Recu proves that a document was deposited: the leaf, what the leaf commits
// to, the path from the leaf to a root, and the signed checkpoint of that
// root. It is verified without the store, with the verifier key only.
type Recu struct {
	ID     ID          `json:"id"`
	Index  int64       `json:"index"`
	Taille int64       `json:"taille_arbre"` // leaves under the checkpoint
	Entete []byte      `json:"entete"`       // the leaf, 130 bytes
	Sel    []byte      `json:"sel"`
	Corps  string      `json:"corps"` // JSON that the leaf commits to
	Preuve []tlog.Hash `json:"preuve"`
	Point  string      `json:"point"` // signed checkpoint, in the format of sumdb/note
}

var errReceipt = errors.New("receipt does not prove the deposit")

// Empreinte is the digest of the document as the receipt has it.
func (r *Recu) Empreinte() (string, error) {
	var c acts.Depot
	if err := json.Unmarshal([]byte(r.Corps), &c); err != nil {
		return "", errReceipt
	}
	return c.Empreinte, nil
}

// versement is the session that filed the document.
func (r *Recu) Versement() (ID, error) {
	var c acts.Depot
	if err := json.Unmarshal([]byte(r.Corps), &c); err != nil {
		return ID{}, errReceipt
	}
	return c.Versement, nil
}

// Verify proves the receipt with the verifier key of the vault, and that it is
// the one of the document whose SHA-256 is digest (hexadecimal).
func (r *Recu) Verify(verifier, digest string) error {
	h, err := journal.ParseHeader(r.Entete)
	if err != nil || len(r.Entete) != journal.HeaderSize {
		return errReceipt
	}
	if h.Genre != EvDepot || h.Sujet != r.ID || h.Index != r.Index {
		return fmt.Errorf("%w: the leaf is another event", errReceipt)
	}
	if journal.Engagement(r.Sel, []byte(r.Corps)) != h.Engagement {
		return fmt.Errorf("%w: the body is not the one of the leaf", errReceipt)
	}
	if got, err := r.Empreinte(); err != nil || got != digest {
		return fmt.Errorf("%w: another document", errReceipt)
	}
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return catalogue.Fault(err, "read the verifier key")
	}
	point, err := journal.ParsePoint([]byte(r.Point), note.VerifierList(v))
	if err != nil {
		return err
	}
	if point.Taille != r.Taille || r.Index < 0 || r.Index >= r.Taille {
		return fmt.Errorf("%w: another checkpoint", errReceipt)
	}
	if err := tlog.CheckRecord(r.Preuve, point.Taille, point.Racine, r.Index, h.Leaf()); err != nil {
		return fmt.Errorf("%w: the path does not lead to the root", errReceipt)
	}
	return nil
}

// Equal reports whether two receipts are the same bytes.
func (r *Recu) Equal(o *Recu) bool {
	a, errA := json.Marshal(r)
	b, errB := json.Marshal(o)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// ParseRecu reads a receipt. It is proved by Verify only.
func ParseRecu(b []byte) (*Recu, error) {
	var r Recu
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, catalogue.Fault(err, "read a receipt")
	}
	return &r, nil
}

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
		return p, catalogue.Fault(err, "find the checkpoint of leaf %d", idx)
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
		return nil, catalogue.Fault(err, "prove leaf %d of %d", h.Index, p.taille)
	}
	return &Recu{ID: h.Sujet, Index: h.Index, Taille: p.taille, Entete: h.Append(nil), Sel: salt, Corps: string(body), Preuve: proof, Point: string(p.note)}, nil
}
