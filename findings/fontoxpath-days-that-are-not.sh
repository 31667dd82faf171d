#!/usr/bin/env bash
# npm fontoxpath 3.34.0, XPath 3.1 in Node and browsers: its dates know no calendar. "2026-02-30" castable as xs:date is true, so that a
# rule that asks for a date does not see it; and the midnight that ends a day, 24:00:00 of XML
# Schema, is that of a day 32: the date of 2026-05-31T24:00:00 is 2026-05-32, of the month of May, where it is 1 June. And
# two xs:hexBinary, as fingerprints of documents are, differ where one is written in small letters. No error. npm saxon-js
# 2.7.0, Saxon-HE 9.9 (libsaxonhe-java of Debian 12) and python3-elementpath 2.5.3 (Debian 12) are right.
# (That its xs:decimal is a double is FontoXML/fontoxpath issue 686.)
set -euo pipefail
for t in npm node java /usr/bin/python3; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
jar=/usr/share/java/Saxon-HE.jar
test -f $jar || { echo "libsaxonhe-java is not installed"; exit 1; }
/usr/bin/python3 -c 'import elementpath' 2>/dev/null || { echo "python3-elementpath is not installed"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts fontoxpath@3.34.0 saxon-js@2.7.0 >/dev/null
cat >queries <<'Q'
'2024-02-29' castable as xs:date
'2026-13-01' castable as xs:date
'2026-02-29' castable as xs:date
'2026-02-30' castable as xs:date
'2026-04-31' castable as xs:date
'2026-02-30T00:00:00' castable as xs:dateTime
xs:date('2026-04-30') + xs:dayTimeDuration('P1D')
xs:dateTime('2026-05-31T24:00:00')
xs:date(xs:dateTime('2026-05-31T24:00:00'))
month-from-dateTime(xs:dateTime('2026-05-31T24:00:00'))
xs:hexBinary('0aff') eq xs:hexBinary('0AFF')
Q
cat >Read.java <<'J'
import java.nio.file.*;
import net.sf.saxon.s9api.*;

class Read {
  public static void main(String[] a) throws Exception {
    XPathCompiler c = new Processor(false).newXPathCompiler();
    for (String q : Files.readAllLines(Path.of("queries"))) System.out.println(c.evaluateSingle(q, null).getStringValue());
  }
}
J
cat >read.js <<'J'
const fonto = require("fontoxpath"), saxon = require("saxon-js"), { readFileSync, writeFileSync } = require("fs");
const queries = readFileSync("queries", "utf8").trim().split("\n").map((q) => "string(" + q + ")");
writeFileSync("fonto", queries.map((q) => fonto.evaluateXPathToString(q) + "\n").join(""));
writeFileSync("saxonjs", queries.map((q) => saxon.XPath.evaluate(q, null) + "\n").join(""));
J
cat >read.py <<'P'
import elementpath, xml.etree.ElementTree as tree
for q in open("queries"):
    print(elementpath.select(tree.XML("<a/>"), "string(" + q.strip() + ")"))
P
echo "$(node -p '["fontoxpath", "saxon-js"].map((p) => p + " " + JSON.parse(fs.readFileSync(`node_modules/${p}/package.json`)).version).join(", ")')," \
  "$(dpkg-query -W -f '${Package} ${Version}' libsaxonhe-java)," \
  "elementpath $(/usr/bin/python3 -c 'import elementpath; print(elementpath.__version__)')"
node read.js
java -cp $jar Read.java >he
/usr/bin/python3 read.py >py
cmp he py
cmp he saxonjs
echo "expected, by XML Schema part 2, 3.2.7.1, 3.2.9.1 (days of the month there is; 24:00:00 is the next day's first instant) and 3.2.15: as the others"
paste -d '|' queries he fonto | sed 's/|/   the others: /; s/|/   fontoxpath: /'
printf '%s\n' true false false false false false 2026-05-01 2026-06-01T00:00:00 2026-06-01 6 true | cmp - he
printf '%s\n' true false true true true true 2026-05-01 2026-05-32T00:00:00 2026-05-32 5 false | cmp - fonto
