#!/usr/bin/env bash
# Dates that a workbook holds as ISO 8601 (cells of type d, as openpyxl 3.0.9 writes them with iso_dates): Gnumeric 1.12.55
# (Debian 12) and npm exceljs 4.4.0 take the digits before the first dash for a day number, so that every day of 2026 is
# 18 July 1905, without a word. LibreOffice 7.4 shows the day. (exceljs/exceljs issue 2695 is about it, with files that
# Excel saved in the strict form.)
set -euo pipefail
for t in npm node soffice ssconvert; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
/usr/bin/python3 -c 'import openpyxl' 2>/dev/null || { echo "python3-openpyxl is not installed"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts exceljs@4.4.0 >/dev/null 2>&1
/usr/bin/python3 - <<'P'
import datetime, openpyxl

book = openpyxl.Workbook(iso_dates=True)
for row, day in enumerate((datetime.date(2026, 5, 1), datetime.date(2026, 12, 31)), 1):
    cell = book.active.cell(row, 1, day)
    cell.number_format = "yyyy-mm-dd"
book.save("a.xlsx")
P
unzip -p a.xlsx xl/worksheets/sheet1.xml | grep -o '<c [^>]*t="d"[^>]*><v>[^<]*' >cells
cat >exceljs.js <<'J'
const { Workbook } = require("exceljs");
const book = new Workbook();
book.xlsx.readFile("a.xlsx").then(() => book.worksheets[0].eachRow((r) => console.log(r.getCell(1).value.toISOString().slice(0, 10))));
J
soffice "-env:UserInstallation=file://$dir/profile" --headless --convert-to 'csv:Text - txt - csv (StarCalc):9,34,76,1,,1033,false,true' a.xlsx >/dev/null 2>&1
ssconvert --export-type=Gnumeric_stf:stf_csv a.xlsx gnumeric.csv >/dev/null 2>&1
echo "openpyxl $(/usr/bin/python3 -c 'import openpyxl; print(openpyxl.__version__)'), $(ssconvert --version 2>&1 | sed -n 1p)," \
  "exceljs $(node -p 'require("exceljs/package.json").version'), $(soffice --version)"
cat cells
echo "expected, by ECMA-376 part 1, 18.18.11 (the type d is a date in ISO 8601): 2026-05-01 2026-12-31 from each"
{
  echo "libreoffice: $(tr '\n' ' ' <a.csv)"
  echo "gnumeric: $(tr '\n' ' ' <gnumeric.csv)"
  echo "exceljs: $(node exceljs.js | tr '\n' ' ')"
} | tee seen
grep -qx 'libreoffice: 2026-05-01 2026-12-31 ' seen
grep -qx 'gnumeric: 1905/07/18 1905/07/18 ' seen
grep -qx 'exceljs: 1905-07-18 1905-07-18 ' seen
