package vault

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"paye/internal/durable"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
)

// Point returns the newest signed checkpoint.
func (c *Coffre) Point(ctx context.Context) ([]byte, error) {
	var msg []byte
	err := c.book.Read.QueryRowContext(ctx, "SELECT note FROM lots ORDER BY n DESC LIMIT 1").Scan(&msg)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, catalogue.Fault(err, "read the newest checkpoint")
	}
	return msg, nil
}

// WritePoint saves the newest checkpoint as a file and sends it to the witness.
func (c *Coffre) WritePoint(ctx context.Context) ([]byte, error) {
	if a := c.frozen.Load(); a != nil {
		return nil, a
	}
	msg, err := c.Point(ctx)
	if err != nil || msg == nil {
		return nil, err
	}
	p, err := journal.ParsePoint(msg, c.book.Keys.Verifiers)
	if err != nil {
		return nil, Codes.New("COF-113")
	}
	path := filepath.Join(c.root, journal.PointsDir, journal.PointName(p.Taille))
	if old, err := durable.ReadFile(path); err == nil && bytes.Equal(old, msg) && !c.owed.Load() {
		return msg, nil
	}
	if err := durable.WriteFile(path, msg); err != nil {
		return nil, fmt.Errorf("save a checkpoint: %w", err)
	}
	if c.opts.Temoin != nil {
		c.owed.Store(true)
		// Another may have put the vault back meanwhile.
		if err := c.askWitness(ctx); err != nil {
			return msg, err
		}
		if a := c.frozen.Load(); a != nil {
			return msg, a
		}
		if err := c.opts.Temoin(ctx, msg); err != nil {
			return msg, fmt.Errorf("send a checkpoint to the witness: %w", err)
		}
		c.owed.Store(false)
	}
	return msg, nil
}

// dailyPoint saves a checkpoint when the last one saved is a day old. What was
// committed stays so whatever becomes of the file.
func (c *Coffre) dailyPoint(ctx context.Context, t *transaction) error {
	if len(t.drafts) == 0 {
		return nil
	}
	last, err := journal.SavedPoints(c.root)
	if err != nil {
		c.opts.Log.Warn("checkpoints cannot be listed", "err", err)
		return nil
	}
	if n := len(last); n > 0 {
		if msg, err := durable.ReadFile(filepath.Join(c.root, journal.PointsDir, journal.PointName(last[n-1]))); err == nil {
			if p, err := journal.ParsePoint(msg, c.book.Keys.Verifiers); err == nil && t.temps-p.Temps < journal.PointInterval.Milliseconds() {
				return nil
			}
		}
	}
	if _, err := c.WritePoint(ctx); err != nil {
		c.opts.Log.Warn("daily checkpoint was not saved", "err", err)
	}
	return nil
}

// checkPoints compares the newest saved checkpoint with the tree; fsck
// compares all of them.
func (c *Coffre) checkPoints(ctx context.Context) error {
	sizes, err := journal.SavedPoints(c.root)
	if err != nil || len(sizes) == 0 {
		return err
	}
	name := journal.PointName(sizes[len(sizes)-1])
	msg, err := durable.ReadFile(filepath.Join(c.root, journal.PointsDir, name))
	if err != nil {
		return fmt.Errorf("read a checkpoint: %w", err)
	}
	p, err := journal.ParsePoint(msg, c.book.Keys.Verifiers)
	if err != nil {
		// The tree cannot be held against a damaged file; fsck names it.
		c.opts.Log.Warn("checkpoint file is damaged", "file", name)
		return nil
	}
	return c.book.ComparePoint(ctx, p)
}

// askWitness holds the journal against what its witness keeps, and freezes a
// vault that does not continue it.
func (c *Coffre) askWitness(ctx context.Context) error {
	if c.opts.Temoins == nil {
		return nil
	}
	kept, err := c.opts.Temoins(ctx)
	if err != nil {
		return fmt.Errorf("read the witness of the vault: %w", err)
	}
	for _, msg := range kept {
		err := Continues(ctx, c, msg)
		a, ok := faults.As(err)
		if err != nil && !ok {
			return err
		}
		if ok {
			c.frozen.Store(a)
			c.opts.Log.Error("vault does not continue its witness: it can be read and signs nothing", "err", a)
		}
	}
	return nil
}

// Continues returns COF-142 when a vault is no continuation of a checkpoint of
// it that was kept elsewhere, and COF-115 for what is none of its checkpoints.
func Continues(ctx context.Context, g Guichet, kept []byte) error {
	key, err := g.Verificateur(ctx)
	if err != nil {
		return err
	}
	v, err := note.NewVerifier(key)
	if err != nil {
		return Codes.New("COF-101")
	}
	known := note.VerifierList(v)
	old, err := journal.ParsePoint(kept, known)
	if err != nil {
		return Codes.New("COF-115")
	}
	msg, err := g.Point(ctx)
	if err != nil {
		return err
	}
	broken := Codes.New("COF-142", strconv.FormatInt(old.Taille, 10), time.UnixMilli(old.Temps).UTC().Format("02/01/2006 15:04:05"))
	now, err := journal.ParsePoint(msg, known)
	if err != nil || now.Origine != old.Origine || now.Taille < old.Taille {
		return broken
	}
	if old.Taille == 0 {
		return nil
	}
	proof, err := g.Coherence(ctx, old.Taille, now.Taille)
	if err != nil {
		return err
	}
	if tlog.CheckTree(proof, now.Taille, now.Racine, old.Taille, old.Racine) != nil {
		return broken
	}
	return nil
}

// Coherence implements [Guichet] (RFC 6962, 2.1.2).
func (c *Coffre) Coherence(ctx context.Context, from, to int64) ([]tlog.Hash, error) {
	size, err := c.book.Size(ctx)
	if err != nil {
		return nil, err
	}
	if from < 1 || from > to || to > size {
		return nil, Codes.New("COF-201", "coherence")
	}
	p, err := tlog.ProveTree(to, from, &catalogue.HashReader{Ctx: ctx, Q: c.book.Read, Fresh: nil, Cache: &c.book.Cache})
	if err != nil {
		return nil, catalogue.Fault(err, "prove the journal from %d to %d", from, to)
	}
	return p, nil
}
