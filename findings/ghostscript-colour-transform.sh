#!/usr/bin/env bash
# Ghostscript 10.00 (Debian 12) with its reader of PDF in C, the default: a photograph in DCTDecode whose ColorTransform is
# 0, and that has no Adobe marker, is taken for YCbCr all the same, so that a picture stored as RGB comes out in false
# colours; a scan that it rewrites with pdfwrite or rasterises is spoilt, exit 0 and no warning. The reader in PostScript of
# the same version (-dNEWPDF=false), poppler 22.12, MuPDF 1.21 and PDFium (npm @hyzyla/pdfium 2.1.13) heed the parameter.
set -euo pipefail
for t in gs pdftoppm mutool cjpeg npm node qpdf; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --ignore-scripts @hyzyla/pdfium@2.1.13 >/dev/null
{ printf 'P6\n64 64\n255\n'; for _ in $(seq 4096); do printf '\310\144\050'; done; } >red.ppm # 200, 100, 40
cjpeg -rgb -quality 95 red.ppm >red.jpg
python3 - <<'P'
data, at, jpeg = open("red.jpg", "rb").read(), 2, b"\xff\xd8"
while True:  # without the markers of JFIF and Adobe, and with components 1, 2, 3 instead of R, G, B
    kind, size = data[at + 1], int.from_bytes(data[at + 2:at + 4], "big")
    part = bytearray(data[at:at + 2 + size])
    if kind == 0xC0:
        part[10], part[13], part[16] = 1, 2, 3
    if kind == 0xDA:
        part[5], part[7], part[9] = 1, 2, 3
        jpeg += bytes(part) + data[at + 2 + size:]
        break
    if kind not in (0xE0, 0xEE):
        jpeg += bytes(part)
    at += 2 + size
def stream(data, more=b""):
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), more, data)
objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 64 64]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>",
    stream(b"q 64 0 0 64 0 0 cm /I Do Q"),
    stream(jpeg, b"/Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace/DeviceRGB/BitsPerComponent 8"
           b"/Filter/DCTDecode/DecodeParms<</ColorTransform 0>>")]
out, places = b"%PDF-1.7\n", []
for n, body in enumerate(objects, 1):
    places.append(len(out))
    out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
xref = len(out)
out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, xref)
open("a.pdf", "wb").write(out)
P
qpdf --check a.pdf >/dev/null
cat >pdfium.js <<'J'
import { readFileSync } from "node:fs";
import { PDFiumLibrary } from "@hyzyla/pdfium";
const page = (await (await PDFiumLibrary.init()).loadDocument(readFileSync("a.pdf"))).getPage(0);
process.stdout.write((await page.render({ scale: 1, render: "bitmap" })).data);
J
gs -q -r72 -sDEVICE=ppmraw -o ghostscript.ppm a.pdf
gs -q -dNEWPDF=false -r72 -sDEVICE=ppmraw -o ghostscript-old.ppm a.pdf
pdftoppm -r 72 a.pdf >poppler.ppm
mutool draw -q -r 72 -o mupdf.ppm a.pdf 2>/dev/null
node pdfium.js >pdfium.rgba
dpkg-query -W -f '${Package} ${Version}\n' ghostscript poppler-utils mupdf-tools
echo "expected, by ISO 32000-1, table 13 (0: the components are not transformed; an Adobe marker would override it): 200 100 40, or nearly"
python3 - <<'P' | tee seen
for name in ("ghostscript.ppm", "ghostscript-old.ppm", "poppler.ppm", "mupdf.ppm", "pdfium.rgba"):
    data = open(name, "rb").read()
    at = -3 * 2080 if name.endswith("ppm") else -4 * 2080  # in the middle of the page
    colour = data[at:at + 3]
    print(name, *colour, "right" if all(abs(a - b) < 6 for a, b in zip(colour, (200, 100, 40))) else "wrong")
P
[ "$(grep -c 'right$' seen)" = 4 ] && grep -q '^ghostscript.ppm .*wrong$' seen
