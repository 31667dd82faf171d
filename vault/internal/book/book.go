package book

import (
	"context"
	"crypto/hpke"
	"database/sql"
	"errors"
	"strconv"
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
	"paye/vault/internal/names"
)

// Book reads the journal by its index: what a vault knows, with the keys that
// open it. It changes nothing and asks nobody's rights.
type Book struct {
	Desc  keys.Descriptor
	Keys  *keys.Ring
	Seg   *journal.Segments
	Read  *sql.DB
	Cache catalogue.HashCache

	pubs struct {
		sync.Mutex
		m map[string]hpke.PublicKey // parsed, by their bytes
	}
}

// Events finds a page of the events of a subject and of a kind, zero for all, and of the renewals of keys.
func (b *Book) Events(ctx context.Context, sujet names.ID, genre journal.Genre, from, to int64, keys ...names.ID) (page []journal.Located, err error) {
	query, args := "SELECT idx, segment, offset, longueur FROM evenements WHERE idx>=? AND idx<?", []any{from, to}
	if !sujet.IsZero() {
		query, args = query+" AND (sujet=?", append(args, sujet[:])
		for _, key := range keys {
			query, args = query+" OR sujet=? AND genre=?", append(args, key[:], journal.EvRenouvellement)
		}
		query += ")"
	}
	if genre != 0 {
		query, args = query+" AND genre=?", append(args, genre)
	}
	rows, err := b.Read.QueryContext(ctx, query+" ORDER BY idx LIMIT ?", append(args, PageSize)...)
	if err != nil {
		return nil, catalogue.Fault(err, "read the journal")
	}
	return scanLocated(rows)
}

// PageSize is how many rows are read at once: a reader that sleeps holds no
// snapshot of the catalogue.
const PageSize = 500

// ComparePoint returns an anomaly when the tree is not a continuation of p.
func (b *Book) ComparePoint(ctx context.Context, p journal.Point) error {
	size, err := b.Size(ctx)
	if err != nil {
		return err
	}
	if p.Origine != b.Desc.Origin() {
		return faults.Codes.New("COF-115")
	}
	if p.Taille > size {
		return faults.Codes.New("COF-114", strconv.FormatInt(p.Taille, 10), strconv.FormatInt(size, 10))
	}
	root, err := tlog.TreeHash(p.Taille, &catalogue.HashReader{Ctx: ctx, Q: b.Read, Fresh: nil, Cache: nil})
	if err != nil {
		return err
	}
	if root != p.Racine {
		return faults.Codes.New("COF-116", strconv.FormatInt(p.Taille, 10))
	}
	return nil
}

// Size is how many leaves the journal has.
func (b *Book) Size(ctx context.Context) (n int64, err error) {
	err = b.Read.QueryRowContext(ctx, "SELECT coalesce(max(taille),0) FROM lots").Scan(&n)
	if err != nil {
		return 0, catalogue.Fault(err, "read the size of the journal")
	}
	return n, nil
}

// RecordAt reads the record of a leaf.
func (b *Book) RecordAt(ctx context.Context, q catalogue.Querier, idx int64) (*journal.Record, error) {
	var p journal.Place
	err := q.QueryRowContext(ctx, "SELECT segment, offset, longueur FROM evenements WHERE idx=?", idx).Scan(&p.Segment, &p.Offset, &p.Size)
	if err != nil {
		return nil, catalogue.Fault(err, "find leaf %d", idx)
	}
	r, err := b.Seg.Record(p)
	if err != nil {
		return nil, err
	}
	if r.Index != idx {
		return nil, faults.Codes.New("COF-113")
	}
	return r, nil
}

func scanLocated(rows *sql.Rows) (page []journal.Located, err error) {
	for rows.Next() {
		var l journal.Located
		if err = rows.Scan(&l.Idx, &l.Segment, &l.Offset, &l.Size); err != nil {
			break
		}
		page = append(page, l)
	}
	if err = errors.Join(err, rows.Err(), rows.Close()); err != nil {
		return nil, catalogue.Fault(err, "read the journal")
	}
	return page, nil
}
