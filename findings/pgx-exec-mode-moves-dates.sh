#!/usr/bin/env bash
# github.com/jackc/pgx/v5 v5.11.0 on PostgreSQL: QueryExecModeExec, which one takes to live behind PgBouncer, moves dates.
# The midnight that begins 1 May in Paris, given for a column of type date, is stored as 1 May by the three modes that
# ask the server for the type, and as 30 April, of the month before, by Exec and SimpleProtocol: not knowing the column,
# they write the instant as text in UTC, and PostgreSQL's date drops time and zone of a text. The zone of the session
# changes nothing about it. A comparison with a date changes its answer too, all without an error.
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "PostgreSQL is not installed"; exit 1; }
dir=$(mktemp -d)
run() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
trap 'run "$bin/pg_ctl" -D "$dir/pg/db" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$dir"' EXIT
mkdir "$dir/try" "$dir/pg"
[ "$(id -u)" != 0 ] || { chmod 755 "$dir"; chown postgres "$dir/pg"; }
run "$bin/initdb" -D "$dir/pg/db" -A trust -U postgres >/dev/null
run "$bin/pg_ctl" -D "$dir/pg/db" -w -o "-k $dir/pg -c listen_addresses='' -c fsync=off" -l "$dir/pg/log" start >/dev/null
cd "$dir/try"
printf 'module try\ngo 1.25\nrequire github.com/jackc/pgx/v5 v5.11.0\n' >go.mod
cat >main.go <<'G'
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
)

func main() {
	ctx := context.Background()
	day := time.Date(2026, 5, 1, 0, 0, 0, 0, time.FixedZone("Paris", 2*3600))
	for _, zone := range []string{"UTC", "Europe/Paris"} {
		c, err := pgx.Connect(ctx, "host="+os.Args[1]+" user=postgres dbname=postgres timezone="+zone)
		must(err)
		_, err = c.Exec(ctx, "create temp table t (day date)")
		must(err)
		for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe,
			pgx.QueryExecModeDescribeExec, pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol} {
			var stored string
			must(c.QueryRow(ctx, "insert into t values ($1) returning day::text", mode, day).Scan(&stored))
			var same bool
			must(c.QueryRow(ctx, "select date '2026-05-01' = $1", mode, day).Scan(&same))
			fmt.Printf("%s, %s: %s, is 2026-05-01: %t\n", zone, mode, stored, same)
		}
		must(c.Close(ctx))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
G
go mod tidy >/dev/null 2>&1
echo "pgx $(go list -m -f '{{.Version}}' github.com/jackc/pgx/v5), $("$bin/postgres" --version)"
go run . "$dir/pg" | tee seen
echo "expected, by the documentation of QueryExecModeExec, which fears another outcome than in the other modes for the"
echo "user's own types and rules it out for those that pgx knows itself: ten lines with 2026-05-01 and true"
[ "$(grep -cE '(cache statement|cache describe|describe exec): 2026-05-01, .*true$' seen)" = 6 ]
[ "$(grep -cE ', (exec|simple protocol): 2026-04-30, .*false$' seen)" = 4 ]
