#!/usr/bin/env bash
# npm saxon-js 2.7.0, XPath 3.1 and XSLT in Node and browsers, whose xs:integer has as many digits as one wants: "mod" of one
# above 2^53 is that of the nearest double. +, -, * and idiv are exact, so that $n mod 97 is not $n - 97 * ($n idiv 97). The rest by
# which an IBAN is known as good, 1, of a number of 29 digits in France and of 24 in Germany, is another one, and a rule of
# Schematron that calculates it refuses good accounts. Of two such numbers next to each other distinct-values
# keeps one, and at a power of two neither is greater, though they are not equal. No error. Saxon-HE 9.9 (libsaxonhe-java
# of Debian 12), the same makers' in Java, and python3-elementpath 2.5.3 (Debian 12) are right.
set -euo pipefail
for t in npm node java /usr/bin/python3; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
jar=/usr/share/java/Saxon-HE.jar
test -f $jar || { echo "libsaxonhe-java is not installed"; exit 1; }
/usr/bin/python3 -c 'import elementpath' 2>/dev/null || { echo "python3-elementpath is not installed"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts saxon-js@2.7.0 >/dev/null
# The two IBAN that stand as examples of France and of Germany in the registry, the letters as two digits, the first four characters last.
iban() { printf "xs:integer(string-join(for \$c in string-to-codepoints(concat(substring('%s', 5), substring('%s', 1, 4))) return string(if (\$c gt 64) then \$c - 55 else \$c - 48), ''))" "$1" "$1"; }
cat >queries <<Q
$(iban FR1420041010050500013M02606)
$(iban FR1420041010050500013M02606) mod 97
$(iban DE89370400440532013000) mod 97
200410100505000132202606152714 - 97 * (200410100505000132202606152714 idiv 97)
9007199254740991 mod 97
9007199254740993 mod 97
12345678901234567 mod 10
18446744073709551617 gt 18446744073709551616
18446744073709551617 eq 18446744073709551616
distinct-values((12345678901234567, 12345678901234566))
Q
cat >Read.java <<'J'
import java.nio.file.*;
import net.sf.saxon.s9api.*;

class Read {
  public static void main(String[] a) throws Exception {
    XPathCompiler c = new Processor(false).newXPathCompiler();
    for (String q : Files.readAllLines(Path.of("queries"))) {
      for (XdmItem i : c.evaluate(q, null)) System.out.print(i.getStringValue() + " ");
      System.out.println();
    }
  }
}
J
cat >read.js <<'J'
const saxon = require("saxon-js");
for (const q of require("fs").readFileSync("queries", "utf8").trim().split("\n"))
  console.log(saxon.XPath.evaluate("for $i in (" + q + ") return string($i)", null, { resultForm: "array" }).join(" ") + " ");
J
cat >read.py <<'P'
import elementpath, xml.etree.ElementTree as tree
for q in open("queries"):
    got = elementpath.select(tree.XML("<a/>"), "for $i in (" + q.strip() + ") return string($i)")
    print(" ".join(got), "")
P
echo "saxon-js $(node -p 'JSON.parse(fs.readFileSync("node_modules/saxon-js/package.json")).version')," \
  "$(dpkg-query -W -f '${Package} ${Version}' libsaxonhe-java)," \
  "elementpath $(/usr/bin/python3 -c 'import elementpath; print(elementpath.__version__)')"
node read.js >js
java -cp $jar Read.java >he
/usr/bin/python3 read.py >py
cmp he py
/usr/bin/python3 - <<'P' # the rests by the integers of Python
assert 200410100505000132202606152714 % 97 == 1 and 370400440532013000131489 % 97 == 1
assert 9007199254740991 % 97 == 31 and 9007199254740993 % 97 == 33
P
echo "expected, by XPath and XQuery Functions and Operators 3.1, 4.2.6 (the rest is exact for integers) and 4.3: as Saxon-HE and elementpath"
cut -c 1-60 queries | paste -d '|' - he js | sed 's/ *|/   Saxon-HE and elementpath: /; s/ *|/   saxon-js: /'
cmp he <<'X'
200410100505000132202606152714 
1 
1 
1 
31 
33 
7 
true 
false 
12345678901234567 12345678901234566 
X
cmp js <<'X'
200410100505000132202606152714 
91 
65 
1 
31 
32 
8 
false 
false 
12345678901234567 
X
