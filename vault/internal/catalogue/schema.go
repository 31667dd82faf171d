package catalogue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "modernc.org/sqlite"
)

// The catalogue is an index of the journal and holds nothing else: every row
// is derived from records by apply, so that it can be thrown away and made
// again. Personal fields are in it as HMAC only; the texts stay sealed in the
// journal, where a row says to find them.

// Name of the file, below the folder of the vault.
const Name = "catalogue.db"

// Schema makes an empty catalogue.
const Schema = tables + documents + subjects + blobs + `
CREATE INDEX documents_siret ON documents (siret, mois DESC, idx);
CREATE INDEX documents_agent ON documents (agent, mois DESC, idx);
CREATE INDEX documents_versement ON documents (versement, empreinte) WHERE versement IS NOT NULL;
CREATE INDEX fiches_siret ON fiches (genre, siret, idx);
PRAGMA user_version = 1;
`

const (
	tables = `
CREATE TABLE lots (n INTEGER PRIMARY KEY, debut INTEGER NOT NULL, taille INTEGER NOT NULL UNIQUE, segment INTEGER NOT NULL,
	offset INTEGER NOT NULL, longueur INTEGER NOT NULL, temps INTEGER NOT NULL, note BLOB NOT NULL);
CREATE TABLE evenements (idx INTEGER PRIMARY KEY, genre INTEGER NOT NULL, temps INTEGER NOT NULL, sujet BLOB,
	segment INTEGER NOT NULL, offset INTEGER NOT NULL, longueur INTEGER NOT NULL);
CREATE TABLE hachages (i INTEGER PRIMARY KEY, h BLOB NOT NULL);
CREATE TABLE agents (id BLOB PRIMARY KEY, siret TEXT, cle BLOB UNIQUE, idx INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE fiches (genre TEXT NOT NULL, cle BLOB NOT NULL, siret TEXT NOT NULL, version INTEGER NOT NULL, present INTEGER NOT NULL, idx INTEGER NOT NULL,
	PRIMARY KEY (genre, cle)) WITHOUT ROWID;
CREATE TABLE versements (id BLOB PRIMARY KEY, siret TEXT NOT NULL, distribue INTEGER NOT NULL) WITHOUT ROWID;
`
	documents = `
CREATE TABLE documents (idx INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, blob BLOB NOT NULL, copies INTEGER NOT NULL, temps INTEGER NOT NULL,
	agent BLOB, siret TEXT, mois INTEGER, nature TEXT, versement BLOB, cle BLOB UNIQUE, empreinte BLOB, taille INTEGER);
`
	subjects = `CREATE INDEX evenements_sujet ON evenements (sujet, idx) WHERE sujet IS NOT NULL;
`
	blobs = `CREATE INDEX documents_blob ON documents (blob);
`
)

// scratchSchema makes a catalogue for one verification, with the rows of Schema: nothing in it is in the order of a random
// number until scratchIndexes, which sort once what Schema would keep in order row by row.
var scratchSchema = tables + strings.ReplaceAll(documents, " UNIQUE", "")

const scratchIndexes = subjects + blobs + "CREATE INDEX documents_id ON documents (id);"

// Strange names, in order, what a catalogue holds that was not made by Schema,
// and what it lacks of it: without an index the vault answers, and slower the
// more it holds.
func Strange(ctx context.Context, q Querier) (list []string, err error) {
	fresh, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, fmt.Errorf("make an empty catalogue: %w", err)
	}
	defer fresh.Close()
	fresh.SetMaxOpenConns(1)
	if _, err := fresh.ExecContext(ctx, Schema); err != nil {
		return nil, fmt.Errorf("make an empty catalogue: %w", err)
	}
	wanted, err := objects(ctx, fresh)
	if err != nil {
		return nil, err
	}
	there, err := objects(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, side := range [][2]map[object]bool{{wanted, there}, {there, wanted}} {
		for o := range side[0] {
			if !side[1][o] {
				list = append(list, o.name)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// StrangeError says what [Strange] named.
func StrangeError(list []string) error {
	return fmt.Errorf("the schema is another: %s", strings.Join(list, ", "))
}

// object is a table or an index, as it was made, or the number of the schema.
type object struct{ kind, name, text string }

func objects(ctx context.Context, q Querier) (map[object]bool, error) {
	rows, err := q.QueryContext(ctx, "SELECT type, name, coalesce(sql,'') FROM sqlite_master")
	if err != nil {
		return nil, Fault(err, "read the schema")
	}
	defer rows.Close()
	list := map[object]bool{}
	for rows.Next() {
		var o object
		if err := rows.Scan(&o.kind, &o.name, &o.text); err != nil {
			return nil, Fault(err, "read the schema")
		}
		list[o] = true
	}
	if err := rows.Err(); err != nil {
		return nil, Fault(err, "read the schema")
	}
	var version string
	if err := q.QueryRowContext(ctx, "PRAGMA main.user_version").Scan(&version); err != nil {
		return nil, Fault(err, "read the schema")
	}
	list[object{"pragma", "user_version", version}] = true
	return list, nil
}

// Tables are those of Schema.
var Tables = []string{"lots", "evenements", "hachages", "agents", "documents", "fiches", "versements"}

// kept are the settings of a database that is kept.
var kept = []string{"journal_mode(WAL)", "synchronous(NORMAL)", "secure_delete(1)"}

// Open opens a database file. The catalogue can be rebuilt from the
// journal, which is synced first, so synchronous=NORMAL loses nothing: what
// the last power cut took is rolled forward at the next opening.
func Open(path string, conns int) (*sql.DB, error) {
	return open(path, conns, append(kept, "cache_size(-16000)", "wal_autocheckpoint(4000)")...)
}

// OpenReading opens a database file as Open does, for connections that look here and there: the system keeps the file at
// hand, and what each of them keeps beside it is memory to take and to give back.
func OpenReading(path string, conns int) (*sql.DB, error) {
	return open(path, conns, append(kept, "cache_size(-4000)")...)
}

// OpenScratch opens a database that is thrown away when its process ends: a change that fails ends its use, and nobody
// reads while it is changed.
func OpenScratch(path string, conns int) (*sql.DB, error) {
	return open(path, conns, "journal_mode(OFF)", "synchronous(OFF)", "cache_size(-4000)")
}

func open(path string, conns int, pragmas ...string) (*sql.DB, error) {
	q := url.Values{"_txlock": {"immediate"}, "_pragma": append([]string{"busy_timeout(60000)"}, pragmas...)}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open the catalogue: %w", err)
	}
	// SQLite would make it readable to the group; its log takes the same mode.
	f, err := os.OpenFile(abs, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the catalogue: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("open the catalogue: %w", err)
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(abs)}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("open the catalogue: %w", err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// Querier is what *sql.DB and *sql.Tx share.
type Querier interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}

// SelectIn runs a query that ends in IN over a list of values.
func SelectIn(ctx context.Context, q Querier, query string, values [][]byte, scan func(*sql.Rows) error) error {
	if len(values) == 0 {
		return nil
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	rows, err := q.QueryContext(ctx, query+" (?"+strings.Repeat(",?", len(values)-1)+")", args...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err = scan(rows); err != nil {
			break
		}
	}
	return errors.Join(err, rows.Err(), rows.Close())
}

// RemoveDatabase removes a database file with its log and index.
func RemoveDatabase(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove a former catalogue: %w", err)
		}
	}
	return nil
}
