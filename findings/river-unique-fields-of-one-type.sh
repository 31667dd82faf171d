#!/usr/bin/env bash
# github.com/riverqueue/river v0.51.2: a job whose arguments hold two fields of one struct type, with river:"unique" on
# that type's fields, is told apart by the first of the two only. River remembers the types that it has seen, against
# types that contain themselves, and takes the second field for such a loop. A job for January to June is dropped as the
# duplicate of one for January to January, without an error. The order of the fields decides: what differs in the first
# is seen. The same holds of an embedded struct with a name in its json tag, which is looked for at the top level.
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
	"fmt"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

type Month struct {
	Year int `json:"year" river:"unique"`
	No   int `json:"no" river:"unique"`
}

type Span struct {
	From Month `json:"from"`
	To   Month `json:"to"`
}

func (Span) Kind() string { return "span" }

type Named struct {
	Month `json:"month"`
	Step  string `json:"step" river:"unique"`
}

func (Named) Kind() string { return "named" }

func main() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, "host="+os.Args[1]+" user=postgres dbname=postgres")
	must(err)
	defer pool.Close()
	m, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	must(err)
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	must(err)
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{})
	must(err)
	january, june := Month{2026, 1}, Month{2026, 6}
	for _, t := range []struct {
		name string
		args river.JobArgs
	}{
		{"span 1-1", Span{january, january}}, {"span 6-1", Span{june, january}}, {"span 1-6", Span{january, june}},
		{"named 1", Named{january, "build"}}, {"named 6", Named{june, "build"}},
	} {
		r, err := client.Insert(ctx, t.args, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}})
		must(err)
		fmt.Println(t.name, "skipped:", r.UniqueSkippedAsDuplicate)
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
G
go mod tidy >/dev/null 2>&1
echo "river $(go list -m -f '{{.Version}}' github.com/riverqueue/river), $("$bin/postgres" --version)"
go run . "$dir/pg" | tee seen
echo "expected, by the documentation of river.UniqueOpts.ByArgs, by which the marks inside structs count, held in a field"
echo "or embedded: five jobs, each with another value of a marked field, none skipped"
printf '%s\n' 'span 1-1 skipped: false' 'span 6-1 skipped: false' 'span 1-6 skipped: true' 'named 1 skipped: false' \
  'named 6 skipped: true' | cmp - seen
