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

	driver "modernc.org/sqlite" // "sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"paye/internal/durable"
)

// Name is the file of the ledger in the state folder.
const Name = "ledger.db"

// busy is how long a command waits for another one that is writing.
const busy = 10 * time.Second

// sqlite is the ledger as a file of the state folder.
type sqlite struct{}

func (sqlite) open(_ context.Context, dir string) (*sql.DB, string, error) {
	path, err := filepath.Abs(filepath.Join(dir, Name)) // the name below is a URI
	if err != nil {
		return nil, dir, err
	}
	if err := durable.MkdirAll(dir); err != nil {
		return nil, path, fmt.Errorf("make the state folder: %w", err)
	}
	// SQLite gives its side files the mode of the main one, which therefore
	// has to be right from the start.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, path, err
	}
	if err := f.Close(); err != nil {
		return nil, path, err
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
	// Without an authority: after "file://" SQLite takes a drive for one.
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, path, err
	}
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(4) // each reads the schema when it is opened
	return db, path, nil
}

func (sqlite) lock(context.Context, *sql.Tx) error { return nil } // _txlock

func (sqlite) words() []string {
	return []string{"@identity", "integer primary key", "@bytes", "blob", "@text", "text"}
}

func (sqlite) appendOnly(table string) string {
	const trigger = "create trigger %[1]s_%[2]s before %[2]s on %[1]s begin select raise(abort, 'append only'); end;\n"
	return fmt.Sprintf(trigger, table, "update") + fmt.Sprintf(trigger, table, "delete")
}

func (sqlite) fault(err error, where string) error {
	var s *driver.Error
	if !errors.As(err, &s) {
		return err
	}
	switch s.Code() & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return errors.Join(Codes.New(Damaged).At(where, -1, 0), err)
	}
	return err
}
