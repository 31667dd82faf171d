#!/usr/bin/env bash
# github.com/xuri/excelize/v2 v2.11.0 (2.11.1 alike): of what is calculated row by row inside SUMPRODUCT, CalcCellValue takes the first
# row alone. SUMPRODUCT((A1:A4="pay")*(B1:B4)), by which workbooks added the lines of a code before there was SUMIFS, is the
# amount of the first line, and 0 where the first line has another code; hours times rates, SUMPRODUCT(B1:B4*C1:C4), are
# those of the first agent. No error. SUMIF, SUMIFS and SUMPRODUCT(B1:B4,C1:C4) are right. LibreOffice 7.4 and Gnumeric 1.12.55
# (Debian 12) take all rows. So the total that a program reads from a workbook is not the one that its author saw.
set -euo pipefail
for t in go soffice ssconvert; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
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
	x := excelize.NewFile()
	defer x.Close()
	for i, code := range []string{"pay", "due", "pay", "due"} {
		must(x.SetCellStr("Sheet1", fmt.Sprint("A", i+1), code))
		must(x.SetCellInt("Sheet1", fmt.Sprint("B", i+1), int64(1000)<<i)) // 1000, 2000, 4000, 8000
		must(x.SetCellInt("Sheet1", fmt.Sprint("C", i+1), int64(i)+1)) // 1, 2, 3, 4
	}
	for i, f := range []string{
		`SUMPRODUCT((A1:A4="pay")*(B1:B4))`, `SUMPRODUCT((A1:A4="due")*(B1:B4))`, `SUMPRODUCT((A1:A4="pay")*1)`,
		"SUMPRODUCT(B1:B4*C1:C4)", "SUMPRODUCT(B1:B4*2)", "SUMPRODUCT(B1:B4,C1:C4)",
		`SUMIFS(B1:B4,A1:A4,"pay")`, `SUMIF(A1:A4,"due",B1:B4)`,
	} {
		cell := fmt.Sprint("D", i+1)
		must(x.SetCellFormula("Sheet1", cell, f))
		v, err := x.CalcCellValue("Sheet1", cell)
		must(err)
		fmt.Println(f + "\t" + v)
	}
	must(x.SaveAs("a.xlsx"))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
G
go mod tidy >/dev/null 2>&1
echo "excelize $(go list -m -f '{{.Version}}' github.com/xuri/excelize/v2), $(soffice --version), $(ssconvert --version 2>&1 | sed -n 1p)"
go run . >all
cut -f 1 all >formulas
cut -f 2 all >excelize
soffice "-env:UserInstallation=file://$dir/profile" --headless --convert-to 'csv:Text - txt - csv (StarCalc):9,34,76,1,,1033,false,true' a.xlsx >/dev/null 2>&1
cut -f 4 a.csv >libreoffice
ssconvert --recalc --export-type=Gnumeric_stf:stf_assistant -O 'separator=| format=raw' a.xlsx a.txt >/dev/null 2>&1
cut -d '|' -f 4 a.txt >gnumeric
echo "expected, by ECMA-376 part 1, 18.17.7 (SUMPRODUCT: the sum over all that the arrays hold)"
paste -d '\t' formulas libreoffice gnumeric excelize | sed 's/\t/   LibreOffice /; s/\t/ Gnumeric /; s/\t/ excelize /'
printf '%s\n' 5000 10000 2 49000 30000 49000 5000 10000 | tee wanted | cmp - libreoffice
cmp wanted gnumeric
printf '%s\n' 1000 0 1 1000 2000 49000 5000 10000 | cmp - excelize
