#!/usr/bin/env bash
# A picture one of whose colours is not to be painted (/Mask with a range), as a stamp that lies over a text: MuPDF 1.21 (Debian
# 12) paints it whole where it has a palette and 1, 2 or 4 bits a pixel, PDFium (npm @hyzyla/pdfium 2.1.13) where it is RGB
# of 1, 2 or 4 bits, and at 16 bits all do but MuPDF. What lies under is hidden behind a box, without a word. Poppler 22.12
# and Ghostscript 10.00 (Debian 12) are right up to 8 bits, MuPDF 1.28.1 (npm mupdf) everywhere. With 8 bits all agree.
set -euo pipefail
for t in npm node pdftoppm mutool gs qpdf; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --ignore-scripts @hyzyla/pdfium@2.1.13 mupdf@1.28.1 >/dev/null
python3 - <<'P'
import zlib

side = 64
def stream(data, more=""):
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), more.encode(), data)
for kind in ("palette", "gray", "rgb"):
    for bits in (1, 2, 4, 8, 16):
        if kind == "palette" and bits == 16:
            continue
        top = (1 << bits) - 1
        n = 3 if kind == "rgb" else 1
        row = "".join(format(0 if x < 32 else top, "0%db" % bits) * n for x in range(side))  # left half black, right half not to be painted
        pixels = int(row, 2).to_bytes(side * n * bits // 8, "big") * side
        space = {"palette": "[/Indexed/DeviceRGB %d<000000%s>]" % (top, "ffffff" * top), "gray": "/DeviceGray", "rgb": "/DeviceRGB"}[kind]
        objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 64 64]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>",
            stream(b"0 0.5 0 rg 0 0 64 64 re f q 64 0 0 64 0 0 cm /I Do Q"),
            stream(zlib.compress(pixels), "/Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace%s/BitsPerComponent %d"
                   "/Filter/FlateDecode/Mask[%s]" % (space, bits, " ".join([str(top)] * 2 * n)))]
        out, places = b"%PDF-1.7\n", []
        for number, body in enumerate(objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        xref = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
        out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, xref)
        open("%s%d.pdf" % (kind, bits), "wb").write(out)
P
cat >wasm.js <<'J'
import { readFileSync, readdirSync } from "node:fs";
import { PDFiumLibrary } from "@hyzyla/pdfium";
import { Document, Matrix, ColorSpace } from "mupdf";
const pdfium = await PDFiumLibrary.init();
for (const name of readdirSync(".").filter((f) => f.endsWith(".pdf"))) {
  const data = readFileSync(name), at = (pixels, n) => [16, 48].map((x) => [...pixels.slice((32 * 64 + x) * n, (32 * 64 + x) * n + 3)].join(","));
  const page = (await pdfium.loadDocument(data)).getPage(0);
  console.log("PDFium", name, ...at((await page.render({ scale: 1, render: "bitmap" })).data, 4));
  const drawn = Document.openDocument(data, "application/pdf").loadPage(0).toPixmap(Matrix.identity, ColorSpace.DeviceRGB, false);
  console.log("MuPDF-1.28", name, ...at(drawn.getPixels(), 3));
}
J
poppler() { pdftoppm -r 72 "$1"; }
mupdf() { mutool draw -q -r 72 -F ppm -o - "$1" 2>/dev/null; }
ghostscript() { gs -q -r72 -sDEVICE=ppmraw -o - "$1"; }
dpkg-query -W -f '${Package} ${Version}\n' poppler-utils mupdf-tools ghostscript
echo "expected, by ISO 32000-1, 8.9.6.4 (what is in the range is not painted, as stored, 0 to 2^bits - 1): the ground everywhere"
node wasm.js >pixels 2>/dev/null
for f in *.pdf; do
  qpdf --check $f >/dev/null
  for t in poppler mupdf ghostscript; do $t $f >$f.$t.pixels; done
done
python3 - <<'P' | tee seen
import glob

marks, lines = {}, open("pixels").readlines()
for name in glob.glob("*.pixels"):
    drawn = open(name, "rb").read()[-12288:]
    colours = (",".join(map(str, drawn[(2048 + x) * 3:(2048 + x) * 3 + 3])) for x in (16, 48))
    lines.append(" ".join([name.split(".")[2], name[:name.index(".pdf") + 4], *colours]))
for line in lines:
    tool, name, left, right = line.split()
    left, right = (tuple(map(int, c.split(","))) for c in (left, right))
    assert max(left) < 60, line  # the half that is painted
    assert right[1] in range(110, 150) and right[0] == right[2] or min(right) > 240, line
    marks[tool, name[:-4]] = "ground" if right[1] < 200 else "box"
for tool in ("poppler", "ghostscript", "mupdf", "MuPDF-1.28", "PDFium"):
    for kind, depths in (("palette", (1, 2, 4, 8)), ("gray", (1, 2, 4, 8, 16)), ("rgb", (1, 2, 4, 8, 16))):
        print("%s, %s:" % (tool, kind), *("%d %s" % (b, marks[tool, "%s%d" % (kind, b)]) for b in depths))
P
cmp seen <<'X'
poppler, palette: 1 ground 2 ground 4 ground 8 ground
poppler, gray: 1 ground 2 ground 4 ground 8 ground 16 box
poppler, rgb: 1 ground 2 ground 4 ground 8 ground 16 box
ghostscript, palette: 1 ground 2 ground 4 ground 8 ground
ghostscript, gray: 1 ground 2 ground 4 ground 8 ground 16 box
ghostscript, rgb: 1 ground 2 ground 4 ground 8 ground 16 box
mupdf, palette: 1 box 2 box 4 box 8 ground
mupdf, gray: 1 ground 2 ground 4 ground 8 ground 16 ground
mupdf, rgb: 1 ground 2 ground 4 ground 8 ground 16 ground
MuPDF-1.28, palette: 1 ground 2 ground 4 ground 8 ground
MuPDF-1.28, gray: 1 ground 2 ground 4 ground 8 ground 16 ground
MuPDF-1.28, rgb: 1 ground 2 ground 4 ground 8 ground 16 ground
PDFium, palette: 1 ground 2 ground 4 ground 8 ground
PDFium, gray: 1 ground 2 ground 4 ground 8 ground 16 box
PDFium, rgb: 1 box 2 box 4 box 8 ground 16 box
X
