#!/usr/bin/env bash
# github.com/apache/arrow-go/v18 v18.8.0, columns of decimals for Parquet, Flight and CSV: a text with half a cent, put into a column of two
# places, becomes the cent above or the one below, by how wide the column is declared. FromString takes the text for a binary number of
# as many bits as the type or its precision has, multiplies by 100, adds a half and cuts. Of the 100,000 half cents from
# 0.005 to 999.995 decimal(18,2) and decimal256(76,2) take one in 22 down, and decimal(38,2), decimal32(9,2) and decimal64(18,2) nearly one in two: 16.525
# is 16.53 in two of the five and 16.52 in three. No error. That it rounds halves up, as Arrow in C++ does, is what its
# code says. DuckDB (npm @duckdb/node-api 1.5.6-r.1) takes all up, as the decimals of Python 3.11 do, at any width. The
# same file in two tables has other totals. (apache/arrow issues 35310 and 38477 are about texts that have no half.)
set -euo pipefail
for t in go npm node python3; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts @duckdb/node-api@1.5.6-r.1 >/dev/null
cat >go.mod <<'M'
module try
go 1.25
require github.com/apache/arrow-go/v18 v18.8.0
M
cat >main.go <<'G'
package main

import (
	"os"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

func main() {
	amounts, err := os.ReadFile("amounts")
	must(err)
	for _, t := range []arrow.DataType{
		&arrow.Decimal32Type{Precision: 9, Scale: 2}, &arrow.Decimal64Type{Precision: 18, Scale: 2}, &arrow.Decimal128Type{Precision: 18, Scale: 2},
		&arrow.Decimal128Type{Precision: 38, Scale: 2}, &arrow.Decimal256Type{Precision: 76, Scale: 2},
	} {
		b := array.NewBuilder(memory.DefaultAllocator, t)
		for s := range strings.FieldsSeq(string(amounts)) {
			must(b.AppendValueFromString(s))
		}
		a := b.NewArray()
		var out strings.Builder
		for i := range a.Len() {
			out.WriteString(a.ValueStr(i) + "\n")
		}
		must(os.WriteFile("arrow "+strings.ReplaceAll(t.String(), ", ", ","), []byte(out.String()), 0o600))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
G
cat >duck.js <<'J'
const { DuckDBInstance } = require("@duckdb/node-api"), { writeFileSync } = require("fs");
(async () => {
  const db = await (await DuckDBInstance.create()).connect();
  for (const type of ["decimal(9,2)", "decimal(18,2)", "decimal(38,2)"]) {
    const rows = await db.runAndReadAll(`select column0::${type}::varchar from read_csv('amounts', header = false, columns = {'column0': 'varchar'})`);
    writeFileSync("duck " + type, rows.getRows().join("\n") + "\n");
  }
})();
J
python3 - <<'P'
from decimal import *
with open("amounts", "w") as f, open("python", "w") as up:
    for i in range(100000):
        d = Decimal(10 * i + 5).scaleb(-3)
        print(d, file=f)
        print(d.quantize(Decimal("0.01"), ROUND_HALF_UP), file=up)
P
go mod tidy >/dev/null 2>&1
go run .
node duck.js
for f in duck*\(*; do cmp python "$f"; done
echo "$(go list -m github.com/apache/arrow-go/v18), DuckDB $(node -p 'JSON.parse(fs.readFileSync("node_modules/@duckdb/node-api/package.json")).version')"
echo "expected, as the comment in its FromString has it (half a cent is added before cutting): 16.53, and none down, at each width"
python3 - <<'P' | tee seen
import glob
from decimal import Decimal
amounts, up = open("amounts").read().split(), open("python").read().split()
for name in sorted(glob.glob("arrow *")):
    got = ["%.2f" % Decimal(g) for g in open(name)]  # ValueStr leaves the zeros at the end out
    down = [a for a, g, u in zip(amounts, got, up) if g != u]
    assert all(g in (u, a[:-1]) for a, g, u in zip(amounts, got, up))
    total = sum(int(u.replace(".", "")) - int(g.replace(".", "")) for g, u in zip(got, up))
    print("%s: 16.525 is %s; %d of %d go down, the total is %.2f less" % (name, got[amounts.index("16.525")], len(down), len(got), total / 100))
P
cmp seen <<'X'
arrow decimal(18,2): 16.525 is 16.53; 4587 of 100000 go down, the total is 45.87 less
arrow decimal(38,2): 16.525 is 16.52; 48000 of 100000 go down, the total is 480.00 less
arrow decimal256(76,2): 16.525 is 16.53; 4588 of 100000 go down, the total is 45.88 less
arrow decimal32(9,2): 16.525 is 16.52; 48000 of 100000 go down, the total is 480.00 less
arrow decimal64(18,2): 16.525 is 16.52; 48000 of 100000 go down, the total is 480.00 less
X
