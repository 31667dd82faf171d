#!/usr/bin/env bash
# Xerces-C 3.2.4 (libxerces-c-samples of Debian 12): xs:unique, xs:key and xs:keyref compare an xs:hexBinary, base64Binary, duration, gYear or
# gYearMonth by its text, where XML Schema has them compare values. Two documents of one fingerprint, 0aff and 0AFF, or a month
# given as 2026-05Z and as 2026-05+00:00, are not seen as given twice, and a keyref to PT36H that says P1DT12H is refused. Of decimal, integer,
# date and dateTime it compares values. Under xs:enumeration it compares the values of all but hexBinary. And an element whose
# default stands for it, as an empty one's does, has no value for xs:unique; an attribute's has. The validator of JDK 17 and libxml2
# 2.9.14 (libxml2-utils) are right about all.
set -euo pipefail
for t in java xmllint SAX2Count; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >tries <<'T'
decimal 0.5 0.50
integer 42 042
date 2026-05-01Z 2026-05-01+00:00
dateTime 2026-05-01T00:00:00Z 2026-05-01T02:00:00+02:00
hexBinary 0aff 0AFF
base64Binary YWJj YW&#32;Jj
duration PT36H P1DT12H
gYearMonth 2026-05Z 2026-05+00:00
gYear 2026Z 2026+00:00
string 0aff 0AFF
T
head='<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType><xs:sequence>'
while read -r t one two; do
  f='type="xs:'$t'"'
  echo "$head<xs:element name=\"b\" maxOccurs=\"2\"><xs:complexType><xs:attribute name=\"v\" $f/></xs:complexType></xs:element></xs:sequence></xs:complexType>
    <xs:unique name=\"k\"><xs:selector xpath=\"b\"/><xs:field xpath=\"@v\"/></xs:unique></xs:element></xs:schema>" >$t-unique.xsd
  echo "<a><b v=\"$one\"/><b v=\"$two\"/></a>" >$t-unique.xml
  echo "$head<xs:element name=\"b\"><xs:complexType><xs:attribute name=\"v\" $f/></xs:complexType></xs:element>
    <xs:element name=\"c\"><xs:complexType><xs:attribute name=\"v\" $f/></xs:complexType></xs:element></xs:sequence></xs:complexType>
    <xs:key name=\"k\"><xs:selector xpath=\"b\"/><xs:field xpath=\"@v\"/></xs:key>
    <xs:keyref name=\"r\" refer=\"k\"><xs:selector xpath=\"c\"/><xs:field xpath=\"@v\"/></xs:keyref></xs:element></xs:schema>" >$t-keyref.xsd
  echo "<a><b v=\"$one\"/><c v=\"$two\"/></a>" >$t-keyref.xml
  echo "$head<xs:element name=\"b\"><xs:simpleType><xs:restriction base=\"xs:$t\"><xs:enumeration value=\"$one\"/></xs:restriction></xs:simpleType></xs:element>
    </xs:sequence></xs:complexType></xs:element></xs:schema>" >$t-enumeration.xsd
  echo "<a><b>$two</b></a>" >$t-enumeration.xml
done <tries
echo "$head<xs:element name=\"b\" maxOccurs=\"2\"><xs:complexType><xs:sequence><xs:element name=\"v\" type=\"xs:integer\" default=\"1\"/></xs:sequence></xs:complexType>
  </xs:element></xs:sequence></xs:complexType><xs:unique name=\"k\"><xs:selector xpath=\"b\"/><xs:field xpath=\"v\"/></xs:unique></xs:element></xs:schema>" >default-element.xsd
echo "<a><b><v>1</v></b><b><v/></b></a>" >default-element.xml
echo "$head<xs:element name=\"b\" maxOccurs=\"2\"><xs:complexType><xs:attribute name=\"v\" type=\"xs:integer\" default=\"1\"/></xs:complexType></xs:element>
  </xs:sequence></xs:complexType><xs:unique name=\"k\"><xs:selector xpath=\"b\"/><xs:field xpath=\"@v\"/></xs:unique></xs:element></xs:schema>" >default-attribute.xsd
echo "<a><b v=\"1\"/><b/></a>" >default-attribute.xml
cat >Valid.java <<'J'
import java.io.*;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.*;

class Valid {
  public static void main(String[] a) throws Exception {
    for (String f : a) {
      Schema s = SchemaFactory.newInstance("http://www.w3.org/2001/XMLSchema").newSchema(new File(f + ".xsd"));
      try {
        s.newValidator().validate(new StreamSource(new File(f + ".xml")));
        System.out.println("valid");
      } catch (org.xml.sax.SAXException e) {
        System.out.println("not");
      }
    }
  }
}
J
names="$(while read -r t _; do echo $t-unique $t-keyref $t-enumeration; done <tries) default-element default-attribute"
for f in $names; do
  if xmllint --noout --schema $f.xsd $f.xml 2>/dev/null; then echo valid; else echo not; fi >>libxml2
  sed 's|<a>|<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="'$f'.xsd">|' $f.xml >c.xml
  SAX2Count -f -v=always c.xml >out 2>&1 || true
  if grep -q Error out; then echo not; else echo valid; fi >>xercesC
done
java Valid.java $names >jdk
cmp jdk libxml2
echo "$(xmllint --version 2>&1 | sed -n 1p), $(java -version 2>&1 | sed -n 1p), $(dpkg-query -W -f '${Package} ${Version}' libxerces-c-samples)"
echo "expected, by XML Schema part 1, 3.11.4 (equal values), of one value in two writings: unique not, keyref and enumeration valid; a string the reverse"
paste -d ' ' <(printf '%s\n' $names) jdk xercesC | sed 's/ / JDK and libxml2: /; s/\(.*\) /\1, Xerces-C: /' | tee seen
for t in hexBinary base64Binary duration gYearMonth gYear; do
  grep -qx "$t-unique JDK and libxml2: not, Xerces-C: valid" seen
  grep -qx "$t-keyref JDK and libxml2: valid, Xerces-C: not" seen
done
grep -qx "default-element JDK and libxml2: not, Xerces-C: valid" seen
