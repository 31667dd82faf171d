package ledger

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// statements are those that a ledger is asked again and again, prepared once a
// connection: SQLite takes longer to parse most of them than to run them.
type statements struct {
	db *sql.DB

	mu    sync.Mutex
	known map[string]*sql.Stmt // nil for what came once
}

// maxPrepared is how many statements are known at most.
const maxPrepared = 128

// find returns nil for what is run as it is: it comes for the first time, or
// there is no room.
func (k *statements) find(query string) (*sql.Stmt, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s, again := k.known[query]
	switch {
	case s != nil:
		return s, nil
	case !again:
		if len(k.known) < maxPrepared {
			k.known[query] = nil
		}
		return nil, nil
	}
	// It outlives who asks for it.
	s, err := k.db.PrepareContext(context.Background(), query)
	if err == nil {
		k.known[query] = s
	}
	return s, err
}

func (k *statements) close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	var failed []error
	for _, s := range k.known {
		if s != nil {
			failed = append(failed, s.Close())
		}
	}
	clear(k.known)
	return errors.Join(failed...)
}

// reader reads the database with what is prepared.
type reader struct{ *statements }

// QueryContext is that of [DB].
func (r reader) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := r.find(query)
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return r.db.QueryContext(ctx, query, args...)
	}
	return s.QueryContext(ctx, args...)
}

// QueryRowContext is that of [DB].
func (r reader) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := r.find(query)
	if err != nil || s == nil {
		return r.db.QueryRowContext(ctx, query, args...) // a row alone can tell of an error
	}
	return s.QueryRowContext(ctx, args...)
}

// prepared is a transaction with what is prepared.
type prepared struct {
	*sql.Tx
	kept *statements
}

// Prepare returns tx, of [Ledger.Update], with the statements of the ledger
// prepared, for work that goes through the same ones again and again.
func (l *Ledger) Prepare(tx Tx) Tx {
	plain, ok := tx.(*sql.Tx)
	if !ok || l.kept == nil {
		return tx
	}
	return prepared{plain, l.kept}
}

func (p prepared) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	s, err := p.kept.find(query)
	if s != nil {
		s = p.StmtContext(ctx, s)
	}
	return s, err
}

// QueryContext is that of [DB].
func (p prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := p.statement(ctx, query)
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return p.Tx.QueryContext(ctx, query, args...)
	}
	return s.QueryContext(ctx, args...)
}

// QueryRowContext is that of [DB].
func (p prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := p.statement(ctx, query)
	if err != nil || s == nil {
		return p.Tx.QueryRowContext(ctx, query, args...) // a row alone can tell of an error
	}
	return s.QueryRowContext(ctx, args...)
}

// ExecContext is that of [Tx].
func (p prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := p.statement(ctx, query)
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return p.Tx.ExecContext(ctx, query, args...)
	}
	return s.ExecContext(ctx, args...)
}
