#!/usr/bin/env bash
# npm fast-formula-parser 1.0.19, which calculates the formulas of Excel: ROUNDUP of a number that has nothing to be rounded goes up by one. ROUNDUP(35,0)
# is 36, and of the 20,000 amounts from 0.01 to 200.00 ROUNDUP(...,2) makes a cent more of five in six, for it adds a half and
# takes the nearest, which of a half is the next. ROUNDDOWN, by the same way, takes a cent from one in sixteen. And TRUNC overlooks
# how many places are asked for: TRUNC(2079.985,2) is 2079, TRUNC(2079.985,-2) too. No error. LibreOffice 7.4 and Gnumeric 1.12.55
# (Debian 12) leave what is whole and cut where they are told. An hour begun is an hour due: whoever has 35 gets 36.
set -euo pipefail
for t in npm node soffice ssconvert; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts fast-formula-parser@1.0.19 >/dev/null
for f in ROUNDUP ROUNDDOWN; do
  for i in $(seq 1 20000); do printf '"=%s(%d.%02d,2)"\n' $f $((i / 100)) $((i % 100)); done
  for i in $(seq 1 151); do echo "\"=$f($i,0)\""; done
done >formulas.csv
cat >>formulas.csv <<'T'
"=ROUNDUP(2079.981,2)"
"=ROUNDUP(-35,0)"
"=ROUNDUP(1500,-2)"
"=ROUNDDOWN(2079.989,2)"
"=TRUNC(2079.985,2)"
"=TRUNC(2079.985,-2)"
"=TRUNC(2079.985)"
T
cat >parser.js <<'J'
const Parser = require("fast-formula-parser"), lines = require("fs").readFileSync("formulas.csv", "utf8").trim().split("\n"), parser = new Parser();
for (const line of lines) console.log(String(parser.parse(line.slice(2, -1), { sheet: "a", row: 1, col: 1 })));
J
node parser.js >parser
soffice "-env:UserInstallation=file://$dir/profile" --headless --infilter='CSV:44,34,76,1,,1033,false,true,false,false,false,-1,true' \
  --convert-to ods formulas.csv >/dev/null 2>&1
soffice "-env:UserInstallation=file://$dir/profile" --headless --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,false' \
  --outdir out formulas.ods >/dev/null 2>&1
cp out/formulas.csv libreoffice
ssconvert --recalc --export-type=Gnumeric_stf:stf_csv formulas.csv gnumeric.csv >/dev/null 2>&1
cp gnumeric.csv gnumeric
echo "fast-formula-parser $(node -p 'JSON.parse(fs.readFileSync("node_modules/fast-formula-parser/package.json")).version'), $(soffice --version)," \
  "$(ssconvert --version 2>&1 | sed -n 1p)"
echo "expected, by OpenFormula 1.2, 6.17 (rounding functions): 0 0 0 0 other, then 2079.99 -35 1500 2079.98 2079.98 2000 2079"
python3 - <<'P' | tee seen
for name in ("libreoffice", "gnumeric", "parser"):
    got = [float(v) for v in open(name)]
    assert len(got) == 2 * 20151 + 7
    wanted = [i / 100 for i in range(1, 20001)] + [float(i) for i in range(1, 152)]
    other = []
    for at, sign in ((0, 1), (20151, -1)):
        part = [(g - w) * sign for g, w in zip(got[at:at + 20151], wanted)]
        assert all(abs(d) < 1e-6 or abs(d - 0.01) < 1e-6 for d in part[:20000])  # a cent more, or less
        other += [sum(abs(d) > 1e-6 for d in part[:20000]), sum(abs(d) > 1e-6 for d in part[20000:])]
    print("%s: ROUNDUP %d of 20000 amounts and %d of 151 hours other, ROUNDDOWN %d and %d," % (name, *other), "then", *("%.12g" % v for v in got[40302:]))
P
cmp seen <<'X'
libreoffice: ROUNDUP 0 of 20000 amounts and 0 of 151 hours other, ROUNDDOWN 0 and 0, then 2079.99 -35 1500 2079.98 2079.98 2000 2079
gnumeric: ROUNDUP 0 of 20000 amounts and 0 of 151 hours other, ROUNDDOWN 0 and 0, then 2079.99 -35 1500 2079.98 2079.98 2000 2079
parser: ROUNDUP 16809 of 20000 amounts and 151 of 151 hours other, ROUNDDOWN 1230 and 0, then 2079.99 -36 1600 2079.98 2079 2079 2079
X
