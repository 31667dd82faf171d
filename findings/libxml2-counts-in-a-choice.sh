#!/usr/bin/env bash
# libxml2 2.9.14 (libxml2-utils of Debian 12; 2.13.8 in npm xmllint-wasm 5.3.0 and the one of npm libxml2-wasm 0.7.2 alike):
# a pattern of XML Schema in which a counted branch of a choice comes before one that may begin alike. The first character
# of the one may be followed by the second branch from its beginning: [0-9]{2}|2[AB], the departments with those of Corsica,
# takes 22A and 02A, and so a number of social security of 14 digits and a code of a commune of six. With the branches
# the other way round, or [0-9][0-9] for [0-9]{2}, it refuses them. And what repeats something that may be empty two times
# must not be empty: (-?){2} refuses the empty text. JDK 17, Xerces-J 2.12.2, Xerces-C 3.2.4 (libxerces-c-samples) and
# Python's re are right about all. Who writes such a schema and tries it with xmllint lets through what Java refuses.
set -euo pipefail
jar=/usr/share/java/xercesImpl.jar
for t in java javac xmllint SAX2Count npm node python3; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
[ -e $jar ] || { echo "libxerces2-java is not installed"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts xmllint-wasm@5.3.0 libxml2-wasm@0.7.2 >/dev/null
cat >cases <<'X'
[0-9]{2}|2[AB] 2A
[0-9]{2}|2[AB] 22A
[0-9]{2}|2[AB] 02A
[0-9]{2}|2[AB] 75A
2[AB]|[0-9]{2} 22A
[0-9][0-9]|2[AB] 22A
([0-9]{2}|2[AB])[0-9]{3} 22A004
[12][0-9]{4}([0-9]{2}|2[AB])[0-9]{6} 1991322A001002
(-?){2} -
(-?){2}
X
n=0
while IFS=' ' read -r pattern value; do
  n=$((n + 1)) name=$(printf 'c%02d' "$n")
  cat >$name.xsd <<X
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="t"><xs:simpleType><xs:restriction base="xs:string">
<xs:pattern value="$pattern"/></xs:restriction></xs:simpleType></xs:element></xs:schema>
X
  echo "<t xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:noNamespaceSchemaLocation='$name.xsd'>$value</t>" >$name.xml
done <cases
cat >Judge.java <<'J'
import java.io.File;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.*;
class Judge {
	public static void main(String[] a) throws Exception {
		SchemaFactory f = SchemaFactory.newInstance("http://www.w3.org/2001/XMLSchema");
		for (String name : a) {
			Schema s = f.newSchema(new File(name.replace(".xml", ".xsd")));
			String said = "valid";
			try {
				s.newValidator().validate(new StreamSource(new File(name)));
			} catch (org.xml.sax.SAXException e) {
				said = "refused";
			}
			System.out.println(said);
		}
	}
}
J
javac Judge.java
cat >wasm.mjs <<'J'
import { readFileSync } from "fs";
import { validateXML } from "xmllint-wasm";
import { XmlDocument, XsdValidator } from "libxml2-wasm";
for (const name of process.argv.slice(2)) {
  const xml = readFileSync(name, "utf8"), schema = readFileSync(name.replace(".xml", ".xsd"), "utf8");
  let other = "valid";
  try {
    XsdValidator.fromDoc(XmlDocument.fromString(schema)).validate(XmlDocument.fromString(xml));
  } catch {
    other = "refused";
  }
  console.log((await validateXML({ xml, schema })).valid ? "valid" : "refused", other);
}
J
for f in c*.xml; do
  if xmllint --noout --schema "${f%.xml}.xsd" "$f" >/dev/null 2>&1; then echo valid; else echo refused; fi
done >libxml2
for f in c*.xml; do
  SAX2Count -f -v=always "$f" >out 2>&1 || true
  if grep -q '^Error' out; then echo refused; else echo valid; fi
done >xercesC
node wasm.mjs c*.xml >wasm
java -cp . Judge c*.xml >jdk
java -cp .:$jar:/usr/share/java/xml-apis.jar Judge c*.xml >xercesJ
python3 -c 'import re
for l in open("cases"):
    p, _, v = l.rstrip("\n").partition(" ")
    print("valid" if re.fullmatch(p, v) else "refused")' >python
xmllint --version 2>&1 | sed -n 1p
node -p '["xmllint-wasm", "libxml2-wasm"].map((p) => p + " " + JSON.parse(fs.readFileSync(`node_modules/${p}/package.json`)).version).join(", ")'
java -version 2>&1 | sed -n 1p
java -cp $jar org.apache.xerces.impl.Version
dpkg-query -W -f '${Package} ${Version}\n' libxerces-c-samples
echo "expected, by XML Schema part 2 (second edition), F (a choice is what either branch matches; S{2} is S twice): 1, 9 and 10 valid, the others refused"
paste -d ' ' cases libxml2 wasm jdk xercesJ xercesC python | sed 's/^\(.*\) \([^ ]* [^ ]* [^ ]*\) \([^ ]*\) \([^ ]*\) \([^ ]*\) \([^ ]*\)$/\1   libxml2 \2, JDK \3, Xerces-J \4, Xerces-C \5, Python \6/'
printf '%s\n' valid refused refused refused refused refused refused refused valid valid >right
for t in jdk xercesJ xercesC python; do cmp right $t; done
printf '%s\n' valid valid valid refused refused refused valid valid valid refused | tee wrong | cmp - libxml2
paste -d ' ' wrong wrong | cmp - wasm
