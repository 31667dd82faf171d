#!/usr/bin/env bash
# npm base64-stream 1.0.0, which decodes base64 as it comes in pieces: it takes out line ends and nothing else before it counts
# characters in fours. A document inside XML whose lines of base64 are indented, which XML Schema lets them be and printers
# of XML do, loses a byte where two pieces meet, and what follows is whole again: a list of pay lacks a character somewhere in the
# middle, a gzip is broken. It depends on the indent and on the size of the pieces: with four blanks, which with 76
# characters are 80, nothing is lost; with two or with a tab some is. No error. Node's Buffer, Python 3.11 and base64 -di of
# coreutils give the document.
set -euo pipefail
for t in npm node python3 xmllint base64; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts base64-stream@1.0.0 >/dev/null
printf 'agent %05d is due %07d.%02d\n' $(for i in $(seq 6000); do echo $i $((i * 7)) $((i % 100)); done) >document # 180,000 bytes
cat >a.xsd <<'X'
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="xs:base64Binary"/></xs:schema>
X
for indent in none four two tab; do
  case $indent in none) i= ;; four) i='    ' ;; two) i='  ' ;; tab) i=$'\t' ;; esac
  base64 -w 76 document | sed "s/^/$i/" >$indent.txt
  { echo '<a>'; cat $indent.txt; echo '</a>'; } >$indent.xml
  xmllint --noout --schema a.xsd $indent.xml 2>/dev/null
  python3 -c 'import base64, sys; sys.stdout.buffer.write(base64.b64decode(open(sys.argv[1], "rb").read()))' $indent.txt | cmp - document
  base64 -di $indent.txt | cmp - document
done
cat >read.js <<'J'
const { Base64Decode } = require("base64-stream"), fs = require("fs"), [, , name, size] = process.argv;
const whole = fs.readFileSync("document");
if (!Buffer.from(fs.readFileSync(name, "latin1"), "base64").equals(whole)) throw new Error("Buffer");
const parts = [];
fs.createReadStream(name, { highWaterMark: Number(size) }).pipe(new Base64Decode()).on("data", (part) => parts.push(part)).on("end", () => {
  const got = Buffer.concat(parts), lines = new Set(whole.toString().split("\n"));
  console.log(got.length + " bytes, " + got.toString("latin1").split("\n").filter((line) => !lines.has(line)).length + " lines other");
});
J
node -p '"base64-stream " + JSON.parse(fs.readFileSync("node_modules/base64-stream/package.json")).version + ", Node " + process.version'
echo "expected, by XML Schema part 2, 3.2.16 (blanks between the characters mean nothing): $(stat -c %s document) bytes, 0 lines other, from each"
for indent in none four two tab; do
  for size in 65536 4096; do echo "$indent, pieces of $size: $(node read.js $indent.txt $size)"; done
done | tee seen
cmp seen <<'X'
none, pieces of 65536: 180000 bytes, 0 lines other
none, pieces of 4096: 180000 bytes, 0 lines other
four, pieces of 65536: 180000 bytes, 0 lines other
four, pieces of 4096: 180000 bytes, 0 lines other
two, pieces of 65536: 179999 bytes, 1 lines other
two, pieces of 4096: 179995 bytes, 5 lines other
tab, pieces of 65536: 179999 bytes, 1 lines other
tab, pieces of 4096: 179991 bytes, 8 lines other
X
