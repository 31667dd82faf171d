#!/usr/bin/env bash
# format-number(., '0.00') of XSLT, by which style sheets show the amounts of a journal: libxslt 1.1.35 (xsltproc of Debian 12), the
# processor of JDK 17 and Saxon-HE 9.9 (libsaxonhe-java of Debian 12) each have a rule of their own for half a cent. libxslt
# multiplies by 100, as doubles do, and takes the half up. The JDK looks at the binary number, which is seldom a half, and takes a
# half to the even cent, as JDK 1.1 did, to which XSLT 1.0 refers. Saxon looks at the digits as they stand and takes the half
# to the even cent. So no two of them show the same eight amounts, and none the ones that people round to: 0.13 1.01 1.02 2.68
# 10.00 10.08 2079.99 1234.57. A base times a rate, looked at by a style sheet, is another cent than on the bulletin.
set -euo pipefail
saxon=/usr/share/java/Saxon-HE.jar
for t in xsltproc java javac; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
[ -e $saxon ] || { echo "libsaxonhe-java is not installed"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
amounts='0.125 1.005 1.015 2.675 9.995 10.075 2079.985 1234.565'
cat >s.xsl <<'X'
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:output method="text"/>
<xsl:template match="/"><xsl:for-each select="r/m"><xsl:value-of select="format-number(., '0.00')"/><xsl:text>&#10;</xsl:text></xsl:for-each></xsl:template>
</xsl:stylesheet>
X
{ echo '<r>'; for m in $amounts; do echo "<m>$m</m>"; done; echo '</r>'; } >a.xml
cat >Style.java <<'J'
import java.io.File;
import javax.xml.transform.*;
import javax.xml.transform.stream.*;
class Style {
	public static void main(String[] a) throws Exception {
		TransformerFactory.newInstance().newTransformer(new StreamSource(new File("s.xsl")))
			.transform(new StreamSource(new File("a.xml")), new StreamResult(new File(a[0])));
	}
}
J
javac Style.java
xsltproc s.xsl a.xml >libxslt
java -cp . Style jdk
java -cp .:$saxon -Djavax.xml.transform.TransformerFactory=net.sf.saxon.TransformerFactoryImpl Style saxon
xsltproc --version | sed -n 1p
java -version 2>&1 | sed -n 1p
dpkg-query -W -f '${Package} ${Version}\n' libsaxonhe-java
echo "expected, of one style sheet, one amount: the same from the three"
paste -d ' ' <(printf '%s\n' $amounts) libxslt jdk saxon | sed 's/ / libxslt /; s/ / JDK /3; s/ / Saxon /5'
printf '%s\n' 0.13 1.00 1.01 2.68 9.99 10.07 2079.99 1234.57 | cmp - libxslt
printf '%s\n' 0.12 1.00 1.01 2.67 9.99 10.07 2079.99 1234.57 | cmp - jdk
printf '%s\n' 0.12 1.00 1.02 2.68 10.00 10.08 2079.98 1234.56 | cmp - saxon
