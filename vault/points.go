package vault

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"paye/internal/durable"
)

// Checkpoints are in every frame of the journal; the files in checkpoints/ are
// the ones that were shown outside. A journal shorter than a saved checkpoint,
// or with another root at its size, was tampered with.
const (
	pointsDir     = "checkpoints"
	pointInterval = 24 * time.Hour
)

func pointName(size int64) string { return fmt.Sprintf("%012d.note", size) }

// Point returns the newest signed checkpoint.
func (c *Coffre) Point(ctx context.Context) ([]byte, error) {
	var msg []byte
	err := c.read.QueryRowContext(ctx, "SELECT note FROM lots ORDER BY n DESC LIMIT 1").Scan(&msg)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("read the newest checkpoint: %w", err)
	}
	return msg, nil
}

// WritePoint saves the newest checkpoint as a file and sends it to the witness.
func (c *Coffre) WritePoint(ctx context.Context) ([]byte, error) {
	msg, err := c.Point(ctx)
	if err != nil || msg == nil {
		return nil, err
	}
	p, err := ParsePoint(msg, c.keys.verifiers)
	if err != nil {
		return nil, Codes.New("COF-113")
	}
	path := filepath.Join(c.root, pointsDir, pointName(p.Taille))
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, msg) && !c.owed.Load() {
		return msg, nil
	}
	if err := durable.WriteFile(path, msg); err != nil {
		return nil, fmt.Errorf("save a checkpoint: %w", err)
	}
	if c.opts.Temoin != nil {
		c.owed.Store(true)
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
	last, err := savedPoints(c.root)
	if err != nil {
		c.opts.Log.Warn("checkpoints cannot be listed", "err", err)
		return nil
	}
	if n := len(last); n > 0 {
		if msg, err := os.ReadFile(filepath.Join(c.root, pointsDir, pointName(last[n-1]))); err == nil {
			if p, err := ParsePoint(msg, c.keys.verifiers); err == nil && t.temps-p.Temps < pointInterval.Milliseconds() {
				return nil
			}
		}
	}
	if _, err := c.WritePoint(ctx); err != nil {
		c.opts.Log.Warn("daily checkpoint was not saved", "err", err)
	}
	return nil
}

// savedPoints lists the sizes of the checkpoint files, in order.
func savedPoints(root string) ([]int64, error) {
	entries, err := os.ReadDir(filepath.Join(root, pointsDir))
	if err != nil {
		return nil, fmt.Errorf("list the checkpoints: %w", err)
	}
	var sizes []int64
	for _, e := range entries {
		base, ok := strings.CutSuffix(e.Name(), ".note")
		if n, err := strconv.ParseInt(base, 10, 64); ok && err == nil && pointName(n) == e.Name() {
			sizes = append(sizes, n)
		}
	}
	sort.Slice(sizes, func(i, j int) bool { return sizes[i] < sizes[j] })
	return sizes, nil
}

// checkPoints compares the newest saved checkpoint with the tree; fsck
// compares all of them.
func (c *Coffre) checkPoints(ctx context.Context) error {
	sizes, err := savedPoints(c.root)
	if err != nil || len(sizes) == 0 {
		return err
	}
	name := pointName(sizes[len(sizes)-1])
	msg, err := os.ReadFile(filepath.Join(c.root, pointsDir, name))
	if err != nil {
		return fmt.Errorf("read a checkpoint: %w", err)
	}
	p, err := ParsePoint(msg, c.keys.verifiers)
	if err != nil {
		// The tree cannot be held against a damaged file; fsck names it.
		c.opts.Log.Warn("checkpoint file is damaged", "file", name)
		return nil
	}
	return c.comparePoint(ctx, p)
}

// comparePoint returns an anomaly when the tree is not a continuation of p.
func (c *Coffre) comparePoint(ctx context.Context, p Point) error {
	size, err := c.size(ctx)
	if err != nil {
		return err
	}
	if p.Origine != c.desc.origin() {
		return Codes.New("COF-115")
	}
	if p.Taille > size {
		return Codes.New("COF-114", strconv.FormatInt(p.Taille, 10), strconv.FormatInt(size, 10))
	}
	root, err := tlog.TreeHash(p.Taille, &hashReader{ctx, c.read, nil, nil})
	if err != nil {
		return err
	}
	if root != p.Racine {
		return Codes.New("COF-116", strconv.FormatInt(p.Taille, 10))
	}
	return nil
}

func (c *Coffre) size(ctx context.Context) (n int64, err error) {
	err = c.read.QueryRowContext(ctx, "SELECT coalesce(max(taille),0) FROM lots").Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("read the size of the journal: %w", err)
	}
	return n, nil
}

// Coherence proves that the journal at size from is a prefix of the journal at
// size to (RFC 6962, 2.1.2).
func (c *Coffre) Coherence(ctx context.Context, from, to int64) ([]tlog.Hash, error) {
	size, err := c.size(ctx)
	if err != nil {
		return nil, err
	}
	if from < 1 || from > to || to > size {
		return nil, fmt.Errorf("consistency proof from %d to %d of %d leaves", from, to, size)
	}
	p, err := tlog.ProveTree(to, from, &hashReader{ctx, c.read, nil, &c.cache})
	if err != nil {
		return nil, fmt.Errorf("prove the journal from %d to %d: %w", from, to, err)
	}
	return p, nil
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write the body of an event: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
