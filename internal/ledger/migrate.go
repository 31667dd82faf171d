package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Schema is the tables of one part of the product. Files holds its migrations
// at its root, named 0001_what.sql, 0002_what.sql…, without a gap. A file that
// was released is never edited: Open compares its digest with the one that was
// applied.
//
// A migration is written once for both databases, with these words for what
// they do not say alike:
//
//	@identity                a column whose value the database gives
//	@bytes                   bytes
//	@text                    text whose order is that of its bytes
//	@append_only some_table; rows are added, never changed nor taken away
//	-- formerly DIGEST       the file made the same tables in other words
type Schema struct {
	Name  string // "due"; prefixes the tables of the part
	Files fs.FS
}

// migration is one file of a schema.
type migration struct {
	version  int
	name     string
	text     string
	sha256   string
	formerly []string // digests of its other wordings
}

var (
	appendOnlyLine = regexp.MustCompile(`(?m)^@append_only (\w+);$`)
	formerlyLine   = regexp.MustCompile(`(?m)^-- formerly ([0-9a-f]{64})$`)
)

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
		m := migration{version: version, name: name, text: string(text), sha256: hex.EncodeToString(sum[:])}
		for _, former := range formerlyLine.FindAllStringSubmatch(m.text, -1) {
			m.formerly = append(m.formerly, former[1])
		}
		list = append(list, m)
	}
	return list, nil
}

// in is the migration in the words of a database.
func (m *migration) in(d dialect) string {
	text := appendOnlyLine.ReplaceAllStringFunc(m.text, func(line string) string {
		return d.appendOnly(appendOnlyLine.FindStringSubmatch(line)[1])
	})
	return strings.NewReplacer(d.words()...).Replace(text)
}

// made reports whether a migration of that digest made the same tables.
func (m *migration) made(sum string) bool { return sum == m.sha256 || slices.Contains(m.formerly, sum) }

const bookOfMigrations = `create table if not exists ledger_migration (
	schema_name text not null,
	version     integer not null,
	file        text not null,
	sha256      text not null,
	applied     text not null,
	primary key (schema_name, version)
)`

func (l *Ledger) migrate(ctx context.Context, schemas []Schema) error {
	err := l.Update(ctx, func(tx Tx) error {
		_, err := tx.ExecContext(ctx, bookOfMigrations)
		return err
	})
	if err != nil {
		return fmt.Errorf("prepare the migrations: %w", err)
	}
	for _, s := range schemas {
		list, err := s.migrations()
		if err != nil {
			return err
		}
		if err := l.Update(ctx, func(tx Tx) error { return l.apply(ctx, tx, s.Name, list) }); err != nil {
			return err
		}
	}
	return nil
}

// apply runs what is missing of the migrations of one schema.
func (l *Ledger) apply(ctx context.Context, tx Tx, schema string, list []migration) error {
	done, err := l.applied(ctx, tx, schema, list)
	if err != nil {
		return err
	}
	for _, m := range list[done:] {
		if _, err := tx.ExecContext(ctx, m.in(l.dialect)); err != nil {
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

// applied returns how many migrations of a schema were applied, and refuses a
// ledger whose tables are not those that list makes.
func (l *Ledger) applied(ctx context.Context, tx Tx, schema string, list []migration) (int, error) {
	rows, err := tx.QueryContext(ctx, `select version, sha256 from ledger_migration where schema_name = $1 order by version`, schema)
	if err != nil {
		return 0, fmt.Errorf("read the migrations of %s: %w", schema, err)
	}
	defer rows.Close()
	done := 0
	for rows.Next() {
		var version int
		var sum string
		if err := rows.Scan(&version, &sum); err != nil {
			return 0, fmt.Errorf("read the migrations of %s: %w", schema, err)
		}
		if version > len(list) {
			return 0, Codes.New(Newer, schema, version, len(list)).At(l.where, -1, 0)
		}
		if !list[version-1].made(sum) {
			return 0, Codes.New(Differs, list[version-1].name, schema).At(l.where, -1, 0)
		}
		done = version
	}
	if err := rows.Err(); err != nil {
		return 0, fmt.Errorf("read the migrations of %s: %w", schema, err)
	}
	return done, nil
}
