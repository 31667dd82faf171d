package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"paye/internal/durable"
)

// DB is what reads a ledger, outside or inside of a transaction.
//
// The SQL that goes through it MUST be understood by both databases: parameters
// are $1, $2…; the identity that a row was given is asked by "returning"; a
// conflict is settled by "on conflict"; truth is an integer 0 or 1; text is
// compared byte by byte. Inside a transaction, rows MUST be closed before the
// next statement. Nothing MAY be read after a statement that failed.
type DB interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Tx is a transaction that writes.
type Tx interface {
	DB
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	// PrepareContext is for a statement that is run many times; what it
	// returns MUST be closed before the transaction ends.
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// Ledger is an open ledger, safe for concurrent use.
type Ledger struct {
	db      *sql.DB
	dialect dialect
	where   string
	now     func() time.Time
	kept    *statements // nil where the driver keeps them
	joint   *Together[func(Tx) error]
}

// dialect is what the two databases do not say alike.
type dialect interface {
	// open opens the database, making it private where it is a file, and
	// returns it with its name for people, which holds no secret.
	open(ctx context.Context, at string) (db *sql.DB, where string, err error)
	// lock takes the lock of those who write, which the transaction holds to
	// its end.
	lock(ctx context.Context, tx *sql.Tx) error
	// words are the words of a migration that each database has its own for.
	words() []string
	// appendOnly makes a table refuse to be changed.
	appendOnly(table string) string
	// fault turns an error that says that the database is no ledger, or cannot
	// be reached, into an anomaly.
	fault(err error, where string) error
}

// Open opens the ledger at a state folder, which it makes (0700, the file
// 0600) when it is missing, or at a URL postgres://…, and brings schemas up to
// date. now gives the time of everything that is recorded. The caller calls
// Close.
func Open(ctx context.Context, at string, now func() time.Time, schemas ...Schema) (*Ledger, error) {
	var d dialect = sqlite{}
	if Remote(at) {
		d = postgres{}
	}
	db, where, err := d.open(ctx, at)
	if err != nil {
		return nil, fmt.Errorf("open the ledger: %w", d.fault(err, where))
	}
	l := &Ledger{db: db, dialect: d, where: where, now: now}
	l.joint = NewTogether(l, 0, inTurn)
	if !l.Shared() {
		l.kept = &statements{db: db, known: make(map[string]*sql.Stmt)}
	}
	if err := l.migrate(ctx, schemas); err != nil {
		return nil, errors.Join(fmt.Errorf("open the ledger: %w", d.fault(err, where)), db.Close())
	}
	return l, nil
}

// Remote reports whether at is the URL of a database, and not a folder.
func Remote(at string) bool {
	return strings.HasPrefix(at, "postgres://") || strings.HasPrefix(at, "postgresql://")
}

// Close closes the ledger.
func (l *Ledger) Close() error {
	if l.kept == nil {
		return l.db.Close()
	}
	return errors.Join(l.kept.close(), l.db.Close())
}

// Where is the file of the ledger, or its database without the password.
func (l *Ledger) Where() string { return l.where }

// Shared reports whether the ledger is a server that other machines may use.
func (l *Ledger) Shared() bool { _, server := l.dialect.(postgres); return server }

// Pool is the connections of the ledger, for a queue of jobs that lives in the
// same database. What [Ledger.Update] gives is a *sql.Tx of it.
func (l *Ledger) Pool() *sql.DB { return l.db }

// Now is the time of the caller's clock.
func (l *Ledger) Now() time.Time { return l.now() }

// DB reads the ledger. What writes goes through [Ledger.Update].
func (l *Ledger) DB() DB {
	if l.kept == nil {
		return l.db
	}
	return reader{l.kept}
}

// Update runs f in a transaction that holds the write lock from its start, so
// that what f reads stays true until it commits, and commits when f returns
// nil; the error of f is returned as it is. When ctx ends first nothing is
// kept, and the error says why it ended.
func (l *Ledger) Update(ctx context.Context, f func(Tx) error) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin a ledger transaction: %w", l.dialect.fault(err, l.where))
	}
	err = l.dialect.lock(ctx, tx)
	if err == nil {
		err = f(tx)
	}
	if err == nil {
		err = durable.Commit(l.where)
	}
	if err != nil {
		// The error of f is the one that says what happened.
		_ = tx.Rollback()
		return err
	}
	err = tx.Commit()
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		err = ctx.Err() // database/sql rolled it back meanwhile
	}
	if err != nil {
		return fmt.Errorf("commit a ledger transaction: %w", l.dialect.fault(err, l.where))
	}
	return nil
}

// View runs f in a transaction that only reads: all that f reads is of one
// moment.
func (l *Ledger) View(ctx context.Context, f func(DB) error) error {
	tx, err := l.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return fmt.Errorf("begin to read the ledger: %w", l.dialect.fault(err, l.where))
	}
	defer tx.Rollback()
	return f(tx)
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
