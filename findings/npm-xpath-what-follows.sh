#!/usr/bin/env bash
# npm xpath 0.0.34, XPath 1.0 over @xmldom/xmldom in Node: the axis following, from an element that has something inside, leaves out what
# follows up to the end of its parent and has what is inside it instead, which the standard leaves out. following::L[1] from a line of
# a bulletin is not the next line but the first one of the next bulletin, and count(following::L) is too few; from an empty
# element all is right, so the same lines with their amounts in attributes are. And preceding has the elements around, so that
# preceding::*[1] of the first line is its own bulletin. No error. libxml2 2.9.14 (libxml2-utils of Debian 12) and the
# XPath of JDK 17 agree about all. (goto100/xpath issue 49 asked about the order of preceding.)
set -euo pipefail
for t in npm node xmllint java; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts xpath@0.0.34 @xmldom/xmldom@0.9.12 >/dev/null
cat >a.xml <<'X'
<D><B n="1"><L c="pay">1001.10</L><L c="bonus"><M>20.05</M></L><L c="tax">-45.20</L></B><B n="2"><L c="pay">999.95</L><L c="empty"/><L c="tax">-40.00</L></B></D>
X
cat >queries <<'Q'
string(/D/B[1]/L[1]/following::L[1]/@c)
string(/D/B[1]/L[1]/following::L[1])
count(/D/B[1]/L[1]/following::L)
count(/D/B[1]/L[1]/following::text())
count(/D/B[1]/L[2]/following::M)
string(/D/B[2]/L[@c='empty']/following::L[1])
count(/D/B[2]/L[1]/preceding::B)
name(/D/B[2]/L[1]/preceding::*[1])
count(/D/B[2]/L[1]/preceding::*)
string(/D/B[2]/L[1]/preceding::L[1])
count(//L[@c='tax'][preceding::L[1]/@c='bonus'])
Q
cat >read.js <<'J'
const xpath = require("xpath"), { DOMParser } = require("@xmldom/xmldom"), { readFileSync } = require("fs");
const doc = new DOMParser().parseFromString(readFileSync("a.xml", "utf8"), "text/xml");
for (const q of readFileSync("queries", "utf8").trim().split("\n")) console.log(String(xpath.select(q, doc)));
J
cat >Read.java <<'J'
import java.nio.file.*;
import javax.xml.parsers.*;
import javax.xml.xpath.*;

class Read {
  public static void main(String[] a) throws Exception {
    var doc = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse("a.xml");
    for (String q : Files.readAllLines(Path.of("queries")))
      System.out.println(XPathFactory.newInstance().newXPath().evaluate(q, doc));
  }
}
J
node read.js >js
java Read.java >java
while read -r q; do xmllint --xpath "$q" a.xml; done <queries | sed '/^$/d' >libxml2
echo "$(node -p '["xpath", "@xmldom/xmldom"].map((p) => p + " " + JSON.parse(fs.readFileSync(`node_modules/${p}/package.json`)).version).join(", ")'), $(xmllint --version 2>&1 | sed -n 1p), $(java -version 2>&1 | sed -n 1p)"
cmp java libxml2
echo "expected, by XPath 1.0, 2.2 (following: no descendants; preceding: no ancestors): as libxml2 and Java"
paste -d '|' queries java js | sed 's/|/: libxml2 and Java "/; s/|/", xpath "/; s/$/"/' | tee seen
cmp seen <<'X'
string(/D/B[1]/L[1]/following::L[1]/@c): libxml2 and Java "bonus", xpath "pay"
string(/D/B[1]/L[1]/following::L[1]): libxml2 and Java "20.05", xpath "999.95"
count(/D/B[1]/L[1]/following::L): libxml2 and Java "5", xpath "3"
count(/D/B[1]/L[1]/following::text()): libxml2 and Java "4", xpath "3"
count(/D/B[1]/L[2]/following::M): libxml2 and Java "0", xpath "1"
string(/D/B[2]/L[@c='empty']/following::L[1]): libxml2 and Java "-40.00", xpath "-40.00"
count(/D/B[2]/L[1]/preceding::B): libxml2 and Java "1", xpath "2"
name(/D/B[2]/L[1]/preceding::*[1]): libxml2 and Java "L", xpath "B"
count(/D/B[2]/L[1]/preceding::*): libxml2 and Java "5", xpath "7"
string(/D/B[2]/L[1]/preceding::L[1]): libxml2 and Java "-45.20", xpath "-45.20"
count(//L[@c='tax'][preceding::L[1]/@c='bonus']): libxml2 and Java "1", xpath "1"
X
