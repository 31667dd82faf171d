#!/usr/bin/env bash
# xlsx2csv 0.7.8 (Debian 12): of a text that stands in its cell and has several runs of format, as the stream writer of
# github.com/xuri/excelize/v2 v2.11.0 writes it, the first run alone is kept: 061601 with its last three digits in bold
# is 061, exit 0. The same text by way of the shared strings is whole. openpyxl 3.0.9 and Gnumeric 1.12.55 read both.
set -euo pipefail
for t in go xlsx2csv ssconvert; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
/usr/bin/python3 -c 'import openpyxl' 2>/dev/null || { echo "python3-openpyxl is not installed"; exit 1; }
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

import "github.com/xuri/excelize/v2"

func main() {
	code := []excelize.RichTextRun{{Text: "061"}, {Text: "601", Font: &excelize.Font{Bold: true}}}
	inline := excelize.NewFile()
	w, err := inline.NewStreamWriter("Sheet1")
	must(err)
	must(w.SetRow("A1", []any{code}))
	must(w.Flush())
	must(inline.SaveAs("inline.xlsx"))
	shared := excelize.NewFile()
	must(shared.SetCellRichText("Sheet1", "A1", code))
	must(shared.SaveAs("shared.xlsx"))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
G
go mod tidy >/dev/null 2>&1
go run .
dpkg-query -W -f '${Package} ${Version}\n' xlsx2csv gnumeric python3-openpyxl
echo "excelize $(go list -m -f '{{.Version}}' github.com/xuri/excelize/v2)"
echo "expected, by ECMA-376 part 1, 18.3.1.53 and 18.4.4 (an inline string may be made of runs, as a shared one): 061601 from all"
for f in inline shared; do
  ssconvert --export-type=Gnumeric_stf:stf_csv $f.xlsx gnumeric.csv >/dev/null 2>&1
  echo "$f: xlsx2csv $(xlsx2csv $f.xlsx) Gnumeric $(cat gnumeric.csv)" \
    "openpyxl $(/usr/bin/python3 -W ignore -c "import openpyxl; print(openpyxl.load_workbook('$f.xlsx').active['A1'].value)")"
done | tee seen
printf '%s\n' 'inline: xlsx2csv 061 Gnumeric 061601 openpyxl 061601' 'shared: xlsx2csv 061601 Gnumeric 061601 openpyxl 061601' | cmp - seen
