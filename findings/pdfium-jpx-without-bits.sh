#!/usr/bin/env bash
# PDFium (npm @hyzyla/pdfium 2.1.13), the engine of Chromium's viewer: a grey picture in JPEG 2000 whose colour space is a
# Separation or a palette is drawn in one colour from edge to edge where its dictionary has no BitsPerComponent, which the
# standard leaves to the data and has readers overlook. With the key it is right, and so is a DeviceGray without it.
# poppler 22.12, MuPDF 1.21 and Ghostscript 10.00 (Debian 12) draw all alike. The data is of opj_compress 2.5.
set -euo pipefail
for t in npm node pdftoppm mutool gs qpdf opj_compress; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --ignore-scripts @hyzyla/pdfium@2.1.13 >/dev/null
python3 - <<'P'
import subprocess, zlib

side = 64
pixels = bytes((x // 16 + y // 16 * 4) % 16 * 12 for y in range(side) for x in range(side))
open("a.pgm", "wb").write(b"P5\n64 64\n255\n" + pixels)
subprocess.run(["opj_compress", "-i", "a.pgm", "-o", "a.jp2", "-r", "1"], check=True, stdout=subprocess.DEVNULL)  # without loss
def stream(data, more=""):
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), more.encode(), data)
black = "/ColorSpace[/Separation/Black/DeviceGray<</FunctionType 2/Domain[0 1]/C0[1]/C1[0]/N 1>>]"
palette = "/ColorSpace[/Indexed/DeviceRGB 255<%s>]" % "".join("%02x%02x%02x" % (i, 255 - i, i * 7 % 256) for i in range(256))
for name, space in (("gray", "/ColorSpace/DeviceGray"), ("separation", black), ("indexed", palette)):
    for kind, data, keys in (("flate", zlib.compress(pixels), "/BitsPerComponent 8/Filter/FlateDecode"),
            ("jpx", open("a.jp2", "rb").read(), "/Filter/JPXDecode"),
            ("bits", open("a.jp2", "rb").read(), "/BitsPerComponent 8/Filter/JPXDecode")):
        objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 64 64]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>",
            stream(b"q 64 0 0 64 0 0 cm /I Do Q"), stream(data, "/Type/XObject/Subtype/Image/Width 64/Height 64" + space + keys)]
        out, places = b"%PDF-1.7\n", []
        for n, body in enumerate(objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
        xref = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
        out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, xref)
        open("%s-%s.pdf" % (name, kind), "wb").write(out)
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
alike() { python3 -c 'import sys; a, b = (open(f, "rb").read() for f in sys.argv[1:]); sys.exit(len(a) != len(b) or max(abs(x - y) for x, y in zip(a, b)) > 12)' "$@"; }
dpkg-query -W -f '${Package} ${Version}\n' poppler-utils mupdf-tools ghostscript libopenjp2-tools
echo "expected, by ISO 32000-1, 7.4.9 and table 89 (BitsPerComponent is optional and ignored): the pixels of the same picture in Flate"
for t in poppler mupdf ghostscript pdfium; do
  line="$t:"
  for c in gray separation indexed; do
    for f in flate jpx bits; do qpdf --check $c-$f.pdf >/dev/null; $t $c-$f.pdf >$f.pixels; [ -s $f.pixels ]; done
    for f in jpx bits; do if alike flate.pixels $f.pixels; then line+=" $c-$f same"; else line+=" $c-$f other"; fi; done
  done
  echo "$line"
done 2>/dev/null | tee seen
for t in poppler mupdf ghostscript; do grep -qx "$t: gray-jpx same gray-bits same separation-jpx same separation-bits same indexed-jpx same indexed-bits same" seen; done
grep -qx "pdfium: gray-jpx same gray-bits same separation-jpx other separation-bits same indexed-jpx other indexed-bits same" seen
