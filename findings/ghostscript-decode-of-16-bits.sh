#!/usr/bin/env bash
# Ghostscript 10.00 (Debian 12) does not heed /Decode [1 0], which turns black into white, in a picture of 16 bits a sample: a
# grey scan that is stored so comes out as its negative, from both of its readers of PDF, and so does a soft mask, so that
# what is to be seen is hidden and the rest shown. No warning, exit 0. At 1, 2, 4 and 8 bits it heeds it, and pdfwrite at 16
# too, so that a file that it wrote again is right and the page that it draws is not. poppler, MuPDF (Debian 12) and PDFium
# (npm @hyzyla/pdfium 2.1.13) draw the same at all five depths.
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
def stream(data, more=""):
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), more.encode(), data)
for bits in (1, 2, 4, 8, 16):
    top = (1 << bits) - 1
    def picture(turned, more=""):
        rows = [[(x // 4 + y // 8) % 16 * top // 15 for x in range(side)] for y in range(side)]
        text = "".join(format(top - v if turned else v, "0%db" % bits) for row in rows for v in row)
        return stream(zlib.compress(int(text, 2).to_bytes(len(text) // 8, "big")), "/Type/XObject/Subtype/Image/Width 64/Height 64"
            "/ColorSpace/DeviceGray/BitsPerComponent %d/Filter/FlateDecode%s" % (bits, more))
    black = stream(zlib.compress(bytes(side * side // 8)), "/Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace/DeviceGray"
        "/BitsPerComponent 1/Filter/FlateDecode/SMask 6 0 R")
    for name, parts in (("plain", [picture(False)]), ("turned", [picture(True, "/Decode[1 0]")]),
            ("mask", [black, picture(False)]), ("turnedmask", [black, picture(True, "/Decode[1 0]")])):
        objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 64 64]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>",
            stream(b"q 64 0 0 64 0 0 cm /I Do Q")] + parts
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
import { readFileSync, writeFileSync, readdirSync } from "node:fs";
import { PDFiumLibrary } from "@hyzyla/pdfium";
const library = await PDFiumLibrary.init();
for (const name of readdirSync(".").filter((f) => f.endsWith(".pdf"))) {
  const page = (await library.loadDocument(readFileSync(name))).getPage(0);
  const { data } = await page.render({ scale: 1, render: "bitmap" });
  writeFileSync(name + ".pdfium", Uint8Array.from({ length: 4096 }, (_, i) => data[4 * i + 1]));
}
J
node pdfium.js
poppler() { pdftoppm -r 72 -gray "$1"; }
mupdf() { mutool draw -q -r 72 -c gray -F pgm -o - "$1" 2>/dev/null; }
ghostscript() { gs -q -r72 -sDEVICE=pgmraw -o - "$1"; }
ghostscriptold() { gs -q -dNEWPDF=false -r72 -sDEVICE=pgmraw -o - "$1" 2>/dev/null; }
pdfium() { cat "$1.pdfium"; }
dpkg-query -W -f '${Package} ${Version}\n' poppler-utils mupdf-tools ghostscript
echo "expected, by ISO 32000-1, 8.9.5.2 (the samples are mapped to the range of Decode): the same pixels, or nearly, as of the same picture without it"
for f in *.pdf; do
  qpdf --check $f >/dev/null
  for t in poppler mupdf pdfium ghostscript ghostscriptold; do $t $f >$f.$t.pixels; done
done
python3 - <<'P' | tee seen
def pixels(tool, name, bits):
    drawn = open("%s%d.pdf.%s.pixels" % (name, bits, tool), "rb").read()[-4096:]
    assert len(drawn) == 4096
    return drawn
near = lambda x, y: max(abs(p - q) for p, q in zip(x, y)) < 13
for tool in ("poppler", "mupdf", "pdfium", "ghostscript", "ghostscriptold"):
    line = tool + ":"
    for bits in (1, 2, 4, 8, 16):
        for name, other in (("plain", "turned"), ("mask", "turnedmask")):
            a, b = pixels(tool, name, bits), pixels(tool, other, bits)
            line += " %d %s %s" % (bits, name, "same" if near(a, b) else "negative" if near(a, bytes(255 - v for v in b)) else "other")
    print(line)
P
right='1 plain same 1 mask same 2 plain same 2 mask same 4 plain same 4 mask same 8 plain same 8 mask same'
for t in poppler mupdf pdfium; do echo "$t: $right 16 plain same 16 mask same"; done >wanted
for t in ghostscript ghostscriptold; do echo "$t: $right 16 plain negative 16 mask negative"; done >>wanted
cmp wanted seen
