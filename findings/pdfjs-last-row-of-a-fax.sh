#!/usr/bin/env bash
# pdf.js 4.10.38 (npm pdfjs-dist; 5.4 alike): of the last row of a group 4 picture all but eight pixels is lost, and white,
# when its rows begin on bytes and the mark of the end does too, and when there is no mark and the data ends. A scan that
# was cut in strips, each a picture, gets a white line through the text at every strip. poppler, MuPDF, Ghostscript
# (Debian 12) and PDFium (npm @hyzyla/pdfium 2.1.13) draw the row. Issue 10758 of mozilla/pdf.js had seen such lines and
# was closed when its file had gone.
set -euo pipefail
for t in npm node pdfimages mutool gs qpdf; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --ignore-scripts --omit=optional pdfjs-dist@4.10.38 @hyzyla/pdfium@2.1.13 >/dev/null
python3 - <<'P'
first = "001" + "10011" + "000101"  # horizontal mode, eight white, eight black
same = "11"  # both changes are under those of the row above
end = "000000000001" * 2
def packed(parts, whole=False):
    bits = ""
    for p in parts:
        bits += "0" * (-len(bits) % 8 if whole else 0) + p
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")
def stream(data, more=""):
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), more.encode(), data)
rows = [first] + [same] * 7
for name, data, parms in (
    ("plain", packed(rows + [end]), "/Rows 8"),
    ("aligned", packed(rows + [end], whole=True), "/Rows 8/EncodedByteAlign true"),
    ("endless", packed(rows), "/EndOfBlock false"),
):
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 16 8]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>",
        stream(b"q 16 0 0 8 0 0 cm /I Do Q"),
        stream(data, "/Type/XObject/Subtype/Image/Width 16/Height 8/ColorSpace/DeviceGray/BitsPerComponent 1"
               "/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 16%s>>" % parms)]
    out, places = b"%PDF-1.7\n", []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, xref)
    open(name + ".pdf", "wb").write(out)
P
cat >pdfjs.js <<'J'
import { readFileSync } from "node:fs";
import { getDocument, OPS } from "pdfjs-dist/legacy/build/pdf.mjs";
const page = await (await getDocument({ data: new Uint8Array(readFileSync(process.argv[2])), verbosity: 0 }).promise).getPage(1);
const list = await page.getOperatorList();
const picture = page.objs.get(list.argsArray[list.fnArray.indexOf(OPS.paintImageXObject)][0]);
console.log(Buffer.from(picture.data).toString("hex"));
J
cat >pdfium.js <<'J'
import { readFileSync } from "node:fs";
import { PDFiumLibrary } from "@hyzyla/pdfium";
const page = (await (await PDFiumLibrary.init()).loadDocument(readFileSync(process.argv[2]))).getPage(0);
process.stdout.write((await page.render({ scale: 1, render: "bitmap" })).data);
J
poppler() { pdfimages "$1" out && cat out-000.pbm; }
mupdf() { mutool draw -q -r 72 -F ppm -o - "$1" 2>/dev/null; }
ghostscript() { gs -q -r72 -sDEVICE=ppmraw -o - "$1"; }
pdfium() { node pdfium.js "$1"; }
pdfjs() { node pdfjs.js "$1" 2>/dev/null | tail -n 1; }
dpkg-query -W -f '${Package} ${Version}\n' poppler-utils mupdf-tools ghostscript
node -p '["pdfjs-dist", "@hyzyla/pdfium"].map((p) => p + " " + JSON.parse(fs.readFileSync(`node_modules/${p}/package.json`)).version).join("\n")'
echo "expected, by ISO 32000-1, table 11 (EncodedByteAlign; without Rows the data ends with its filter's): the three pictures are one"
for t in poppler mupdf ghostscript pdfium pdfjs; do
  line="$t:"
  for f in plain aligned endless; do qpdf --check $f.pdf >/dev/null; $t $f.pdf >$f.pixels; [ -s $f.pixels ]; done
  for f in aligned endless; do if cmp -s plain.pixels $f.pixels; then line+=" $f same"; else line+=" $f other"; fi; done
  echo "$line"
done | tee seen
for f in plain aligned endless; do echo "pdf.js, the rows of $f: $(pdfjs $f.pdf)"; done
for t in poppler mupdf ghostscript pdfium; do grep -qx "$t: aligned same endless same" seen; done
grep -qx "pdfjs: aligned other endless other" seen
