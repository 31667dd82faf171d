package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"paye/internal/durable"
)

// Name is the file of the ledger in the state folder.
const Name = "ledger.db"

// busy is how long a command waits for another one that is writing.
const busy = 10 * time.Second

// Ledger is an open ledger, safe for concurrent use.
type Ledger struct {
	db   *sql.DB
	path string
	now  func() time.Time
}

// Open opens the ledger of the state folder dir, making the folder (0700) and
// the file (0600) when they are missing, and brings schemas up to date. now
// gives the time of everything that is recorded. The caller calls Close.
func Open(ctx context.Context, dir string, now func() time.Time, schemas ...Schema) (*Ledger, error) {
	if err := durable.MkdirAll(dir); err != nil {
		return nil, fmt.Errorf("make the state folder: %w", err)
	}
	path, err := filepath.Abs(filepath.Join(dir, Name)) // the name below is a URI
	if err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	// SQLite gives its side files the mode of the main one, which therefore
	// has to be right from the start.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	q := url.Values{
		"_pragma": {
			fmt.Sprintf("busy_timeout(%d)", busy.Milliseconds()),
			"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "trusted_schema(0)",
		},
		// A transaction that reads and then writes takes its lock at once;
		// otherwise two of them fail where one should wait.
		"_txlock": {"immediate"},
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	db.SetMaxOpenConns(4)
	l := &Ledger{db: db, path: path, now: now}
	if err := l.migrate(ctx, schemas); err != nil {
		return nil, errors.Join(fmt.Errorf("open the ledger %s: %w", path, err), db.Close())
	}
	return l, nil
}

// Close closes the ledger.
func (l *Ledger) Close() error { return l.db.Close() }

// Path is the file of the ledger.
func (l *Ledger) Path() string { return l.path }

// Now is the time of the caller's clock.
func (l *Ledger) Now() time.Time { return l.now() }

// DB is the database, for reading. What writes goes through [Ledger.Update].
func (l *Ledger) DB() *sql.DB { return l.db }

// Update runs f in a transaction that holds the write lock from its start, and
// commits it when f returns nil; the error of f is returned as it is.
func (l *Ledger) Update(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin a ledger transaction: %w", err)
	}
	if err := f(tx); err != nil {
		// The error of f is the one that says what happened.
		_ = tx.Rollback()
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit a ledger transaction: %w", err)
	}
	return nil
}

const timeLayout = "2006-01-02T15:04:05.000Z"

// Time writes t as the ledger keeps it: UTC, milliseconds, in an order that
// text sorts.
func Time(t time.Time) string { return t.UTC().Format(timeLayout) }

// ParseTime reads what Time wrote.
func ParseTime(s string) (time.Time, error) {
	t, err := time.Parse(timeLayout, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("read a time of the ledger: %w", err)
	}
	return t, nil
}
