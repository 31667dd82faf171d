#!/usr/bin/env bash
# PDFium (npm @hyzyla/pdfium 2.1.13) and poppler 22.12 (Debian 12): a picture in Flate with the TIFF predictor, whose
# samples are not of 8 bits. PDFium adds bytes where samples of 2 and 4 bits have to be added and draws a grey scan as
# noise; it has a case of its own for 1 bit. poppler draws something else at 16 bits. MuPDF and
# Ghostscript draw the same as without a predictor at all five depths. No program says a word.
set -euo pipefail
for t in npm node pdftoppm mutool gs qpdf; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --ignore-scripts @hyzyla/pdfium@2.1.13 >/dev/null
python3 - <<'P'
import zlib

side = 64
def stream(data, more=b""):
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), more, data)
def packed(rows, bits):
    return b"".join(int("".join(format(v, "0%db" % bits) for v in row), 2).to_bytes(side * bits // 8, "big") for row in rows)
for bits in (1, 2, 4, 8, 16):
    top = (1 << bits) - 1
    rows = [[(x * y // 16 + x) % 16 * top // 15 for x in range(side)] for y in range(side)]
    differences = [[(row[x] - (row[x - 1] if x else 0)) & top for x in range(side)] for row in rows]
    for name, samples, parms in (("plain", rows, b""),
            ("tiff", differences, b"/DecodeParms<</Predictor 2/Colors 1/BitsPerComponent %d/Columns %d>>" % (bits, side))):
        objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 64 64]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>",
            stream(b"q 64 0 0 64 0 0 cm /I Do Q"),
            stream(zlib.compress(packed(samples, bits)), b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray"
                   b"/BitsPerComponent %d/Filter/FlateDecode%s" % (side, side, bits, parms))]
        out, places = b"%PDF-1.7\n", []
        for n, body in enumerate(objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
        xref = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
        out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, xref)
        open("%s%d.pdf" % (name, bits), "wb").write(out)
P
cat >pdfium.js <<'J'
import { readFileSync } from "node:fs";
import { PDFiumLibrary } from "@hyzyla/pdfium";
const page = (await (await PDFiumLibrary.init()).loadDocument(readFileSync(process.argv[2]))).getPage(0);
process.stdout.write((await page.render({ scale: 1, render: "bitmap" })).data);
J
poppler() { pdftoppm -r 72 "$1"; }
mupdf() { mutool draw -q -r 72 -F ppm -o - "$1" 2>/dev/null; }
ghostscript() { gs -q -r72 -sDEVICE=ppmraw -o - "$1"; }
pdfium() { node pdfium.js "$1"; }
dpkg-query -W -f '${Package} ${Version}\n' poppler-utils mupdf-tools ghostscript
node -p '"@hyzyla/pdfium " + JSON.parse(fs.readFileSync("node_modules/@hyzyla/pdfium/package.json")).version'
echo "expected, by ISO 32000-1, 7.4.4.4 (each colour component is predicted from the one to its left): the same pixels with it as without"
for t in poppler mupdf ghostscript pdfium; do
  line="$t:"
  for bits in 1 2 4 8 16; do
    for f in plain tiff; do qpdf --check $f$bits.pdf >/dev/null; $t $f$bits.pdf >$f.pixels; [ -s $f.pixels ]; done
    if cmp -s plain.pixels tiff.pixels; then line+=" $bits same"; else line+=" $bits other"; fi
  done
  echo "$line"
done | tee seen
printf '%s\n' 'poppler: 1 same 2 same 4 same 8 same 16 other' 'mupdf: 1 same 2 same 4 same 8 same 16 same' \
  'ghostscript: 1 same 2 same 4 same 8 same 16 same' 'pdfium: 1 same 2 other 4 other 8 same 16 same' | cmp - seen
