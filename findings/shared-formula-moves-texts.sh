#!/usr/bin/env bash
# npm exceljs 4.4.0 and npm xlsx 0.18.5 (SheetJS): a formula that is filled down and that the workbook holds once for all rows, as
# Excel writes it. Both move what looks like the name of a cell inside a text too: of IF(A1="C1",1.5,2), with one of the
# scales of pay C1, C2 and C3, the second row becomes IF(A2="C2",1.5,2). And neither moves whole rows: SUM(1:1) stays
# SUM(1:1). SheetJS writes the formulas that it has read, so a workbook that went through it calculates something else.
# openpyxl 3.0.9, LibreOffice 7.4 (Debian 12) and github.com/xuri/excelize/v2 v2.11.0 leave the text and move the row.
set -euo pipefail
for t in go npm node soffice; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
/usr/bin/python3 -c 'import openpyxl' 2>/dev/null || { echo "python3-openpyxl is not installed"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts exceljs@4.4.0 xlsx@0.18.5 >/dev/null
cat >make.js <<'J'
const { Workbook } = require("exceljs"), book = new Workbook(), sheet = book.addWorksheet("S");
["C1", "C2", "C3"].forEach((scale, i) => (sheet.getCell("A" + (i + 1)).value = scale));
sheet.fillFormula("E1:E3", 'IF(A1="C1",1.5,2)', [1.5, 2, 2]);
sheet.fillFormula("F4:F6", "SUM(1:1)", [1.5, 2, 2]);
book.xlsx.writeFile("a.xlsx");
J
node make.js
cat >read.js <<'J'
const exceljs = require("exceljs"), sheetjs = require("xlsx"), cells = ["E1", "E2", "E3", "F4", "F5", "F6"];
const book = new exceljs.Workbook(), other = sheetjs.readFile("a.xlsx");
sheetjs.writeFile(other, "b.xlsx");
book.xlsx.readFile("a.xlsx").then(() => {
  for (const c of cells) console.log(book.worksheets[0].getCell(c).formula + "\t" + other.Sheets.S[c].f);
});
J
node read.js >js
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
	x, err := excelize.OpenFile("a.xlsx")
	if err != nil {
		panic(err)
	}
	for _, cell := range []string{"E1", "E2", "E3", "F4", "F5", "F6"} {
		f, err := x.GetCellFormula("S", cell)
		if err != nil {
			panic(err)
		}
		fmt.Println(f)
	}
}
G
go mod tidy >/dev/null 2>&1
go run . >excelize
openpyxl() {
  /usr/bin/python3 -c 'import openpyxl, sys
s = openpyxl.load_workbook(sys.argv[1])["S"]
for c in "E1", "E2", "E3", "F4", "F5", "F6": print(s[c].value[1:])' "$1"
}
openpyxl a.xlsx >openpyxl
openpyxl b.xlsx >rewritten
soffice "-env:UserInstallation=file://$dir/profile" --headless --convert-to 'csv:Text - txt - csv (StarCalc):9,,76,1,,1033,false,false,false,true' a.xlsx >/dev/null 2>&1
{ cut -f 5 a.csv | sed -n 1,3p; cut -f 6 a.csv | sed -n 4,6p; } | sed 's/^=//' >libreoffice
echo "excelize $(go list -m -f '{{.Version}}' github.com/xuri/excelize/v2), $(soffice --version)"
node -p '["exceljs", "xlsx"].map((p) => p + " " + JSON.parse(fs.readFileSync(`node_modules/${p}/package.json`)).version).join(", ")'
/usr/bin/python3 -c 'import openpyxl; print("openpyxl", openpyxl.__version__)'
echo "expected, by ECMA-376 part 1, 18.3.1.40 (relative references are moved; a text is none), of two formulas filled down: all the same"
paste js rewritten excelize openpyxl libreoffice | sed 's/^/exceljs /; s/\t/  SheetJS /; s/\t/  written by SheetJS /; s/\t/  excelize /; s/\t/  openpyxl /; s/\t/  LibreOffice /'
printf '%s\n' 'IF(A1="C1",1.5,2)' 'IF(A2="C1",1.5,2)' 'IF(A3="C1",1.5,2)' 'SUM(1:1)' 'SUM(2:2)' 'SUM(3:3)' >right
printf '%s\n' 'IF(A1="C1",1.5,2)' 'IF(A2="C2",1.5,2)' 'IF(A3="C3",1.5,2)' 'SUM(1:1)' 'SUM(1:1)' 'SUM(1:1)' >wrong
for t in excelize openpyxl libreoffice; do cmp right $t; done
cmp wrong rewritten
paste wrong wrong | cmp - js
