#!/usr/bin/env bash
# github.com/riverqueue/river v0.51.2 on PostgreSQL: rivermigrate's MigrateTx, which promises to migrate inside the
# caller's transaction, cannot install River in an empty database. A migration adds a value to the enumeration
# river_job_state and a later one uses it, which PostgreSQL refuses before the transaction that added it has ended
# (SQLSTATE 55P04). Migrate, with a transaction a migration, can.
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "PostgreSQL is not installed"; exit 1; }
dir=$(mktemp -d)
run() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
trap 'run "$bin/pg_ctl" -D "$dir/db" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$dir"' EXIT
mkdir "$dir/try" "$dir/pg"
[ "$(id -u)" != 0 ] || { chmod 755 "$dir"; chown postgres "$dir/pg"; }
run "$bin/initdb" -D "$dir/pg/db" -A trust -U postgres >/dev/null
mv "$dir/pg" "$dir/server" && ln -s server/db "$dir/db"
run "$bin/pg_ctl" -D "$dir/server/db" -w -o "-k $dir/server -c listen_addresses='' -c fsync=off" -l "$dir/server/log" start >/dev/null
cd "$dir/try"
cat >go.mod <<'M'
module try
go 1.25
require (
	github.com/jackc/pgx/v5 v5.11.0
	github.com/riverqueue/river v0.51.2
	github.com/riverqueue/river/riverdriver/riverpgxv5 v0.51.2
)
M
cat >main.go <<'G'
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

func main() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, "host="+os.Args[1]+" user=postgres dbname=postgres")
	must(err)
	defer pool.Close()
	m, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	must(err)
	tx, err := pool.BeginTx(ctx, pgx.TxOptions{})
	must(err)
	_, err = m.MigrateTx(ctx, tx, rivermigrate.DirectionUp, nil)
	tx.Rollback(ctx)
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		fmt.Println("MigrateTx:", refused.Code)
	} else {
		fmt.Println("MigrateTx:", err)
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	fmt.Println("Migrate:", err)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
G
go mod tidy >/dev/null 2>&1
echo "river $(go list -m -f '{{.Version}}' github.com/riverqueue/river), $("$bin/postgres" --version)"
go run . "$dir/server" >seen
echo "expected: both end without an error (<nil>)"
echo "seen:"
cat seen
grep -qx 'MigrateTx: 55P04' seen && grep -qx 'Migrate: <nil>' seen
