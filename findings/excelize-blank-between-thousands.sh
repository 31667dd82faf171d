#!/usr/bin/env bash
# github.com/xuri/excelize/v2 v2.11.0 (2.11.1 alike): of a number format that sets the thousands apart by a blank of its own, #\ ##0.00,
# as a custom format typed in a French Excel is stored, GetRows and GetCellValue count the places behind the point as if they stood
# before it and put the blank in the wrong place: 2079.99 is shown as "20 79.99", 12345.60 as "123 45.60". No error. Without
# places, #\ ##0, the blank is right. SheetJS (npm xlsx 0.18.5) and Gnumeric 1.12.55 (Debian 12) show 2 079.99. Who takes the
# figures up to the blank for the thousands, or looks at the row, reads twenty.
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
for amount, form in (2079.99, r"#\ ##0.00"), (12345.6, r"#\ ##0.00"), (2079.99, r'#\ ##0.00\ "€"'), (1234567.8, r"#\ ###\ ##0.00"), (2079.9, r"#\ ##0.0"), (2080, r"#\ ##0"), (1234567, r"#\ ###\ ##0"), (79.5, r"#\ ##0.00"):
    book.active.append([form, amount])
    book.active.cell(book.active.max_row, 2).number_format = form
book.save("a.xlsx")
P
cat >go.mod <<'M'
module try
go 1.25
require github.com/xuri/excelize/v2 v2.11.0
M
cat >main.go <<'G'
package main

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

func main() {
	f, err := excelize.OpenFile("a.xlsx")
	must(err)
	rows, err := f.GetRows("Sheet")
	must(err)
	for _, row := range rows {
		fmt.Println(row[0] + "|" + row[1])
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
node -p 'const b = require("xlsx").readFile("a.xlsx"), s = b.Sheets.Sheet; [1, 2, 3, 4, 5, 6, 7, 8].map((i) => s["A" + i].w + "|" + s["B" + i].w).join("\n")' >sheetjs
ssconvert --export-type=Gnumeric_stf:stf_assistant -O 'format=preserve separator="|" quoting-mode=never' a.xlsx gnumeric >/dev/null 2>&1
cmp sheetjs gnumeric
echo "$(go list -m github.com/xuri/excelize/v2), SheetJS $(node -p 'require("xlsx").version'), $(ssconvert --version 2>&1 | sed -n 1p)"
echo "expected, by ECMA-376, 18.8.31 (a blank behind a backslash is shown where it stands among the digits): as the others"
paste -d '|' gnumeric excelize | sed 's/|/: the others "/; s/|[^|]*|/", excelize "/; s/$/"/' | tee seen
cmp seen <<'X'
#\ ##0.00: the others "2 079.99", excelize "20 79.99"
#\ ##0.00: the others "12 345.60", excelize "123 45.60"
#\ ##0.00\ "€": the others "2 079.99 €", excelize "20 79.99 €"
#\ ###\ ##0.00: the others "1 234 567.80", excelize "12 345 67.80"
#\ ##0.0: the others "2 079.9", excelize "20 79.9"
#\ ##0: the others "2 080", excelize "2 080"
#\ ###\ ##0: the others "1 234 567", excelize "1 234 567"
#\ ##0.00: the others " 79.50", excelize " 79.50"
X
