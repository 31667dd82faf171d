#!/usr/bin/env bash
# github.com/xuri/excelize/v2 v2.11.0 (2.11.1 alike): what CalcCellValue looks for with MATCH, SUMIF and COUNTIF it takes for
# a number where it looks like one, and then not as equal to the text that it is. MATCH of "061601" in a list of texts that
# begins with "061601" gives the second, "61601"; SUMIF adds the amount of that one alone, COUNTIF finds none. So the
# same INDEX and MATCH in a workbook gives another account's name than VLOOKUP, which finds the right one. LibreOffice 7.4
# and Gnumeric 1.12.55 (Debian 12) find the first, and SUMIF has it among what it adds.
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
	for i, code := range []string{"061601", "61601", "061602"} {
		must(x.SetCellStr("Sheet1", fmt.Sprint("A", i+1), code))
		must(x.SetCellStr("Sheet1", fmt.Sprint("B", i+1), "name of "+code))
		must(x.SetCellInt("Sheet1", fmt.Sprint("C", i+1), int64(100)<<i)) // 100, 200, 400
	}
	for i, f := range []string{
		`MATCH("061601",A1:A3,0)`, "MATCH(A1,A1:A3,0)", "INDEX(B1:B3,MATCH(A1,A1:A3,0))", "VLOOKUP(A1,A1:B3,2,FALSE)",
		"SUMIF(A1:A3,A1,C1:C3)", "COUNTIF(A1:A3,A1)", "COUNTIF(A1:A3,A3)", "COUNTIF(B1:B3,B1)", `IF(A1=A2,"one","two")`,
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
cut -d '|' -f 4 a.txt | tr -d '"' >gnumeric
echo "expected, by ECMA-376 part 1, 18.17.7 (MATCH: the first that is equal): 1 1 name of 061601; 100 or, as Excel"
echo "takes a text of digits in a criterion for the number too, 300; 1 or 2; 1 1; two"
paste -d '\t' formulas excelize libreoffice gnumeric | sed 's/\t/   excelize /; s/\t/ LibreOffice /; s/\t/ Gnumeric /'
printf '%s\n' 1 1 'name of 061601' 'name of 061601' 100 1 1 1 two | cmp - libreoffice
printf '%s\n' 1 1 'name of 061601' 'name of 061601' 300 2 1 1 two | cmp - gnumeric
printf '%s\n' 2 2 'name of 61601' 'name of 061601' 200 0 0 1 two | cmp - excelize
