#!/usr/bin/env bash
# pdf.js 4.10.38 (npm pdfjs-dist; 5.4 alike): marked content inside a form XObject. Its numbers are its own, so a structure
# element names them with the stream they are in (/Stm). pdf.js gives the form's text the number of the page's marked
# content that has the same MCID, so that the heading of the form is read as part of the page's paragraph, and leaves the
# heading itself out of the tree, the page's list of parents not having it. poppler 22.12 (Debian 12) reads both where
# they belong.
set -euo pipefail
for t in npm node pdfinfo qpdf; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --ignore-scripts --omit=optional pdfjs-dist@4.10.38 >/dev/null
python3 - <<'P'
def stream(text, more=""):
    return "<</Length %d%s>>\nstream\n%s\nendstream" % (len(text), more, text)
objects = [
    "<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 6 0 R/Lang(en)>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Resources<</Font<</F 11 0 R>>/XObject<</X 5 0 R>>>>/Contents 4 0 R/StructParents 0>>",
    stream("/X Do /P <</MCID 0>> BDC BT /F 12 Tf 20 60 Td (on the page) Tj ET EMC"),
    stream("/H1 <</MCID 0>> BDC BT /F 12 Tf 20 160 Td (in the form) Tj ET EMC",
           "/Type/XObject/Subtype/Form/BBox[0 0 300 200]/StructParents 1/Resources<</Font<</F 11 0 R>>>>"),
    "<</Type/StructTreeRoot/K 7 0 R/ParentTree 10 0 R/ParentTreeNextKey 2>>",
    "<</Type/StructElem/S/Document/P 6 0 R/K[8 0 R 9 0 R]>>",
    "<</Type/StructElem/S/H1/P 7 0 R/K<</Type/MCR/Pg 3 0 R/Stm 5 0 R/MCID 0>>>>",
    "<</Type/StructElem/S/P/P 7 0 R/Pg 3 0 R/K 0>>",
    "<</Nums[0[9 0 R]1[8 0 R]]>>",
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
]
out, places = b"%PDF-1.7\n", []
for n, body in enumerate(objects, 1):
    places.append(len(out))
    out += b"%d 0 obj\n%s\nendobj\n" % (n, body.encode())
xref = len(out)
out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, xref)
open("a.pdf", "wb").write(out)
P
qpdf --check a.pdf >/dev/null
cat >read.js <<'J'
import { readFileSync } from "node:fs";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
const page = await (await getDocument({ data: new Uint8Array(readFileSync("a.pdf")), verbosity: 0 }).promise).getPage(1);
const text = {};
let id;
for (const i of (await page.getTextContent({ includeMarkedContent: true })).items) {
  if (i.type) id = i.id ?? id;
  else (text[id] ??= []).push(i.str);
}
const told = (node) => (node.type === "content" ? (text[node.id] ?? []).join("; ") : `${node.role}(${node.children.map(told).join(" ")})`);
console.log(told(await page.getStructTree()));
J
echo "pdf.js $(node -p 'JSON.parse(fs.readFileSync("node_modules/pdfjs-dist/package.json")).version'), $(pdfinfo -v 2>&1 | sed -n 1p)"
echo "expected, by ISO 32000-1, 14.7.4.2 and table 324 (an MCID counts within its content stream; Stm says which): Document(H1(in the form) P(on the page))"
echo "poppler: $(pdfinfo -struct-text a.pdf | tr -s '\n ' ' ')" | tee poppler
echo "pdf.js: $(node read.js 2>/dev/null | tail -n 1)" | tee pdfjs
grep -q 'H1 (block) "in the form" P (block) "on the page"' poppler
[ "$(cat pdfjs)" = "pdf.js: Root(Document(P(in the form; on the page)))" ]
