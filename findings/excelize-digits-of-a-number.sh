#!/usr/bin/env bash
# github.com/xuri/excelize/v2 v2.11.0 (2.11.1 alike): LEFT, MID, RIGHT, LEN, SUBSTITUTE, EXACT, & and CONCATENATE of
# CalcCellValue, given a number of more than six digits, take it as Go's strconv writes it, with an exponent. The
# department in a number of social security, MID(A1,6,2), becomes another one, and what RIGHT takes for the last two of
# its 13 digits is the exponent, 12 for everybody. LibreOffice 7.4 and Gnumeric 1.12.55 (Debian 12) take the digits.
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
	must(x.SetCellInt("Sheet1", "A1", 1991399001002))
	must(x.SetCellInt("Sheet1", "A2", 1234567))
	for i, f := range []string{
		"MID(A1,6,2)", "RIGHT(A1,2)", "RIGHT(21750001600019,5)", "LEFT(A2,2)", "LEN(A2)", "LEN(123456)", `"n"&A1`,
		`IF(EXACT(A1,"1991399001002"),"same","other")`, `TEXT(A1,"0")`,
	} {
		cell := fmt.Sprint("B", i+1)
		must(x.SetCellFormula("Sheet1", cell, f))
		v, err := x.CalcCellValue("Sheet1", cell)
		must(err)
		fmt.Println(v)
	}
	must(x.SetColWidth("Sheet1", "A", "B", 40))
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
go run . >excelize
soffice "-env:UserInstallation=file://$dir/profile" --headless --convert-to 'csv:Text - txt - csv (StarCalc):9,34,76,1,,1033,false,true' a.xlsx >/dev/null 2>&1
cut -f 2 a.csv >libreoffice
ssconvert --recalc --export-type=Gnumeric_stf:stf_assistant -O 'separator=| format=raw' a.xlsx a.txt >/dev/null 2>&1
cut -d '|' -f 2 a.txt | tr -d '"' >gnumeric
echo "expected, as RIGHT and MID of ECMA-376 part 1, 18.17.7, count characters and a number has its digits: the same from the three"
paste -d ' ' excelize libreoffice gnumeric | sed 's/^/excelize, LibreOffice, Gnumeric: /'
printf '%s\n' 99 02 00019 12 7 6 n1991399001002 same 1991399001002 | tee wanted | cmp - libreoffice
cmp wanted gnumeric
printf '%s\n' 39 12 9e+13 1. 12 6 n1.991399001002e+12 other 1991399001002 | cmp - excelize
