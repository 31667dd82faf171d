package ledger

import (
	"context"
	"database/sql"
	"errors"
)

// Prepared is a transaction that prepares what it is asked a second time, for
// work that goes through the same statements again and again: SQLite takes
// longer to parse most of them than to run them. Close MUST be called before
// the transaction ends.
type Prepared struct {
	Tx
	known map[string]*sql.Stmt // nil for what came once
}

// maxPrepared is how many statements are known at most.
const maxPrepared = 64

// Prepare returns tx with its statements prepared.
func Prepare(tx Tx) *Prepared { return &Prepared{tx, make(map[string]*sql.Stmt)} }

// Close closes the statements.
func (p *Prepared) Close() error {
	var failed []error
	for _, s := range p.known {
		if s != nil {
			failed = append(failed, s.Close())
		}
	}
	clear(p.known)
	return errors.Join(failed...)
}

// statement returns nil for what is run as it is.
func (p *Prepared) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	s, again := p.known[query]
	switch {
	case s != nil:
		return s, nil
	case !again:
		if len(p.known) < maxPrepared {
			p.known[query] = nil
		}
		return nil, nil
	}
	s, err := p.PrepareContext(ctx, query)
	if err == nil {
		p.known[query] = s
	}
	return s, err
}

// QueryContext is that of [DB].
func (p *Prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
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
func (p *Prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := p.statement(ctx, query)
	if err != nil || s == nil {
		return p.Tx.QueryRowContext(ctx, query, args...) // a row alone can tell of an error
	}
	return s.QueryRowContext(ctx, args...)
}

// ExecContext is that of [Tx].
func (p *Prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := p.statement(ctx, query)
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return p.Tx.ExecContext(ctx, query, args...)
	}
	return s.ExecContext(ctx, args...)
}
