package fsck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

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

// sound looks at the catalogue as a file, of which nothing else can be said when it is damaged.
func (f *fsck) sound(ctx context.Context) error {
	if f.first == nil {
		return nil // which view names
	}
	var verdict string
	if f.unsound = f.first.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); f.unsound == nil && verdict != "ok" {
		f.unsound = errors.New(verdict)
	}
	return ctx.Err()
}

// A view is the catalogue as it was at one moment, with the second one beside it, which was brought up to it.
type view struct {
	conn *sql.Conn
	size int64 // leaves that the catalogue knows
}

// view opens the catalogue; nil when it cannot be read, which it names.
func (f *fsck) view(ctx context.Context, second string) (v *view, err error) {
	if f.first == nil {
		f.fault(faults.Codes.New("COF-110").At(catalogue.Name, -1, 0))
		return nil, nil
	}
	if f.unsound != nil {
		return nil, f.unreadable(ctx, f.unsound)
	}
	conn, err := f.first.Conn(ctx)
	if err != nil {
		return nil, f.unreadable(ctx, err)
	}
	v = &view{conn: conn}
	defer func() {
		if err != nil {
			v.close(ctx)
			v, err = nil, f.unreadable(ctx, err)
		}
	}()
	if _, err := v.conn.ExecContext(ctx, "ATTACH DATABASE ? AS second", second); err != nil {
		return v, err
	}
	if _, err := v.conn.ExecContext(ctx, "BEGIN"); err != nil {
		return v, err
	}
	return v, v.conn.QueryRowContext(ctx, "SELECT coalesce(max(taille),0) FROM main.lots").Scan(&v.size)
}

func (v *view) close(ctx context.Context) {
	v.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	v.conn.ExecContext(context.WithoutCancel(ctx), "DETACH DATABASE second")
	v.conn.Close()
}

// unreadable names a catalogue that cannot be read, unless nobody waits any more.
func (f *fsck) unreadable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	f.o.Log.Warn("catalogue cannot be read", "err", err)
	f.fault(faults.Codes.New("COF-110").At(catalogue.Name, -1, 0))
	return nil
}

// compare holds the catalogue against the one made from the journal. In a table that was made otherwise no row is looked
// up: it may have lost the key by which rows are found.
func (f *fsck) compare(ctx context.Context, v *view) error {
	strange, err := catalogue.Strange(ctx, v.conn)
	if err != nil {
		return f.unreadable(ctx, err)
	}
	for _, table := range catalogue.Tables {
		if slices.Contains(strange, table) {
			continue
		}
		lacking, excess, err := f.differences(ctx, v, table)
		if err != nil {
			return f.unreadable(ctx, err)
		}
		if lacking > 0 {
			f.fault(faults.Codes.New("COF-125", table, lacking).At(catalogue.Name, -1, 0))
		}
		if excess > 0 {
			f.fault(faults.Codes.New("COF-126", table, excess).At(catalogue.Name, -1, 0))
		}
	}
	if len(strange) > 0 {
		return f.unreadable(ctx, catalogue.StrangeError(strange))
	}
	return nil
}

// differences counts the rows of a table of the second catalogue that the first lacks, or has otherwise, and those of the
// first that the second does not have. Rows are found by their key; the first are gone over only when some are not among
// the second's, which counting them tells.
func (f *fsck) differences(ctx context.Context, v *view, table string) (lacking, excess int64, err error) {
	columns, key, err := columnsOf(ctx, v.conn, table)
	if err != nil {
		return 0, 0, err
	}
	where := f.comparable(table, v.size)
	count := func(from, to string) (rows, without int64, err error) {
		on, same := make([]string, len(key)), make([]string, len(columns))
		for i, c := range key {
			on[i] = "u." + c + "=t." + c
		}
		for i, c := range columns {
			same[i] = "u." + c + " IS t." + c
		}
		query := fmt.Sprintf("SELECT count(*), coalesce(sum(NOT EXISTS (SELECT 1 FROM %s.%s u WHERE %s AND %s)),0) FROM (SELECT * FROM %s.%s WHERE %s) t",
			to, table, strings.Join(on, " AND "), strings.Join(same, " AND "), from, table, where)
		return rows, without, v.conn.QueryRowContext(ctx, query).Scan(&rows, &without)
	}
	wanted, lacking, err := count("second", "main")
	if err != nil {
		return 0, 0, err
	}
	var there int64
	if err := v.conn.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM main.%s WHERE %s", table, where)).Scan(&there); err != nil {
		return 0, 0, err
	}
	if lacking == 0 && there == wanted {
		return 0, 0, nil
	}
	_, excess, err = count("main", "second")
	return lacking, excess, err
}

// columnsOf are the columns of a table of the second catalogue, and those of its key.
func columnsOf(ctx context.Context, q catalogue.Querier, table string) (columns, key []string, err error) {
	rows, err := q.QueryContext(ctx, "SELECT name, pk FROM pragma_table_info(?, 'second') ORDER BY cid", table)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var pk int
		if err := rows.Scan(&name, &pk); err != nil {
			return nil, nil, err
		}
		columns = append(columns, name)
		if pk > 0 {
			key = append(key, name)
		}
	}
	return columns, key, rows.Err()
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
