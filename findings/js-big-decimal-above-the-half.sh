#!/usr/bin/env bash
# npm js-big-decimal 2.2.0, "arbitrary precision" for amounts in JavaScript: divide() cuts the quotient two digits after the places
# asked for and rounds what is left, half to even, so that what is a little more than half a cent is taken for half a cent and
# goes down to the even one. 1001.79 a month are 6.60506 an hour for 151.67 hours, and it says 6.60. Of the 20,000 monthly
# amounts from 1000.00 to 1199.99 97 have an hour of a cent less, and none of them is a half. npm decimal.js 10.6.0 and
# big.js 7.0.1, with the same rounding, and Python 3.11 agree about all.
set -euo pipefail
for t in npm node python3; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts js-big-decimal@2.2.0 decimal.js@10.6.0 big.js@7.0.1 >/dev/null
cat >divide.js <<'J'
const Decimal = require("decimal.js"), Big = require("big.js"), { writeFileSync } = require("fs");
const Cents = require("js-big-decimal").default || require("js-big-decimal");
Big.DP = 2;
Big.RM = Big.roundHalfEven;
const ways = {
  jsbig: (a, b) => Cents.divide(a, b, 2),
  decimal: (a, b) => new Decimal(a).div(b).toDecimalPlaces(2, Decimal.ROUND_HALF_EVEN).toFixed(2),
  big: (a, b) => new Big(a).div(b).toFixed(2),
};
for (const [name, divide] of Object.entries(ways))
  writeFileSync(name, Array.from({ length: 20000 }, (_, i) => divide((1000 + i / 100).toFixed(2), "151.67") + "\n").join(""));
J
node divide.js
python3 - <<'P'
from decimal import *
cent = Decimal("0.01")
with open("python", "w") as f:
    for i in range(20000):
        q = Decimal(100000 + i) / 100 / Decimal("151.67")
        assert q.quantize(cent, ROUND_HALF_EVEN) == q.quantize(cent, ROUND_HALF_UP)  # no half among them
        print(q.quantize(cent, ROUND_HALF_EVEN), file=f)
P
cmp python decimal
cmp python big
node -p '["js-big-decimal", "decimal.js", "big.js"].map((p) => p + " " + JSON.parse(fs.readFileSync(`node_modules/${p}/package.json`)).version).join(", ")'
echo "expected, by what its documentation says of divide (the quotient, HALF_EVEN): as decimal.js, big.js and Python"
python3 - <<'P' | tee seen
got, wanted = (open(n).read().split() for n in ("jsbig", "python"))
other = [i for i in range(20000) if got[i] != wanted[i]]
for i in other[:3]: print("%.2f / 151.67: the others %s, js-big-decimal %s" % (1000 + i / 100, wanted[i], got[i]))
print(len(other), "of 20000 other, each a cent less:", all(round(float(wanted[i]) * 100) - round(float(got[i]) * 100) == 1 for i in other))
P
cmp seen <<'X'
1001.79 / 151.67: the others 6.61, js-big-decimal 6.60
1004.82 / 151.67: the others 6.63, js-big-decimal 6.62
1007.85 / 151.67: the others 6.65, js-big-decimal 6.64
97 of 20000 other, each a cent less: True
X
