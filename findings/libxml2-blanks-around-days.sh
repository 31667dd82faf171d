#!/usr/bin/env bash
# libxml2 2.9.14 (libxml2-utils of Debian 12; 2.13.8 in npm xmllint-wasm 5.3.0 alike): of xs:date, xs:dateTime, xs:time, xs:gYearMonth and
# the other types of time, xs:duration too, it does not take the blanks and line ends off that stand around the value, as XML
# Schema has it for all types but xs:string and xs:normalizedString. It does so for xs:decimal, xs:integer, xs:boolean, xs:hexBinary and
# xs:base64Binary. So a list of agents that a printer of XML has laid out anew, each value on a line of its own, is
# refused for its days alone, and so is a day in an attribute that ends in a blank. The validator of JDK 17,
# Xerces-C 3.2.4 (libxerces-c-samples) and python3-xmlschema 1.10 (Debian 12) take both.
set -euo pipefail
for t in xmllint npm node java SAX2Count; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
/usr/bin/python3 -c 'import xmlschema' 2>/dev/null || { echo "python3-xmlschema is not installed"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts xmllint-wasm@5.3.0 >/dev/null
types='date=2026-05-01 dateTime=2026-05-01T07:30:00 time=07:30:00 gYearMonth=2026-05 gYear=2026 gMonthDay=--05-01 duration=P1M decimal=2079.99 integer=42 boolean=true hexBinary=0aff base64Binary=YWJj'
for t in $types; do
  printf '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType><xs:sequence><xs:element name="b" type="xs:%s"/></xs:sequence><xs:attribute name="v" type="xs:%s"/></xs:complexType></xs:element></xs:schema>' "${t%%=*}" "${t%%=*}" >"${t%%=*}.xsd"
done
cat >Valid.java <<'J'
import java.io.*;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.*;

class Valid {
  public static void main(String[] a) throws Exception {
    for (String f : a) {
      Schema s = SchemaFactory.newInstance("http://www.w3.org/2001/XMLSchema").newSchema(new File(f.replaceAll("-.*", "") + ".xsd"));
      try {
        s.newValidator().validate(new StreamSource(new File(f)));
        System.out.println(f + " valid");
      } catch (org.xml.sax.SAXException e) {
        System.out.println(f + " not");
      }
    }
  }
}
J
cat >valid.mjs <<'J'
import { readFileSync } from "fs";
import { validateXML } from "xmllint-wasm";
for (const f of process.argv.slice(2)) {
  const schema = [readFileSync(f.split("-")[0] + ".xsd", "utf8")];
  const { valid } = await validateXML({ xml: [{ fileName: f, contents: readFileSync(f, "utf8") }], schema });
  console.log(f + (valid ? " valid" : " not"));
}
J
cat >valid.py <<'P'
import sys, xmlschema
for f in sys.argv[1:]: print(f, "valid" if xmlschema.XMLSchema(f.split("-")[0] + ".xsd").is_valid(f) else "not")
P
files=
for t in $types; do
  name=${t%%=*} v=${t#*=}
  printf '<a v="%s"><b>%s</b></a>' "$v" "$v" >$name-bare.xml
  printf '<a><b>\n  %s\n</b></a>' "$v" >$name-lines.xml
  printf '<a v="%s "><b>%s</b></a>' "$v" "$v" >$name-attribute.xml
  for f in bare lines attribute; do
    files="$files $name-$f.xml"
    if xmllint --noout --schema $name.xsd $name-$f.xml 2>/dev/null; then echo $name-$f.xml valid; else echo $name-$f.xml not; fi >>libxml2
    sed 's|<a|<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="'$name'.xsd"|' $name-$f.xml >c.xml
    SAX2Count -f -v=always c.xml >out 2>&1 || true
    if grep -q Error out; then echo $name-$f.xml not; else echo $name-$f.xml valid; fi >>xercesC
  done
done
node valid.mjs $files >wasm
java Valid.java $files >jdk
/usr/bin/python3 valid.py $files >xmlschema
cmp libxml2 wasm
cmp jdk xmlschema
cmp jdk xercesC
xmllint --version 2>&1 | sed -n 1p
echo "$(node -p '"xmllint-wasm " + JSON.parse(fs.readFileSync("node_modules/xmllint-wasm/package.json")).version')," \
  "$(java -version 2>&1 | sed -n 1p), xmlschema $(/usr/bin/python3 -c 'import xmlschema; print(xmlschema.__version__)')," \
  "$(dpkg-query -W -f '${Package} ${Version}' libxerces-c-samples)"
echo "expected, by XML Schema part 2, 4.3.6 (whiteSpace is collapse for all of these): valid, as the JDK, Xerces-C and xmlschema have them"
paste -d ' ' jdk <(cut -d ' ' -f 2 libxml2) | sed 's/ / the others: /; s/\(.*\) /\1 libxml2: /'
for t in $types; do
  case ${t%%=*} in decimal | integer | boolean | hexBinary | base64Binary) v=valid ;; *) v=not ;; esac
  printf "${t%%=*}-%s\n" 'bare.xml valid' "lines.xml $v" "attribute.xml $v"
done | cmp - libxml2
! grep -v ' valid$' jdk
