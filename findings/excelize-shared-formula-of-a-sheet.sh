#!/usr/bin/env bash
# github.com/xuri/excelize/v2 v2.11.0 (2.11.1 alike): a formula that the workbook holds once for all rows, as npm exceljs 4.4.0
# (fillFormula) and excelize itself (FormulaOpts) write it, and that refers to another sheet. GetCellFormula moves the
# references to the same sheet and leaves those to the other where they were: Rates!A1*B1 is Rates!A1*B2 in the second row, so
# that everybody gets the rate of the first, and CalcCellValue calculates by it, without an error. The apostrophes around the
# name of a sheet with a blank are lost, in the first row too, and what is left is an error. exceljs, npm xlsx 0.18.5
# (SheetJS), openpyxl 3.0.9 and LibreOffice 7.4 (Debian 12) move both.
set -euo pipefail
for t in go npm node soffice; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
/usr/bin/python3 -c 'import openpyxl' 2>/dev/null || { echo "python3-openpyxl is not installed"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts exceljs@4.4.0 xlsx@0.18.5 >/dev/null
cat >make.js <<'J'
const { Workbook } = require("exceljs"), book = new Workbook(), sheet = book.addWorksheet("Pay");
const rates = book.addWorksheet("Rates"), may = book.addWorksheet("May 2026");
for (const i of [1, 2, 3]) {
  rates.getCell("A" + i).value = i * 10;
  may.getCell("A" + i).value = i * 10;
  sheet.getCell("B" + i).value = 2;
}
sheet.fillFormula("E1:E3", "Rates!A1*B1", [20, 40, 60]);
sheet.fillFormula("F1:F3", "'May 2026'!A1*B1", [20, 40, 60]);
book.xlsx.writeFile("a.xlsx");
J
node make.js
cat >read.js <<'J'
const exceljs = require("exceljs"), sheetjs = require("xlsx"), cells = ["E1", "E2", "E3", "F1", "F2", "F3"];
const book = new exceljs.Workbook(), other = sheetjs.readFile("a.xlsx");
book.xlsx.readFile("a.xlsx").then(() => {
  for (const c of cells) console.log(book.worksheets[0].getCell(c).formula + "\t" + other.Sheets.Pay[c].f);
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
	must(err)
	for _, cell := range []string{"E1", "E2", "E3", "F1", "F2", "F3"} {
		f, err := x.GetCellFormula("Pay", cell)
		must(err)
		v, err := x.CalcCellValue("Pay", cell)
		if err != nil {
			v = "error"
		}
		fmt.Println(f + "\t" + v)
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
/usr/bin/python3 -c 'import openpyxl
s = openpyxl.load_workbook("a.xlsx")["Pay"]
for c in "E1", "E2", "E3", "F1", "F2", "F3": print(s[c].value[1:])' >openpyxl
soffice "-env:UserInstallation=file://$dir/profile" --headless --convert-to 'csv:Text - txt - csv (StarCalc):9,,76,1,,1033,false,false,false,true' a.xlsx >/dev/null 2>&1
{ cut -f 5 a.csv; cut -f 6 a.csv; } >libreoffice
echo "excelize $(go list -m -f '{{.Version}}' github.com/xuri/excelize/v2), $(soffice --version)"
node -p '["exceljs", "xlsx"].map((p) => p + " " + JSON.parse(fs.readFileSync(`node_modules/${p}/package.json`)).version).join(", ")'
/usr/bin/python3 -c 'import openpyxl; print("openpyxl", openpyxl.__version__)'
echo "expected, by ECMA-376 part 1, 18.3.1.40 (relative references are moved), of two formulas filled down: A1, A2, A3 of the other sheet, and 20 40 60"
paste js openpyxl libreoffice excelize | sed 's/^/exceljs /; s/\t/  SheetJS /; s/\t/  openpyxl /; s/\t/  LibreOffice /; s/\t/  excelize /; s/\t/ = /'
for s in Rates "'May 2026'"; do for i in 1 2 3; do echo "$s!A$i*B$i"; done; done >right
cmp right openpyxl
paste right right | cmp - js
for s in Rates "'May 2026'"; do for i in 1 2 3; do echo "=\$$s.A$i*B$i"; done; done | cmp - libreoffice
printf '%s\t%s\n' 'Rates!A1*B1' 20 'Rates!A1*B2' 20 'Rates!A1*B3' 20 'May 2026!A1*B1' error 'May 2026!A1*B2' error 'May 2026!A1*B3' error | cmp - excelize
