#!/usr/bin/env bash
# github.com/xuri/excelize/v2 v2.11.0: of the sections of a number format it takes one by the sign of the value alone. The
# conditions in brackets are not looked at, and the section for zero is never taken. So the format by which Excel in
# French shows numbers of social security, of 13 digits or of 15 with their key, makes a key out of the last two of 13
# digits and moves the groups: 1991399001002 is read as "1 99 13 990 010 | 02". The dash of accounting formats is 0.00.
# LibreOffice 7.4 (Debian 12) shows what is meant.
set -euo pipefail
for t in go soffice; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
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
	for i, c := range []struct {
		value  int
		format string
	}{
		{199139900100271, `[>=3000000000000]#" "##" "##" "##" "###" "###" | "##;#" "##" "##" "##" "###" "###`},
		{1991399001002, `[>=3000000000000]#" "##" "##" "##" "###" "###" | "##;#" "##" "##" "##" "###" "###`},
		{5, `[>=10]"many "0;"few "0`},
		{5, `[<10]"few "0;"many "0`},
		{0, `0.00;-0.00;"none"`},
	} {
		cell := fmt.Sprint("A", i+1)
		style, err := x.NewStyle(&excelize.Style{CustomNumFmt: &c.format})
		must(err)
		must(x.SetCellInt("Sheet1", cell, int64(c.value)))
		must(x.SetCellStyle("Sheet1", cell, cell, style))
		shown, err := x.GetCellValue("Sheet1", cell)
		must(err)
		fmt.Println(shown)
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
echo "excelize $(go list -m -f '{{.Version}}' github.com/xuri/excelize/v2), $(soffice --version)"
go run . | sed 's/^ *//' >excelize
soffice "-env:UserInstallation=file://$dir/profile" --headless --convert-to 'csv:Text - txt - csv (StarCalc):9,34,76,1,,1033,false,true' a.xlsx >/dev/null 2>&1
sed 's/^ *//' a.csv >libreoffice
echo "expected, by ECMA-376 part 1, 18.8.31 (a condition in brackets decides, else positive; negative; zero): the same from both"
paste -d '#' libreoffice excelize | sed 's/#/   excelize: /; s/^/LibreOffice: /'
printf '%s\n' '1 99 13 99 001 002 | 71' '1 99 13 99 001 002' 'few 5' 'few 5' 'none' | cmp - libreoffice
printf '%s\n' '1 99 13 99 001 002 | 71' '1 99 13 990 010 | 02' 'many 5' 'few 5' '0.00' | cmp - excelize
