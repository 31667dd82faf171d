#!/usr/bin/env bash
# libxml2 2.9.14 (libxml2-utils of Debian 12) and Xerces-C 3.2.4 (libxerces-c-samples): the 24:00:00 that ends a day is not
# the 00:00:00 that begins the next. XML Schema has them be one value. Both take 2026-05-31T24:00:00 under maxExclusive
# 2026-06-01T00:00:00 and twice under xs:unique, and refuse it where an enumeration lists the other. Xerces-J 2.12.2 and
# the validator of JDK 17 see one value of a dateTime, but two of an xs:time.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
jar=/usr/share/java/xercesImpl.jar
for t in java xmllint SAX2Count; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
[ -e $jar ] || { echo "libxerces2-java is not installed"; exit 1; }
cat >s.xsd <<'X'
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:element name="month"><xs:simpleType><xs:restriction base="xs:dateTime"><xs:maxExclusive value="2026-06-01T00:00:00"/></xs:restriction></xs:simpleType></xs:element>
<xs:element name="listed"><xs:simpleType><xs:restriction base="xs:dateTime"><xs:enumeration value="2026-06-01T00:00:00"/></xs:restriction></xs:simpleType></xs:element>
<xs:element name="time"><xs:simpleType><xs:restriction base="xs:time"><xs:enumeration value="00:00:00"/></xs:restriction></xs:simpleType></xs:element>
<xs:element name="twice"><xs:complexType><xs:sequence><xs:element name="k" type="xs:dateTime" maxOccurs="2"/></xs:sequence></xs:complexType>
<xs:unique name="u"><xs:selector xpath="k"/><xs:field xpath="."/></xs:unique></xs:element>
</xs:schema>
X
make() { echo "<$1 xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:noNamespaceSchemaLocation='s.xsd'>$2</$1>" >$1.xml; }
make month 2026-05-31T24:00:00
make listed 2026-05-31T24:00:00
make time 24:00:00
make twice "<k>2026-05-31T24:00:00</k><k>2026-06-01T00:00:00</k>"
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
dpkg-query -W -f '${Package} ${Version}\n' libxerces-c-samples
echo "expected, by XML Schema part 2 (second edition), 3.2.7.1 and 3.2.8.2: month refused, listed valid, time valid, twice refused"
for c in month listed time twice; do
  echo "$c libxml2:$(say xmllint --noout --schema s.xsd $c.xml) xercesC:$(say xercesC $c.xml) jdk:$(say java -cp . Judge $c.xml)" \
    "xercesJ:$(say java -cp .:$jar:/usr/share/java/xml-apis.jar Judge $c.xml)"
done | tee seen
cmp seen <<'X'
month libxml2:valid xercesC:valid jdk:refused xercesJ:refused
listed libxml2:refused xercesC:refused jdk:valid xercesJ:valid
time libxml2:refused xercesC:refused jdk:refused xercesJ:refused
twice libxml2:valid xercesC:valid jdk:refused xercesJ:refused
X
