#!/usr/bin/env bash
# libxml2 2.9.14 (libxml2-utils of Debian 12; 2.13.8 in npm xmllint-wasm 5.3.0 alike): the zone of an xs:gYear, xs:gYearMonth,
# xs:gMonthDay or xs:gDay is applied the wrong way round, of an xs:time with a bound always as if it were later. May of
# Paris, 2026-05+02:00 as Java's XMLGregorianCalendar writes it, begins two hours before 2026-05Z and passes as not before
# it; May of Guadeloupe, 2026-05-04:00, begins after it and is refused. Of xs:date and xs:dateTime libxml2 is right. Xerces-J 2.12.2,
# the validator of JDK 17, Xerces-C 3.2.4 (libxerces-c-samples) are right about all seven.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
jar=/usr/share/java/xercesImpl.jar
for t in java xmllint SAX2Count npm node; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
[ -e $jar ] || { echo "libxerces2-java is not installed"; exit 1; }
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts xmllint-wasm@5.3.0 >/dev/null
kinds='gYear=2026 gYearMonth=2026-05 gMonthDay=--05-31 gDay=---15 time=12:00:00 date=2026-05-31 dateTime=2026-05-31T12:00:00'
for kind in $kinds; do
  n=${kind%%=*} v=${kind#*=}
  for bound in minInclusive maxInclusive; do
    cat >$n-$bound.xsd <<X
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="t"><xs:simpleType><xs:restriction base="xs:$n">
<xs:$bound value="${v}Z"/></xs:restriction></xs:simpleType></xs:element></xs:schema>
X
    for zone in +02:00 -04:00; do
      echo "<t xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:noNamespaceSchemaLocation='$n-$bound.xsd'>$v$zone</t>" >$n-$bound$zone.xml
    done
  done
done
cat >Judge.java <<'J'
import java.io.File;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.*;
class Judge {
	public static void main(String[] a) throws Exception {
		SchemaFactory f = SchemaFactory.newInstance("http://www.w3.org/2001/XMLSchema");
		for (String name : a) {
			String said = "valid";
			Schema s = f.newSchema(new File(name.substring(0, name.length() - 6) + ".xsd"));
			try {
				s.newValidator().validate(new StreamSource(new File(name + ".xml")));
			} catch (org.xml.sax.SAXException e) {
				said = "refused";
			}
			System.out.println(name + " " + said);
		}
	}
}
J
javac Judge.java
cat >wasm.js <<'J'
const { validateXML } = require("xmllint-wasm"), { readFileSync } = require("fs");
(async () => {
  for (const name of process.argv.slice(2)) {
    const { valid } = await validateXML({ xml: readFileSync(name + ".xml", "utf8"), schema: readFileSync(name.slice(0, -6) + ".xsd", "utf8") });
    console.log(name, valid ? "valid" : "refused");
  }
})();
J
names=$(for f in *.xml; do echo "${f%.xml}"; done)
for n in $names; do
  if xmllint --noout --schema "${n%??????}.xsd" "$n.xml" >/dev/null 2>&1; then echo "$n valid"; else echo "$n refused"; fi
done >libxml2
node wasm.js $names >wasm
java -cp . Judge $names >jdk
java -cp .:$jar:/usr/share/java/xml-apis.jar Judge $names >xercesJ
for n in $names; do
  SAX2Count -f -v=always "$n.xml" >out 2>&1 || true
  if grep -q '^Error' out; then echo "$n refused"; else echo "$n valid"; fi
done >xercesC
xmllint --version 2>&1 | sed -n 1p
node -p '"xmllint-wasm " + JSON.parse(fs.readFileSync("node_modules/xmllint-wasm/package.json")).version'
java -version 2>&1 | sed -n 1p
java -cp $jar org.apache.xerces.impl.Version
dpkg-query -W -f '${Package} ${Version}\n' libxerces-c-samples
echo "expected, by XML Schema part 2 (second edition), 3.2.7 to 3.2.13 (what is east begins earlier): with minInclusive Z +02:00 refused"
echo "and -04:00 valid, with maxInclusive Z the contrary, of all seven types"
for kind in $kinds; do
  n=${kind%%=*}
  for t in libxml2 wasm jdk xercesJ xercesC; do
    line="$n $t:"
    for b in minInclusive maxInclusive; do for z in +02:00 -04:00; do line+=" ${b%Inclusive} $z $(sed -n "s/^$n-$b$z //p" $t)"; done; done
    echo "$line"
  done
done | tee seen
right='min +02:00 refused min -04:00 valid max +02:00 valid max -04:00 refused'
wrong='min +02:00 valid min -04:00 refused max +02:00 refused max -04:00 valid'
later='min +02:00 valid min -04:00 valid max +02:00 refused max -04:00 refused'
for kind in $kinds; do
  n=${kind%%=*}
  case $n in date*) said=$right ;; time) said=$later ;; *) said=$wrong ;; esac
  for t in libxml2 wasm; do echo "$n $t: $said"; done
  for t in jdk xercesJ xercesC; do echo "$n $t: $right"; done
done | cmp - seen
