#!/usr/bin/env bash
# npm @xmldom/xmldom 0.9.12, the XML parser of much that handles signatures in Node: in a document of XML 1.0 it turns
# U+2028, U+2029 and U+0085, which word processors put into labels, into a line feed. XML 1.1 does so with the first and
# the last, XML 1.0 with none, and no version with U+2029. Who reads a journal with it and writes it has changed it; and
# xml-crypto 6.3.2, which reads with the 0.8 of it (that leaves U+2029), refuses what xmlsec1 1.2.37 has signed and JDK 17
# knows as whole. libxml2 2.9.14, JDK 17, Python 3.11, Go and npm saxes 6.0.0 keep the three.
set -euo pipefail
for t in npm node xmllint javac go python3 xmlsec1 openssl; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts @xmldom/xmldom@0.9.12 xml-crypto@6.3.2 saxes@6.0.0 >/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=one -days 30 2>/dev/null
python3 - <<'P'
method = "http://www.w3.org/2001/10/xml-exc-c14n#"
for name, c in (("plain", " "), ("ls", "\u2028"), ("ps", "\u2029"), ("nel", "\u0085")):
    body = '<r><b Id="x">a%sb</b>' % c
    open(name + ".xml", "w").write('<?xml version="1.0" encoding="UTF-8"?>' + body + "</r>")
    open(name + ".tmpl", "w").write('<?xml version="1.0" encoding="UTF-8"?>' + body + '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>'
        '<CanonicalizationMethod Algorithm="%s"/><SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
        '<Reference URI="#x"><Transforms><Transform Algorithm="%s"/></Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        '<DigestValue/></Reference></SignedInfo><SignatureValue/></Signature></r>' % (method, method))
P
for n in plain ls ps nel; do xmlsec1 --sign --privkey-pem key.pem --id-attr:Id b --output $n.signed $n.tmpl; done
cat >node.js <<'J'
const { readFileSync } = require("fs"), { DOMParser } = require("@xmldom/xmldom"), { SaxesParser } = require("saxes"), { SignedXml } = require("xml-crypto");
const name = process.argv[2], text = readFileSync(name + ".xml", "utf8"), signed = readFileSync(name + ".signed", "utf8");
const code = (s) => "U+" + s.charCodeAt(1).toString(16).toUpperCase().padStart(4, "0");
const saxes = new SaxesParser();
let seen = "";
saxes.on("text", (s) => (seen += s));
saxes.write(text).close();
const check = new SignedXml({ publicCert: readFileSync("cert.pem", "utf8") });
check.loadSignature(new DOMParser().parseFromString(signed, "text/xml").getElementsByTagName("Signature")[0]);
console.log("saxes", code(seen), "xmldom", code(new DOMParser().parseFromString(text, "text/xml").documentElement.textContent),
  "xml-crypto", check.checkSignature(signed) ? "whole" : "refused");
J
cat >Java.java <<'J'
import java.io.*;
import java.security.cert.*;
import javax.xml.crypto.dsig.*;
import javax.xml.crypto.dsig.dom.*;
import javax.xml.parsers.*;
import org.w3c.dom.*;
class Java {
	public static void main(String[] a) throws Exception {
		DocumentBuilderFactory f = DocumentBuilderFactory.newInstance();
		f.setNamespaceAware(true);
		Document plain = f.newDocumentBuilder().parse(new File(a[0] + ".xml")), doc = f.newDocumentBuilder().parse(new File(a[0] + ".signed"));
		((Element) doc.getElementsByTagName("b").item(0)).setIdAttribute("Id", true);
		Certificate c = CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream("cert.pem"));
		DOMValidateContext v = new DOMValidateContext(c.getPublicKey(), doc.getElementsByTagName("Signature").item(0));
		boolean whole = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(v).validate(v);
		System.out.printf("jdk U+%04X signature %s%n", (int) plain.getDocumentElement().getTextContent().charAt(1), whole ? "whole" : "refused");
	}
}
J
javac Java.java
cat >main.go <<'G'
package main

import (
	"encoding/xml"
	"fmt"
	"os"
)

func main() {
	b, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var r struct {
		B string `xml:"b"`
	}
	if err := xml.Unmarshal(b, &r); err != nil {
		panic(err)
	}
	fmt.Printf("go U+%04X\n", []rune(r.B)[1])
}
G
go build -o readgo main.go
xmllint --version 2>&1 | sed -n 1p
xmlsec1 --version
java -version 2>&1 | sed -n 1p
node -p '["@xmldom/xmldom", "xml-crypto", "xml-crypto/node_modules/@xmldom/xmldom", "saxes"].map((p) => p + " " + JSON.parse(fs.readFileSync(`node_modules/${p}/package.json`)).version).join(", ")'
echo "expected, by XML 1.0 (fifth edition), 2.11 (ends of lines are U+000D and U+000A): the same character from each, and whole"
for n in plain ls ps nel; do
  echo "$n: libxml2 $(xmllint --xpath 'string(//b)' $n.xml | python3 -c 'import sys; print("U+%04X" % ord(sys.stdin.buffer.read().decode()[1]))')" \
    "python $(python3 -c "import xml.etree.ElementTree as e; print('U+%04X' % ord(e.parse('$n.xml').findtext('b')[1]))") $(./readgo $n.xml)" \
    "$(java -cp . Java $n) $(node node.js $n)"
done | tee seen
cmp seen <<'X'
plain: libxml2 U+0020 python U+0020 go U+0020 jdk U+0020 signature whole saxes U+0020 xmldom U+0020 xml-crypto whole
ls: libxml2 U+2028 python U+2028 go U+2028 jdk U+2028 signature whole saxes U+2028 xmldom U+000A xml-crypto refused
ps: libxml2 U+2029 python U+2029 go U+2029 jdk U+2029 signature whole saxes U+2029 xmldom U+000A xml-crypto whole
nel: libxml2 U+0085 python U+0085 go U+0085 jdk U+0085 signature whole saxes U+0085 xmldom U+000A xml-crypto refused
X
