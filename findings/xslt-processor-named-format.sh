#!/usr/bin/env bash
# npm xslt-processor 5.1.2, XSLT in Node and browsers: an xsl:decimal-format that has a name is taken for all of a style sheet. One that
# declares "fr", with a decimal comma and a blank between thousands, for the amounts that people read, and writes others for
# programs with format-number(number(.), '0.00') and no name, gets these rounded to whole euros: 2079.99 is "2080", 0.45 is "000"; of '#,##0.00'
# 1234.5 is "1234,500". Of two that have names the last is taken for both. No error, and the amounts that people read
# are right. xsltproc (libxslt 1.1.35 of Debian 12) and the processor of JDK 17 take each where it is named.
# (DesignLiquido/xslt-processor issue 199, closed, was about patterns without any format declared; they are right here.)
set -euo pipefail
for t in npm node xsltproc java; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts xslt-processor@5.1.2 >/dev/null
echo '<D><m>2079.99</m><m>0.45</m><m>1234.5</m><m>100</m></D>' >a.xml
fr='<xsl:decimal-format name="fr" decimal-separator="," grouping-separator=" "/>'
de='<xsl:decimal-format name="de" decimal-separator="," grouping-separator="."/>'
# sheet NAME FORMATS CALLS: a style sheet that writes each amount by each call.
sheet() {
  {
    echo "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:output method='text'/>$2<xsl:template match='/'><xsl:for-each select='/D/m'>"
    for c in "${@:3}"; do echo "<xsl:text>[</xsl:text><xsl:value-of select=\"format-number(number(.), $c)\"/><xsl:text>]</xsl:text>"; done
    echo "</xsl:for-each></xsl:template></xsl:stylesheet>"
  } >"$1.xsl"
}
sheet 'no format' '' "'0.00'" "'#,##0.00'"
sheet 'fr' "$fr" "'# ##0,00', 'fr'" "'0.00'" "'#,##0.00'"
sheet 'fr and de' "$fr$de" "'# ##0,00', 'fr'" "'#.##0,00', 'de'"
cat >run.mjs <<'J'
import { readFileSync, writeFileSync } from "fs";
import { XmlParser, Xslt } from "xslt-processor";
const parser = new XmlParser();
for (const name of ["no format", "fr", "fr and de"])
  writeFileSync(name + ".js", (await new Xslt().xsltProcess(parser.xmlParse(readFileSync("a.xml", "utf8")), parser.xmlParse(readFileSync(name + ".xsl", "utf8")))) + "\n");
J
cat >Run.java <<'J'
import java.io.*;
import javax.xml.transform.*;
import javax.xml.transform.stream.*;

class Run {
  public static void main(String[] a) throws Exception {
    for (String name : new String[] {"no format", "fr", "fr and de"})
      try (var out = new FileOutputStream(name + ".java")) {
        TransformerFactory.newInstance().newTransformer(new StreamSource(new File(name + ".xsl"))).transform(new StreamSource(new File("a.xml")), new StreamResult(out));
        out.write('\n');
      }
  }
}
J
node run.mjs
java Run.java
echo "xslt-processor $(node -p 'JSON.parse(fs.readFileSync("node_modules/xslt-processor/package.json")).version'), $(xsltproc --version | sed -n 1p), $(java -version 2>&1 | sed -n 1p)"
echo "expected, by XSLT 1.0, 12.3 (without a name the default decimal format is meant): as the others"
for name in 'no format' 'fr' 'fr and de'; do
  { xsltproc "$name.xsl" a.xml; echo; } | cmp - "$name.java"
  echo "$name: the others $(cat "$name.java")"
  echo "$name: xslt-processor $(cat "$name.js")"
done | tee seen
cmp seen <<'X'
no format: the others [2079.99][2,079.99][0.45][0.45][1234.50][1,234.50][100.00][100.00]
no format: xslt-processor [2079.99][2,079.99][0.45][0.45][1234.50][1,234.50][100.00][100.00]
fr: the others [2 079,99][2079.99][2,079.99][0,45][0.45][0.45][1 234,50][1234.50][1,234.50][100,00][100.00][100.00]
fr: xslt-processor [2 079,99][2080][2079,990][0,45][000][0,450][1 234,50][1235][1234,500][100,00][100][100,000]
fr and de: the others [2 079,99][2.079,99][0,45][0,45][1 234,50][1.234,50][100,00][100,00]
fr and de: xslt-processor [2079,99][2.079,99][0,45][0,45][1234,50][1.234,50][100,00][100,00]
X
