package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Schema is the tables of one part of the product. Files holds its migrations
// at its root, named 0001_what.sql, 0002_what.sql…, without a gap. A file that
// was released is never edited: Open compares its digest with the one that was
// applied.
type Schema struct {
	Name  string // "due"; prefixes the tables of the part
	Files fs.FS
}

// migration is one file of a schema.
type migration struct {
	version int
	name    string
	text    string
	sha256  string
}

// migrations reads the files of s in the order of their numbers.
func (s Schema) migrations() ([]migration, error) {
	names, err := fs.Glob(s.Files, "*.sql") // sorted
	if err != nil {
		return nil, fmt.Errorf("list the migrations of %s: %w", s.Name, err)
	}
	list := make([]migration, 0, len(names))
	for i, name := range names {
		digits, _, _ := strings.Cut(path.Base(name), "_")
		version, err := strconv.Atoi(digits)
		if err != nil || version != i+1 {
			return nil, fmt.Errorf("migration %s of %s: want number %04d", name, s.Name, i+1)
		}
		text, err := fs.ReadFile(s.Files, name)
		if err != nil {
			return nil, fmt.Errorf("read migration %s of %s: %w", name, s.Name, err)
		}
		sum := sha256.Sum256(text)
		list = append(list, migration{version, name, string(text), hex.EncodeToString(sum[:])})
	}
	return list, nil
}

const bookOfMigrations = `create table if not exists ledger_migration (
	schema_name text not null,
	version     integer not null,
	file        text not null,
	sha256      text not null,
	applied     text not null,
	primary key (schema_name, version)
)`

func (l *Ledger) migrate(ctx context.Context, schemas []Schema) error {
	if _, err := l.db.ExecContext(ctx, bookOfMigrations); err != nil {
		return fmt.Errorf("prepare the migrations: %w", err)
	}
	for _, s := range schemas {
		list, err := s.migrations()
		if err != nil {
			return err
		}
		if err := l.Update(ctx, func(tx *sql.Tx) error { return l.apply(ctx, tx, s.Name, list) }); err != nil {
			return err
		}
	}
	return nil
}

// apply runs what is missing of the migrations of one schema.
func (l *Ledger) apply(ctx context.Context, tx *sql.Tx, schema string, list []migration) error {
	rows, err := tx.QueryContext(ctx, `select version, sha256 from ledger_migration where schema_name = $1 order by version`, schema)
	if err != nil {
		return fmt.Errorf("read the migrations of %s: %w", schema, err)
	}
	defer rows.Close()
	done := 0
	for rows.Next() {
		var version int
		var sum string
		if err := rows.Scan(&version, &sum); err != nil {
			return fmt.Errorf("read the migrations of %s: %w", schema, err)
		}
		if version > len(list) {
			return fmt.Errorf("%s is at version %d, this program knows %d: use the newer program", schema, version, len(list))
		}
		if list[version-1].sha256 != sum {
			return fmt.Errorf("migration %s of %s differs from the one that was applied", list[version-1].name, schema)
		}
		done = version
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the migrations of %s: %w", schema, err)
	}
	for _, m := range list[done:] {
		if _, err := tx.ExecContext(ctx, m.text); err != nil {
			return fmt.Errorf("apply migration %s of %s: %w", m.name, schema, err)
		}
		if _, err := tx.ExecContext(ctx,
			`insert into ledger_migration (schema_name, version, file, sha256, applied) values ($1, $2, $3, $4, $5)`,
			schema, m.version, m.name, m.sha256, Time(l.now())); err != nil {
			return fmt.Errorf("record migration %s of %s: %w", m.name, schema, err)
		}
	}
	return nil
}
