#!/usr/bin/env bash
# pdf.js 4.10.38 (npm pdfjs-dist; 5.4 alike) and Ghostscript 10.00's txtwrite (Debian 12): figures that a font names one.tnum,
# two.tnum, as fonts with tabular or old-style figures do, come out as whatever character the code of the glyph is in
# ASCII. An amount of 1234 in a subset that has no ToUnicode is read BCDE, without a warning. poppler, MuPDF and PDFium
# (npm @hyzyla/pdfium 2.1.13) take the suffix off and read 1234.
set -euo pipefail
for t in npm node pdftotext mutool gs qpdf; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
/usr/bin/python3 -c 'import fontTools' 2>/dev/null || { echo "python3-fonttools is not installed"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --ignore-scripts --omit=optional pdfjs-dist@4.10.38 @hyzyla/pdfium@2.1.13 >/dev/null
cat >make.py <<'P'
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen

names = [".notdef"] + [n + ".tnum" for n in ("zero", "one", "two", "three", "four")]
shapes = {}
for height, name in enumerate(names, 1):
    pen = T2CharStringPen(500, None)
    pen.moveTo((50, 0)), pen.lineTo((450, 0)), pen.lineTo((450, 100 * height)), pen.lineTo((50, 100 * height)), pen.closePath()
    shapes[name] = pen.getCharString()
font = FontBuilder(1000, isTTF=False)
font.setupGlyphOrder(names), font.setupCharacterMap({})
font.setupCFF("Try", {"FullName": "Try"}, shapes, {})
font.setupHorizontalMetrics({n: (500, 0) for n in names}), font.setupHorizontalHeader()
cff = font.font["CFF "].compile(font.font)
text = b"BT /F 12 Tf 20 60 Td (BCDE) Tj ET"
stream = lambda data, more=b"": b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), more, data)
objects = [
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
    stream(text),
    b"<</Type/Font/Subtype/Type1/BaseFont/AAAAAA+Try/FirstChar 65/LastChar 69/Widths[500 500 500 500 500]/FontDescriptor 6 0 R"
    b"/Encoding<</Type/Encoding/Differences[65/%s]>>>>" % "/".join(names[1:]).encode(),
    b"<</Type/FontDescriptor/FontName/AAAAAA+Try/Flags 4/FontBBox[0 0 500 600]/ItalicAngle 0/Ascent 600/Descent 0"
    b"/CapHeight 600/StemV 80/FontFile3 7 0 R>>",
    stream(cff, b"/Subtype/Type1C"),
]
out, places = b"%PDF-1.7\n", []
for n, body in enumerate(objects, 1):
    places.append(len(out))
    out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
xref = len(out)
out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, xref)
open("a.pdf", "wb").write(out)
P
/usr/bin/python3 make.py
qpdf --check a.pdf >/dev/null
cat >pdfjs.js <<'J'
import { readFileSync } from "node:fs";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
const page = await (await getDocument({ data: new Uint8Array(readFileSync("a.pdf")), verbosity: 0 }).promise).getPage(1);
console.log((await page.getTextContent()).items.map((i) => i.str).join(""));
J
cat >pdfium.js <<'J'
import { readFileSync } from "node:fs";
import { PDFiumLibrary } from "@hyzyla/pdfium";
const library = await PDFiumLibrary.init();
console.log((await library.loadDocument(readFileSync("a.pdf"))).getPage(0).getText());
J
dpkg-query -W -f '${Package} ${Version}\n' poppler-utils mupdf-tools ghostscript
node -p '["pdfjs-dist", "@hyzyla/pdfium"].map((p) => p + " " + JSON.parse(fs.readFileSync(`node_modules/${p}/package.json`)).version).join("\n")'
echo "expected, by ISO 32000-2, 9.10.2, and the Adobe Glyph List Specification, section 2 (what follows the first full stop of a name is dropped): 1234"
{
  echo "poppler $(pdftotext a.pdf - | tr -d '\n\f')"
  echo "mupdf $(mutool draw -q -F txt a.pdf 2>/dev/null | tr -d '\n\f')"
  echo "pdfium $(node pdfium.js | tr -d '\r\n')"
  echo "pdf.js $(node pdfjs.js 2>/dev/null | tail -n 1)"
  echo "ghostscript $(gs -q -sDEVICE=txtwrite -o - a.pdf | tr -d '\r\n ')"
} | tee seen
printf '%s\n' 'poppler 1234' 'mupdf 1234' 'pdfium 1234' 'pdf.js BCDE' 'ghostscript BCDE' | cmp - seen
