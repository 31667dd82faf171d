#!/usr/bin/env bash
# A schema that fixes a value, version fixed="1.0": another writing of the same value, 1.00, is the value. libxml2 2.9.14 (libxml2-utils
# of Debian 12; 2.13.8 in npm xmllint-wasm 5.3.0 alike) compares an element's as texts and an attribute's as values, and refuses <scale>1</scale> where
# 1.0 is fixed, 1 for true, and even an xs:token with a blank after it. Xerces-C 3.2.4 (libxerces-c-samples) does the reverse: an attribute's as
# texts, an element's as values, but for hexBinary and base64Binary. So the same document, in which a printer of amounts wrote 0.50 for 0.5,
# is refused by the one for its elements and by the other for its attributes. The validator of JDK 17 and python3-xmlschema 1.10
# (Debian 12) take both.
set -euo pipefail
for t in npm node java xmllint SAX2Count /usr/bin/python3; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
/usr/bin/python3 -c 'import xmlschema' 2>/dev/null || { echo "python3-xmlschema is not installed"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts xmllint-wasm@5.3.0 >/dev/null
cat >tries <<'T'
decimal|0.5|0.5
decimal|0.5|0.50
decimal|0.5|0.6
integer|42|042
boolean|true|1
token|pay|pay 
string|pay|pay 
date|2026-05-01Z|2026-05-01+00:00
dateTime|2026-05-01T00:00:00Z|2026-05-01T02:00:00+02:00
duration|P1Y|P12M
hexBinary|0aff|0AFF
base64Binary|YWJj|YW Jj
T
n=0
while IFS='|' read -r type fixed value; do
  n=$((n + 1))
  printf '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="xs:%s" fixed="%s"/></xs:schema>' "$type" "$fixed" >$n-element.xsd
  printf '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType><xs:attribute name="v" type="xs:%s" fixed="%s"/></xs:complexType></xs:element></xs:schema>' "$type" "$fixed" >$n-attribute.xsd
  printf '<a>%s</a>' "$value" >$n-element.xml
  printf '<a v="%s"/>' "$value" >$n-attribute.xml
done <tries
files=$(for i in $(seq $n); do echo $i-element.xml $i-attribute.xml; done)
cat >Valid.java <<'J'
import java.io.*;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.*;

class Valid {
  public static void main(String[] a) throws Exception {
    for (String f : a) {
      Schema s = SchemaFactory.newInstance("http://www.w3.org/2001/XMLSchema").newSchema(new File(f.replace(".xml", ".xsd")));
      try {
        s.newValidator().validate(new StreamSource(new File(f)));
        System.out.println("valid");
      } catch (org.xml.sax.SAXException e) {
        System.out.println("not");
      }
    }
  }
}
J
cat >valid.mjs <<'J'
import { readFileSync } from "fs";
import { validateXML } from "xmllint-wasm";
for (const f of process.argv.slice(2)) {
  const schema = [readFileSync(f.replace(".xml", ".xsd"), "utf8")];
  const { valid } = await validateXML({ xml: [{ fileName: f, contents: readFileSync(f, "utf8") }], schema });
  console.log(valid ? "valid" : "not");
}
J
cat >valid.py <<'P'
import sys, xmlschema
for f in sys.argv[1:]: print("valid" if xmlschema.XMLSchema(f.replace(".xml", ".xsd")).is_valid(f) else "not")
P
for f in $files; do
  if xmllint --noout --schema ${f%.xml}.xsd $f 2>/dev/null; then echo valid; else echo not; fi >>libxml2
  sed 's|<a|<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="'${f%.xml}'.xsd"|' $f >c.xml
  SAX2Count -f -v=always c.xml >out 2>&1 || true
  if grep -q Error out; then echo not; else echo valid; fi >>xercesC
done
node valid.mjs $files >wasm
java Valid.java $files >jdk
/usr/bin/python3 valid.py $files >xmlschema
cmp jdk xmlschema
cmp libxml2 wasm
xmllint --version 2>&1 | sed -n 1p
echo "$(node -p '"xmllint-wasm " + JSON.parse(fs.readFileSync("node_modules/xmllint-wasm/package.json")).version')," \
  "$(java -version 2>&1 | sed -n 1p), xmlschema $(/usr/bin/python3 -c 'import xmlschema; print(xmlschema.__version__)')," \
  "$(dpkg-query -W -f '${Package} ${Version}' libxerces-c-samples)"
echo "expected, by XML Schema part 1, 3.3.4 (Element Locally Valid, 5.2.2.2.2: the actual value) and 3.2.4 (Attribute Locally Valid, 4): as the JDK and xmlschema"
echo "type|fixed|written: element by the JDK, libxml2, Xerces-C; attribute by the JDK, libxml2, Xerces-C"
paste -d ' ' jdk libxml2 xercesC | paste -d ' ' - - | paste -d ':' tries - | sed 's|:\([a-z ]*\)$|: \1|' | tee seen
cmp seen <<'X'
decimal|0.5|0.5: valid valid valid valid valid valid
decimal|0.5|0.50: valid not valid valid valid not
decimal|0.5|0.6: not not not not not not
integer|42|042: valid not valid valid valid not
boolean|true|1: valid not valid valid valid not
token|pay|pay : valid not valid valid valid valid
string|pay|pay : not not not not not not
date|2026-05-01Z|2026-05-01+00:00: valid not valid valid valid not
dateTime|2026-05-01T00:00:00Z|2026-05-01T02:00:00+02:00: valid not valid valid valid not
duration|P1Y|P12M: valid not valid valid valid not
hexBinary|0aff|0AFF: valid not not valid valid not
base64Binary|YWJj|YW Jj: valid not not valid valid not
X
