#!/usr/bin/env bash
# npm xml-crypto 6.3.2: of a part of a document that is signed after Canonical XML 1.0, the method that xmlsec1 and Java take
# unless told, it leaves out xml:lang and xml:space of the elements around it, which the method has one take in. A
# signature over a bulletin in a journal that says xml:lang once, at its root, is refused, though whole by xmlsec1 1.2.37 that
# made it and by JDK 17. So is one over a part with a processing instruction, by either method. It takes in the
# namespaces of the elements around; with the exclusive method, which wants neither, it says as the others.
set -euo pipefail
for t in npm node javac python3 xmlsec1 openssl; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts xml-crypto@6.3.2 >/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=one -days 30 2>/dev/null
python3 - <<'P'
methods = (("inclusive", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"), ("exclusive", "http://www.w3.org/2001/10/xml-exc-c14n#"))
for kind, method in methods:
    for name, root, inside in (("plain", "<r>", "ab"), ("spaces", '<r xmlns="u:r" xmlns:u="u:other">', "ab"), ("lang", '<r xml:lang="fr">', "ab"),
            ("own", '<r xml:lang="fr"><s xml:lang="fr">', "ab"), ("space", '<r xml:space="preserve">', "ab"), ("instruction", "<r>", "a<?p q?>b")):
        end = "</s></r>" if "<s" in root else "</r>"
        open("%s-%s.tmpl" % (kind, name), "w").write('<?xml version="1.0" encoding="UTF-8"?>' + root + '<b Id="x">' + inside + "</b>"
            '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'
            '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><Reference URI="#x"><Transforms>'
            '<Transform Algorithm="%s"/></Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference>'
            '</SignedInfo><SignatureValue/></Signature>' % method + end)
P
for f in *.tmpl; do xmlsec1 --sign --privkey-pem key.pem --id-attr:Id b --output ${f%.tmpl}.xml $f; done
cat >check.js <<'J'
const { readFileSync } = require("fs"), { DOMParser } = require("@xmldom/xmldom"), { SignedXml } = require("xml-crypto");
for (const name of process.argv.slice(2)) {
  const signed = readFileSync(name, "utf8"), check = new SignedXml({ publicCert: readFileSync("cert.pem", "utf8") });
  check.loadSignature(new DOMParser().parseFromString(signed, "text/xml").getElementsByTagName("Signature")[0]);
  console.log(check.checkSignature(signed) ? "whole" : "refused");
}
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
		Certificate c = CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream("cert.pem"));
		DocumentBuilderFactory f = DocumentBuilderFactory.newInstance();
		f.setNamespaceAware(true);
		for (String name : a) {
			Document doc = f.newDocumentBuilder().parse(new File(name));
			((Element) doc.getElementsByTagName("b").item(0)).setIdAttribute("Id", true);
			DOMValidateContext v = new DOMValidateContext(c.getPublicKey(), doc.getElementsByTagName("Signature").item(0));
			System.out.println(XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(v).validate(v) ? "whole" : "refused");
		}
	}
}
J
javac Java.java
xmlsec() { for f in "$@"; do if xmlsec1 --verify --pubkey-cert-pem cert.pem --id-attr:Id b $f >/dev/null 2>&1; then echo whole; else echo refused; fi; done; }
xmlsec1 --version
java -version 2>&1 | sed -n 1p
node -p '"xml-crypto " + JSON.parse(fs.readFileSync("node_modules/xml-crypto/package.json")).version'
echo "expected, by Canonical XML 1.0, 2.4 (a subset takes in the attributes of the namespace xml that are around it): all whole"
ls *.xml | sed 's/.xml$//' >names
paste -d ' ' names <(xmlsec *.xml) <(java -cp . Java *.xml) <(node check.js *.xml) | sed 's/ / xmlsec1 /; s/ / jdk /3; s/ / xml-crypto /5' | tee seen
for n in exclusive-{lang,own,plain,space,spaces} inclusive-{plain,spaces}; do grep -qx "$n xmlsec1 whole jdk whole xml-crypto whole" seen; done
for n in {exclusive,inclusive}-instruction inclusive-{lang,own,space}; do grep -qx "$n xmlsec1 whole jdk whole xml-crypto refused" seen; done
