package fsck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"

	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
)

// points holds every saved checkpoint against the tree.
func (f *fsck) points(ctx context.Context, db *sql.DB, size int64) error {
	sizes, err := journal.SavedPoints(f.root)
	if err != nil {
		return err
	}
	newest := int64(0)
	check := func(name string, msg []byte) error {
		p, err := journal.ParsePoint(msg, f.keys.Verifiers)
		if err != nil || p.Origine != f.desc.Origin() {
			f.fault(faults.Codes.New("COF-115").At(name, -1, 0))
			return nil
		}
		f.r.Points++
		if p.Taille > size {
			f.fault(faults.Codes.New("COF-114", fmt.Sprint(p.Taille), fmt.Sprint(size)).At(name, -1, 0))
			return nil
		}
		root, err := tlog.TreeHash(p.Taille, &catalogue.HashReader{Ctx: ctx, Q: db, Fresh: nil, Cache: nil})
		if err != nil {
			return err
		}
		if root != p.Racine {
			f.fault(faults.Codes.New("COF-116", fmt.Sprint(p.Taille)).At(name, -1, 0))
		}
		newest = max(newest, p.Temps)
		return nil
	}
	for _, n := range sizes {
		name := filepath.Join(journal.PointsDir, journal.PointName(n))
		msg, err := os.ReadFile(filepath.Join(f.root, name))
		if err != nil {
			return fmt.Errorf("read a checkpoint: %w", err)
		}
		if err := check(name, msg); err != nil {
			return err
		}
	}
	for i, msg := range f.o.Temoins {
		if err := check(fmt.Sprintf("temoin %d", i+1), msg); err != nil {
			return err
		}
	}
	// A program that closes the vault saves the newest checkpoint; one that has
	// it open saves one a day.
	var last int64
	if err := db.QueryRowContext(ctx, "SELECT coalesce(max(temps),0) FROM lots").Scan(&last); err != nil {
		return fmt.Errorf("read the newest checkpoint: %w", err)
	}
	saved := len(sizes) > 0 && (sizes[len(sizes)-1] >= size || !f.closed && last-newest <= journal.PointInterval.Milliseconds())
	if size > 0 && !saved {
		f.fault(faults.Codes.New("COF-124"))
	}
	return nil
}

// compare holds the catalogue against the one made from the journal.
func (f *fsck) compare(ctx context.Context, second string) error {
	path := filepath.Join(f.root, catalogue.Name)
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		f.fault(faults.Codes.New("COF-110").At(catalogue.Name, -1, 0))
		return nil
	}
	db, err := catalogue.Open(path, 1)
	if err != nil {
		return err
	}
	defer db.Close()
	damaged := func(err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		f.o.Log.Warn("catalogue cannot be read", "err", err)
		f.fault(faults.Codes.New("COF-110").At(catalogue.Name, -1, 0))
		return nil
	}
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return damaged(err)
	}
	if verdict != "ok" {
		return damaged(errors.New(verdict))
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return damaged(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "ATTACH DATABASE ? AS second", second); err != nil {
		return damaged(err)
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "DETACH DATABASE second")
	for _, table := range catalogue.Tables {
		for _, way := range []struct{ from, to, code string }{{"second", "main", "COF-125"}, {"main", "second", "COF-126"}} {
			// Rows committed since are not in the second catalogue; neither are
			// they lacking from the first.
			var n int64
			query := fmt.Sprintf("SELECT count(*) FROM (SELECT * FROM %s.%s EXCEPT SELECT * FROM %s.%s)", way.from, table, way.to, table)
			if way.from == "main" {
				if query = f.older(table); query == "" {
					continue
				}
			}
			if err := conn.QueryRowContext(ctx, query).Scan(&n); err != nil {
				return damaged(err)
			}
			if n > 0 {
				f.fault(faults.Codes.New(way.code, table, n).At(catalogue.Name, -1, 0))
			}
		}
	}
	var schema int
	if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT type, name, sql FROM main.sqlite_master EXCEPT SELECT type, name, sql FROM second.sqlite_master)").Scan(&schema); err != nil {
		return damaged(err)
	}
	if schema > 0 {
		return damaged(errors.New("the schema is another"))
	}
	return nil
}

// older asks for the rows of the catalogue that the journal does not explain,
// among those as old as the verification.
func (f *fsck) older(table string) string {
	cond := map[string]string{"lots": "taille<=%d", "evenements": "idx<%d", "hachages": "i<%d", "agents": "idx<%d", "documents": "idx<%d", "fiches": "idx<%d"}[table]
	size := f.r.Evenements
	if table == "hachages" {
		size = tlog.StoredHashCount(size)
	}
	if cond == "" {
		return "SELECT count(*) FROM (SELECT id FROM main.versements EXCEPT SELECT id FROM second.versements) WHERE NOT EXISTS (SELECT 1 FROM main.fiches WHERE genre='versement' AND idx>=" + fmt.Sprint(size) + ")"
	}
	cond = fmt.Sprintf(cond, size)
	return fmt.Sprintf("SELECT count(*) FROM (SELECT * FROM main.%s WHERE %s EXCEPT SELECT * FROM second.%s)", table, cond, table)
}
