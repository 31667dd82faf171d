#!/usr/bin/env bash
# Xerces-J 2.12.2 (libxerces2-java of Debian 12), the validator of JDK 17 and Xerces-C 3.2.4 (libxerces-c-samples): a dot
# in a pattern of XML Schema does not match U+2028 and U+2029, the separators of lines and paragraphs that word processors
# put into texts. It matches U+0085, which other readers of regular expressions leave out with them. XML Schema has it
# match all but U+000A and U+000D, and libxml2 and Python's xmlschema do. So "...+" refuses a text to one judge only.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
jar=/usr/share/java/xercesImpl.jar
for t in java xmllint SAX2Count; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
[ -e $jar ] || { echo "libxerces2-java is not installed"; exit 1; }
cat >s.xsd <<'X'
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="t"><xs:simpleType><xs:restriction base="xs:string">
<xs:pattern value="a.b"/></xs:restriction></xs:simpleType></xs:element></xs:schema>
X
for c in 78 0A 0D 85 2003 2028 2029; do
  echo "<t xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:noNamespaceSchemaLocation='s.xsd'>a&#x$c;b</t>" >$c.xml
done
cat >Judge.java <<'J'
import java.io.File;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.*;
class Judge {
	public static void main(String[] a) throws Exception {
		Schema s = SchemaFactory.newInstance("http://www.w3.org/2001/XMLSchema").newSchema(new File("s.xsd"));
		try {
			s.newValidator().validate(new StreamSource(new File(a[0])));
		} catch (org.xml.sax.SAXException e) {
			System.exit(1);
		}
	}
}
J
javac Judge.java
say() { if "$@" >/dev/null 2>&1; then echo valid; else echo refused; fi; }
xercesC() { SAX2Count -f -v=always "$1" >out 2>&1 || true; ! grep -q '^Error' out; }
xmllint --version 2>&1 | sed -n 1p
java -version 2>&1 | sed -n 1p
java -cp $jar org.apache.xerces.impl.Version
dpkg-query -W -f '${Package} ${Version}\n' libxerces-c-samples python3-xmlschema 2>/dev/null || true
echo "expected, by XML Schema part 2, appendix F.1.1 (the dot is [^\n\r]): all valid but U+0A and U+0D"
for c in 78 0A 0D 85 2003 2028 2029; do
  line="U+$c libxml2:$(say xmllint --noout --schema s.xsd $c.xml) jdk:$(say java -cp . Judge $c.xml)"
  line+=" xercesJ:$(say java -cp .:$jar:/usr/share/java/xml-apis.jar Judge $c.xml) xercesC:$(say xercesC $c.xml)"
  ! /usr/bin/python3 -c 'import xmlschema' 2>/dev/null ||
    line+=" xmlschema:$(say /usr/bin/python3 -c "import sys, xmlschema; sys.exit(not xmlschema.XMLSchema('s.xsd').is_valid('$c.xml'))")"
  echo "$line"
done | tee seen
for c in 78 85 2003; do ! grep "^U+$c " seen | grep -q refused; done
for c in 0A 0D; do ! grep "^U+$c " seen | grep -q valid; done
for c in 2028 2029; do grep -q "^U+$c libxml2:valid jdk:refused xercesJ:refused xercesC:refused" seen; done
