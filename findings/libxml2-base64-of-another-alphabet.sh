#!/usr/bin/env bash
# libxml2 2.9.14 (libxml2-utils of Debian 12; 2.13.8 in npm xmllint-wasm 5.3.0 alike): in an xs:base64Binary it overlooks what is not
# of base64 and looks whether the rest comes in fours. YWJj!ZGVm is valid and a lone é too, and so is one document in four
# that a program wrote in the alphabet of addresses, with - and _ for + and /. What is made of it then depends on the
# reader: Node takes - and _ for what they stand for, Python 3.11 leaves them out and gives other bytes without a word, coreutils
# gives an error. And xs:length counts the bytes without them. The validator of JDK 17 and python3-xmlschema 1.10 (Debian
# 12) refuse all that is not of the alphabet. A journal whose documents are in base64, valid by xmllint, is not so by Java.
set -euo pipefail
for t in xmllint npm node java python3 base64; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
/usr/bin/python3 -c 'import xmlschema' 2>/dev/null || { echo "python3-xmlschema is not installed"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts xmllint-wasm@5.3.0 >/dev/null
cat >a.xsd <<'X'
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:element name="a" type="xs:base64Binary"/>
<xs:element name="six"><xs:simpleType><xs:restriction base="xs:base64Binary"><xs:length value="6"/></xs:restriction></xs:simpleType></xs:element>
</xs:schema>
X
# The first two are ff fe fd ff ef in either alphabet.
cat >cases <<'T'
<a>//79/+8=</a>
<a>__79_-8=</a>
<six>YWJjZGVm</six>
<six>YWJj-_--ZGVm</six>
<a>YWJj!ZGVm</a>
<a>é</a>
<a>YWJ</a>
T
cat >Valid.java <<'J'
import java.io.*;
import java.nio.file.*;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.*;

class Valid {
  public static void main(String[] a) throws Exception {
    Schema s = SchemaFactory.newInstance("http://www.w3.org/2001/XMLSchema").newSchema(new File("a.xsd"));
    for (String text : Files.readAllLines(Path.of("cases"))) {
      try {
        s.newValidator().validate(new StreamSource(new StringReader(text)));
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
const schema = [readFileSync("a.xsd", "utf8")];
for (const contents of readFileSync("cases", "utf8").trim().split("\n"))
  console.log((await validateXML({ xml: [{ fileName: "a.xml", contents }], schema })).valid ? "valid" : "not");
J
cat >valid.py <<'P'
import xmlschema
schema = xmlschema.XMLSchema("a.xsd")
for text in open("cases", encoding="utf-8"): print("valid" if schema.is_valid(text.strip()) else "not")
P
while read -r text; do
  printf '%s' "$text" >a.xml
  if xmllint --noout --schema a.xsd a.xml 2>/dev/null; then echo valid; else echo not; fi
done <cases >libxml2
node valid.mjs >wasm
cmp libxml2 wasm
java Valid.java >jdk
/usr/bin/python3 valid.py >xmlschema
cmp jdk xmlschema
xmllint --version 2>&1 | sed -n 1p
echo "$(node -p '"xmllint-wasm " + JSON.parse(fs.readFileSync("node_modules/xmllint-wasm/package.json")).version')," \
  "$(java -version 2>&1 | sed -n 1p), xmlschema $(/usr/bin/python3 -c 'import xmlschema; print(xmlschema.__version__)')"
echo "expected, by XML Schema part 2, 3.2.16 (A-Z a-z 0-9 + / = and blanks): as the JDK and xmlschema"
paste -d '|' cases jdk libxml2 | sed 's/|/   the JDK and xmlschema: /; s/|/   libxml2: /'
printf '%s\n' valid not valid not not not not | cmp - jdk
printf '%s\n' valid valid valid valid valid valid not | cmp - libxml2
for text in //79/+8= __79_-8=; do
  echo "$text: Node $(node -p 'Buffer.from(process.argv[1], "base64").toString("hex")' $text)," \
    "Python $(python3 -c 'import base64, sys; print(base64.b64decode(sys.argv[1]).hex())' $text)," \
    "coreutils $(if echo $text | base64 -d >bytes 2>/dev/null; then od -An -tx1 bytes | tr -d ' \n'; else echo an error; fi)"
done | tee seen
cmp seen <<'X'
//79/+8=: Node fffefdffef, Python fffefdffef, coreutils fffefdffef
__79_-8=: Node fffefdffef, Python efdf, coreutils an error
X
