#!/usr/bin/env bash
# ActualText, the text that stands for what is drawn: poppler 22.12 (Debian 12) takes it where it is written in the content
# and overlooks it where the content names a property list of the resources, the only form that may hold references.
# PDFium (npm @hyzyla/pdfium 2.1.13) takes both but overlooks an empty one, by which a hyphen at the end of a line is taken
# out. Of one inside another poppler gives the inner and loses half of what the outer stands for, PDFium gives the outer
# twice. MuPDF 1.21, Ghostscript 10.00 and pdf.js 4.10.38 take none. No two that know it read the same four words.
set -euo pipefail
for t in npm node pdftotext mutool gs qpdf; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --ignore-scripts --omit=optional pdfjs-dist@4.10.38 @hyzyla/pdfium@2.1.13 >/dev/null
python3 - <<'P'
def stream(text):
    return "<</Length %d>>\nstream\n%s\nendstream" % (len(text), text)
for name, shown in (
    ("direct", "/Span <</ActualText (real)>> BDC (drawn) Tj EMC"),
    ("named", "/Span /P BDC (drawn) Tj EMC"),
    ("empty", "(pay) Tj /Span <</ActualText ()>> BDC (-) Tj EMC (roll) Tj"),
    ("nested", "/Span <</ActualText (outer)>> BDC (a) Tj /Span <</ActualText (inner)>> BDC (b) Tj EMC (c) Tj EMC"),
):
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 4 0 R/Resources<</Properties<</P<</ActualText(real)>>>>"
        "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>>>>>",
        stream("BT /F 12 Tf 20 60 Td %s ET" % shown),
    ]
    out, places = b"%PDF-1.7\n", []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body.encode())
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, xref)
    open(name + ".pdf", "wb").write(out)
P
cat >pdfjs.js <<'J'
import { readFileSync } from "node:fs";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
const page = await (await getDocument({ data: new Uint8Array(readFileSync(process.argv[2])), verbosity: 0 }).promise).getPage(1);
console.log((await page.getTextContent()).items.map((i) => i.str).join(""));
J
cat >pdfium.js <<'J'
import { readFileSync } from "node:fs";
import { PDFiumLibrary } from "@hyzyla/pdfium";
console.log((await (await PDFiumLibrary.init()).loadDocument(readFileSync(process.argv[2]))).getPage(0).getText());
J
poppler() { pdftotext "$1" -; }
mupdf() { mutool draw -q -F txt "$1" 2>/dev/null; }
ghostscript() { gs -q -sDEVICE=txtwrite -o - "$1"; }
pdfium() { node pdfium.js "$1"; }
pdfjs() { node pdfjs.js "$1" 2>/dev/null | tail -n 1; }
dpkg-query -W -f '${Package} ${Version}\n' poppler-utils mupdf-tools ghostscript
echo "expected, by ISO 32000-1, 14.6.2 (both forms of a property list) and 14.9.4 (the text replaces the sequence): real real payroll outer"
for t in poppler pdfium mupdf ghostscript pdfjs; do
  line="$t:"
  for f in direct named empty nested; do qpdf --check $f.pdf >/dev/null; line+=" $($t $f.pdf | tr -d ' \r\n\f')"; done
  echo "$line"
done | tee seen
cmp seen <<'X'
poppler: real drawn payroll innerc
pdfium: real real pay-roll outerinnerouter
mupdf: drawn drawn pay-roll abc
ghostscript: drawn drawn pay-roll abc
pdfjs: drawn drawn pay-roll abc
X
