#!/usr/bin/env bash
# EDATE, the same day some months later, by which a workbook dates the end of a trial, of a contract or of a step of the pay scale.
# github.com/xuri/excelize/v2 v2.11.0 (2.11.1 alike): of no more than eleven months that end in December or in the next year, the year
# is one too few: six months after 15 July 2026 is 15 January 2026, half a year before. That is 78 of 144, and no error. npm
# hyperformula 3.5.0: what ends on 29 February ends on the 28th, and EDATE of 29 February and 0 is another day. LibreOffice
# 7.4 and Gnumeric 1.12.55 (Debian 12) are right about all.
set -euo pipefail
for t in go npm node soffice ssconvert; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 - <<'P'
import calendar
names = ("cases", "wanted", "formulas.csv")
cases, wanted, formulas = (open(n, "w") for n in names)
days = [(2026, month, 15, n) for month in range(1, 13) for n in range(0, 15)]
days += [(2028, 1, 29, 1), (2028, 1, 31, 1), (2028, 2, 29, 0), (2028, 3, 31, -1), (2027, 1, 31, 1), (2027, 3, 31, -1)]
for year, month, day, n in days:
    total = year * 12 + month - 1 + n
    y, m = total // 12, total % 12 + 1
    d = min(day, calendar.monthrange(y, m)[1])
    f = "EDATE(DATE(%d,%d,%d),%d)" % (year, month, day, n)
    print("%d-%02d-%02d%+d" % (year, month, day, n), file=cases)
    print("%d%02d%02d" % (y, m, d), file=wanted)
    print('"=YEAR(%s)*10000+MONTH(%s)*100+DAY(%s)"' % (f, f, f), file=formulas)
P
cat >go.mod <<'M'
module try
go 1.25
require github.com/xuri/excelize/v2 v2.11.0
M
cat >main.go <<'G'
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/xuri/excelize/v2"
)

func main() {
	x := excelize.NewFile()
	defer x.Close()
	f, err := os.Open("formulas.csv")
	must(err)
	for s := bufio.NewScanner(f); s.Scan(); {
		must(x.SetCellFormula("Sheet1", "A1", strings.Trim(s.Text(), `"=`)))
		v, err := x.CalcCellValue("Sheet1", "A1")
		must(err)
		fmt.Println(v)
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
G
go mod tidy >/dev/null 2>&1
go run . >excelize
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts hyperformula@3.5.0 >/dev/null
cat >hyperformula.js <<'J'
const { HyperFormula } = require("hyperformula"), lines = require("fs").readFileSync("formulas.csv", "utf8").trim().split("\n");
const book = HyperFormula.buildFromArray(lines.map((line) => [line.slice(1, -1)]), { licenseKey: "gpl-v3" });
for (const [value] of book.getSheetValues(0)) console.log(value);
J
node hyperformula.js >hyperformula
soffice "-env:UserInstallation=file://$dir/profile" --headless --infilter='CSV:44,34,76,1,,1033,false,true,false,false,false,-1,true' \
  --convert-to ods formulas.csv >/dev/null 2>&1
soffice "-env:UserInstallation=file://$dir/profile" --headless --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,false' \
  --outdir out formulas.ods >/dev/null 2>&1
cp out/formulas.csv libreoffice
ssconvert --recalc --export-type=Gnumeric_stf:stf_csv formulas.csv gnumeric.csv >/dev/null 2>&1
cp gnumeric.csv gnumeric
echo "excelize $(go list -m -f '{{.Version}}' github.com/xuri/excelize/v2), hyperformula" \
  "$(node -p 'JSON.parse(fs.readFileSync("node_modules/hyperformula/package.json")).version'), $(soffice --version), $(ssconvert --version 2>&1 | sed -n 1p)"
echo "expected, by ECMA-376 part 1, 18.17.7 (EDATE: the date so many months after; its last day where there is no such day): 0 other"
python3 - <<'P' | tee seen
cases, wanted = (open(n).read().split() for n in ("cases", "wanted"))
for name in ("libreoffice", "gnumeric", "hyperformula", "excelize"):
    got = open(name).read().split()
    assert len(got) == len(wanted) == len(cases)
    other = [i for i in range(len(got)) if got[i] != wanted[i]]
    print("%s: %d of %d other" % (name, len(other), len(got)))
    for i in other if name == "hyperformula" else [cases.index(c) for c in ("2026-07-15+5", "2026-07-15+6", "2026-07-15+12") if other]:
        print(" ", cases[i], "is", got[i])
    if name == "excelize":
        n = [int(c[10:]) for c in cases]
        assert other == [i for i in range(len(got)) if 0 <= n[i] <= 11 and wanted[i] >= "20261201" and cases[i] < "2027"]
        assert all(int(wanted[i]) - int(got[i]) == 10000 for i in other) and len(other) == 78
P
cmp seen <<'X'
libreoffice: 0 of 186 other
gnumeric: 0 of 186 other
hyperformula: 4 of 186 other
  2028-01-29+1 is 20280228
  2028-01-31+1 is 20280228
  2028-02-29+0 is 20280228
  2028-03-31-1 is 20280228
excelize: 78 of 186 other
  2026-07-15+5 is 20251215
  2026-07-15+6 is 20260115
  2026-07-15+12 is 20270715
X
