//go:build linux

package ledger

import (
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"

	"paye/internal/pgtest"
)

// A server keeps the statements of a connection; behind a pooler, the next
// transaction may meet another server.
func TestStatementsAreKeptWithoutAPoolerOnly(t *testing.T) {
	direct := pgtest.Database(t)
	u, err := url.Parse(direct)
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]pgx.QueryExecMode{
		direct:                                  pgx.QueryExecModeCacheStatement,
		pgtest.Pooler(t, u.Query().Get("host")): pgx.QueryExecModeExec,
	} {
		if at == "" {
			continue // no PgBouncer here
		}
		config, err := pgx.ParseConfig(at)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := queryMode(t.Context(), config); got != want || err != nil {
			t.Errorf("%s: %v, %v, want %v", at, got, err, want)
		}
	}
}
