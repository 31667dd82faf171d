#!/usr/bin/env bash
# npm hyperformula 3.5.0, which calculates the formulas of Excel: ROUND(1.005,2) is 1, and so one half cent in seventeen goes
# down between 0.005 and 199.995. What it says of smartRounding, on by default, holds for comparisons, by which 4.35*100=435 is
# TRUE, but not for the functions that round: INT(4.35*100) is 434. LibreOffice 7.4 and Gnumeric 1.12.55 (Debian 12) round
# every half cent up. The same row of pay, in a workbook and by the package, differs by a cent.
set -euo pipefail
for t in npm node soffice ssconvert; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts hyperformula@3.5.0 >/dev/null
for i in $(seq 0 19999); do printf '"=ROUND(%d.%02d5,2)"\n' $((i / 100)) $((i % 100)); done >formulas.csv
printf '%s\n' '"=INT(4.35*100)"' '"=ROUNDDOWN(0.29*100,0)"' '"=IF(4.35*100=435,1,0)"' '"=IF(1.005=1+0.005,1,0)"' '"=SUM(ROUND(1.005,2),ROUND(8.325,2))"' >>formulas.csv
for i in $(seq 1 20000); do printf '%d.%02d\n' $((i / 100)) $((i % 100)); done >wanted
printf '%s\n' 435.00 29.00 1.00 1.00 9.34 >>wanted
cat >hyperformula.js <<'J'
const { HyperFormula } = require("hyperformula"), lines = require("fs").readFileSync("formulas.csv", "utf8").trim().split("\n");
const book = HyperFormula.buildFromArray(lines.map((line) => [line.slice(1, -1)]), { licenseKey: "gpl-v3" });
for (const [value] of book.getSheetValues(0)) console.log(value);
J
node hyperformula.js >hyperformula
soffice "-env:UserInstallation=file://$dir/profile" --headless --infilter='CSV:44,34,76,1,,1033,false,true,false,false,false,-1,true' \
  --convert-to ods formulas.csv >/dev/null 2>&1
soffice "-env:UserInstallation=file://$dir/profile" --headless --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,false' \
  --outdir out formulas.ods >/dev/null 2>&1
cp out/formulas.csv libreoffice
ssconvert --recalc --export-type=Gnumeric_stf:stf_csv formulas.csv gnumeric.csv >/dev/null 2>&1
cp gnumeric.csv gnumeric
echo "hyperformula $(node -p 'JSON.parse(fs.readFileSync("node_modules/hyperformula/package.json")).version'), $(soffice --version)," \
  "$(ssconvert --version 2>&1 | sed -n 1p)"
echo "expected, as ROUND of Excel takes the number that is written (0.005 to 199.995 are 0.01 to 200.00): 0 other, then 435 29 1 1 9.34"
python3 - <<'P' | tee seen
wanted = [float(v) for v in open("wanted")]
for name in ("libreoffice", "gnumeric", "hyperformula"):
    got = [float(v) for v in open(name)]
    assert len(got) == len(wanted) == 20005
    other = [i for i in range(20000) if abs(got[i] - wanted[i]) > 0.001]
    assert all(abs(got[i] - wanted[i] + 0.01) < 1e-9 for i in other)  # a cent less, each
    print("%s: %d of 20000 other," % (name, len(other)), "then", *("%.12g" % v for v in got[20000:]))
P
cmp seen <<'X'
libreoffice: 0 of 20000 other, then 435 29 1 1 9.34
gnumeric: 0 of 20000 other, then 435 29 1 1 9.34
hyperformula: 1147 of 20000 other, then 434 28 1 1 9.32
X
