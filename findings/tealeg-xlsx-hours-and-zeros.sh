#!/usr/bin/env bash
# github.com/tealeg/xlsx/v3 v3.3.13: FormattedValue, which says that it applies the number format or else gives an error, does neither with some. Of a length of time
# in [h]:mm the days are left out: the 151:40 hours of a month of full time, 6.319 days, are "07:40", as if [h] were h, and 30:15:00 of
# overtime are "06:15:00". Of 000000, by which a sheet keeps the zero that a code begins with, 061601 is "61601", 00 makes "8" of
# 08, and "N° "000 loses the word too. No error. SheetJS (npm xlsx 0.18.5), Gnumeric 1.12.55 (Debian 12) and
# github.com/xuri/excelize/v2 v2.11.0 show all that is there.
set -euo pipefail
for t in go npm node ssconvert; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
/usr/bin/python3 -c 'import openpyxl' 2>/dev/null || { echo "python3-openpyxl is not installed"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts xlsx@0.18.5 >/dev/null
/usr/bin/python3 - <<'P'
import openpyxl
book = openpyxl.Workbook()
for value, form in (9100 / 1440, "[h]:mm"), (30.25 / 24, "[h]:mm:ss"), (90 / 1440, "[mm]"), (61601, "000000"), (8, "00"), (7, '"N° "000'), (35, "0000"):
    book.active.append([form, value])
    book.active.cell(book.active.max_row, 2).number_format = form
book.save("a.xlsx")
P
cat >go.mod <<'M'
module try
go 1.25
require (
	github.com/tealeg/xlsx/v3 v3.3.13
	github.com/xuri/excelize/v2 v2.11.0
)
M
cat >main.go <<'G'
package main

import (
	"fmt"

	"github.com/tealeg/xlsx/v3"
	"github.com/xuri/excelize/v2"
)

func main() {
	a, err := xlsx.OpenFile("a.xlsx")
	must(err)
	b, err := excelize.OpenFile("a.xlsx")
	must(err)
	rows, err := b.GetRows("Sheet")
	must(err)
	for i, row := range rows {
		cell, err := a.Sheets[0].Cell(i, 1)
		must(err)
		shown, err := cell.FormattedValue()
		must(err)
		fmt.Println(row[0] + "|" + row[1] + "|" + shown)
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
G
go mod tidy >/dev/null 2>&1
go run . >go
node -p 'const b = require("xlsx").readFile("a.xlsx"), s = b.Sheets.Sheet; [1, 2, 3, 4, 5, 6, 7].map((i) => s["A" + i].w + "|" + s["B" + i].w).join("\n")' >sheetjs
ssconvert --export-type=Gnumeric_stf:stf_assistant -O 'format=preserve separator="|" quoting-mode=never' a.xlsx gnumeric >/dev/null 2>&1
cmp sheetjs gnumeric
echo "$(go list -m github.com/tealeg/xlsx/v3 github.com/xuri/excelize/v2 | paste -sd , | sed 's/,/, /'), SheetJS $(node -p 'require("xlsx").version'), $(ssconvert --version 2>&1 | sed -n 1p)"
echo "expected, by ECMA-376, 18.8.31 ([h] is the elapsed time in hours; 0 shows zeros that are not significant): as the others"
cut -d '|' -f 1,2 go | cmp - gnumeric
sed 's/|/: the others "/; s/|/", tealeg "/; s/$/"/' go | tee seen
cmp seen <<'X'
[h]:mm: the others "151:40", tealeg "07:40"
[h]:mm:ss: the others "30:15:00", tealeg "06:15:00"
[mm]: the others "90", tealeg "[12]"
000000: the others "061601", tealeg "61601"
00: the others "08", tealeg "8"
"N° "000: the others "N° 007", tealeg "7"
0000: the others "0035", tealeg "35"
X
