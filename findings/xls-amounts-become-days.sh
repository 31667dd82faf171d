#!/usr/bin/env bash
# github.com/extrame/xls v0.0.1, which reads the .xls of Excel 97 in Go: amounts come out as days. That format has room for 12.34
# in four bytes, as 1234 and a mark "of a hundred", and LibreOffice 7.4 (Debian 12) writes an amount so where the double
# allows it. Of such a number in a cell whose number format is not one of the built-in ones, and LibreOffice writes none of those,
# the package makes a day, without looking at the format, and out of 1234: 12.34 is 18 May 1903, 100 is 9 April 1900. In
# the same column 151.67 and 2079.99, which do not fit, are themselves. No error.
# github.com/shakinm/xlsReader v0.9.12 and Gnumeric 1.12.55 (Debian 12) read the amounts.
set -euo pipefail
for t in go soffice ssconvert; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
amounts='12.34 0.05 100 151.67 2079.99 25.5'
{
  cat <<'X'
<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles><number:number-style style:name="N"><number:number number:decimal-places="2" number:min-integer-digits="1" number:grouping="true"/></number:number-style>
<style:style style:name="m" style:family="table-cell" style:data-style-name="N"/></office:automatic-styles><office:body><office:spreadsheet><table:table table:name="S">
X
  for m in $amounts; do
    echo "<table:table-row><table:table-cell table:style-name='m' office:value-type='float' office:value='$m'/></table:table-row>"
  done
  echo '</table:table></office:spreadsheet></office:body></office:document>'
} >a.fods
soffice "-env:UserInstallation=file://$dir/profile" --headless --convert-to xls a.fods >/dev/null 2>&1
cat >go.mod <<'M'
module try
go 1.25
require (
	github.com/extrame/xls v0.0.1
	github.com/shakinm/xlsReader v0.9.12
)
M
cat >main.go <<'G'
package main

import (
	"fmt"

	extrame "github.com/extrame/xls"
	shakinm "github.com/shakinm/xlsReader/xls"
)

func main() {
	a, err := extrame.Open("a.xls", "utf-8")
	must(err)
	b, err := shakinm.OpenFile("a.xls")
	must(err)
	sheet, err := b.GetSheet(0)
	must(err)
	for i := range sheet.GetNumberRows() {
		row, err := sheet.GetRow(i)
		must(err)
		cell, err := row.GetCol(0)
		must(err)
		fmt.Println(cell.GetString(), a.GetSheet(0).Row(i).Col(0))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
G
go mod tidy >/dev/null 2>&1
go run . >seen
ssconvert --export-type=Gnumeric_stf:stf_assistant -O 'format=preserve' a.xls a.txt >/dev/null 2>&1
go list -m github.com/extrame/xls github.com/shakinm/xlsReader
soffice --version
ssconvert --version 2>&1 | sed -n 1p
echo "expected, by [MS-XLS], RkNumber (fX100: divided by 100), the format being # ##0.00: the amounts"
paste -d ' ' a.txt seen | sed 's/^/Gnumeric /; s/ /, xlsReader /2; s/ /, extrame /4'
tr -d ' ,"' <a.txt | cmp - <(printf '%s\n' 12.34 0.05 100.00 151.67 2079.99 25.50)
cmp seen <<'X'
12.34 1903-05-18T00:00:00Z
0.05 1900-01-04T00:00:00Z
100 1900-04-09T00:00:00Z
151.67 151.67
2079.99 2079.99
25.5 1906-12-24T00:00:00Z
X
