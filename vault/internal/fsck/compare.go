package fsck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"

	"paye/internal/durable"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
)

// savedPoint is a checkpoint that was saved as a file.
type savedPoint struct {
	name string
	size int64
	msg  []byte
}

func (f *fsck) savedPoints() (list []savedPoint, err error) {
	sizes, err := journal.SavedPoints(f.root)
	if err != nil {
		return nil, err
	}
	for _, n := range sizes {
		name := filepath.Join(journal.PointsDir, journal.PointName(n))
		msg, err := durable.ReadFile(filepath.Join(f.root, name))
		if err != nil {
			return nil, fmt.Errorf("read a checkpoint: %w", err)
		}
		list = append(list, savedPoint{name, n, msg})
	}
	return list, nil
}

// points holds checkpoints that were saved against the tree.
func (f *fsck) points(ctx context.Context, db *sql.DB, saved []savedPoint) error {
	size := f.r.Evenements
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
	for _, p := range saved {
		if err := check(p.name, p.msg); err != nil {
			return err
		}
	}
	for i, msg := range f.o.Temoins {
		if err := check(fmt.Sprintf("temoin %d", i+1), msg); err != nil {
			return err
		}
	}
	return f.lastSaved(ctx, db, newest)
}

// lastSaved wants the newest checkpoint to be saved. A program that closes the
// vault does that; one that has it open saves one a day.
func (f *fsck) lastSaved(ctx context.Context, db *sql.DB, newest int64) error {
	var last int64
	if err := db.QueryRowContext(ctx, "SELECT coalesce(max(temps),0) FROM lots").Scan(&last); err != nil {
		return fmt.Errorf("read the newest checkpoint: %w", err)
	}
	sizes, err := journal.SavedPoints(f.root) // as they are now
	if err != nil {
		return err
	}
	n := len(sizes)
	if f.r.Evenements == 0 || n > 0 && sizes[n-1] >= f.r.Evenements {
		return nil
	}
	if alone, err := f.lock.Alone(); err != nil {
		return err
	} else if n > 0 && !alone && last-newest <= journal.PointInterval.Milliseconds() {
		return nil
	}
	f.fault(faults.Codes.New("COF-124"))
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
	// One view of the catalogue, as others go on; the second is brought up to it.
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return damaged(err)
	}
	defer func() {
		conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		conn.ExecContext(context.WithoutCancel(ctx), "DETACH DATABASE second")
	}()
	var size int64
	if err := conn.QueryRowContext(ctx, "SELECT coalesce(max(taille),0) FROM main.lots").Scan(&size); err != nil {
		return damaged(err)
	}
	if size > f.builder.Size {
		if err := f.builder.Extend(size); err != nil {
			return err
		}
	}
	for _, table := range catalogue.Tables {
		for _, way := range []struct{ from, to, code string }{{"second", "main", "COF-125"}, {"main", "second", "COF-126"}} {
			var n int64
			query := fmt.Sprintf("SELECT count(*) FROM (SELECT * FROM %s.%s WHERE %s EXCEPT SELECT * FROM %s.%s)", way.from, table, f.comparable(table, size), way.to, table)
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

// comparable is the condition under which a row must be the same in both
// catalogues: that no event after those of the first concerns it, and that the
// body it was made from can be read; one that cannot is named by its slot.
func (f *fsck) comparable(table string, size int64) string {
	later := f.builder.Size > size
	switch table {
	case "lots":
		return fmt.Sprint("taille<=", size)
	case "evenements", "agents":
		return fmt.Sprint("idx<", size)
	case "hachages":
		return fmt.Sprint("i<", tlog.StoredHashCount(size))
	case "documents":
		cond := fmt.Sprint("idx<", size, " AND idx NOT IN (SELECT idx FROM second.documents WHERE siret IS NULL AND copies<>0)")
		if later {
			cond += fmt.Sprint(" AND id NOT IN (SELECT sujet FROM second.evenements WHERE sujet IS NOT NULL AND idx>=", size, ")")
		}
		return cond
	case "fiches":
		if later {
			return fmt.Sprint("(genre, cle) NOT IN (SELECT genre, cle FROM second.fiches WHERE idx>=", size, ")")
		}
	case "versements":
		if later {
			return fmt.Sprint("NOT EXISTS (SELECT 1 FROM second.fiches WHERE genre='versement' AND idx>=", size, ")")
		}
	}
	return "1"
}
