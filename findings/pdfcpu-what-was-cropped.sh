#!/usr/bin/env bash
# github.com/pdfcpu/pdfcpu v0.15.0, which takes pages out of documents in Go: TrimFile, CollectFile, SplitFile and ExtractPagesFile hand
# a page the MediaBox, the Rotate and the resources that it has from a node above it in the tree of pages, and not the
# CropBox, which ISO 32000-1, table 30, lets stand there too. Of a sheet with two bulletins, shown once for each agent by a crop
# that the pages share, the file cut for the one shows the pay of the other as well, and is twice as wide; the text that
# MuPDF 1.21 finds in the page as shown has both. No warning, and the file is valid by qpdf 11.3. A CropBox that the page has itself
# is kept, and MergeCreateFile keeps both. qpdf, pdfseparate of poppler 22.12 (Debian 12) and npm pdf-lib 1.17.1 keep both too.
set -euo pipefail
for t in go npm node qpdf pdfseparate pdfinfo mutool python3; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --ignore-scripts pdf-lib@1.17.1 >/dev/null
cat >go.mod <<'M'
module try
go 1.25
require github.com/pdfcpu/pdfcpu v0.15.0
M
cat >main.go <<'G'
package main

import (
	"os"

	"github.com/pdfcpu/pdfcpu/pkg/api"
)

func main() {
	api.DisableConfigDir()
	for _, from := range []string{"above", "itself"} {
		in := from + ".pdf"
		for _, d := range []string{"split", "extract"} {
			must(os.Mkdir(from+"-"+d, 0o755))
		}
		must(api.TrimFile(in, from+"-trim.pdf", []string{"1"}, nil))
		must(api.CollectFile(in, from+"-collect.pdf", []string{"1"}, nil))
		must(api.SplitFile(in, from+"-split", 1, nil))
		must(api.ExtractPagesFile(in, from+"-extract", []string{"1"}, nil))
		must(api.MergeCreateFile([]string{in, in}, from+"-merge.pdf", false, nil))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
G
cat >lib.mjs <<'J'
import { readFileSync, writeFileSync } from "fs";
import { PDFDocument } from "pdf-lib";
for (const from of ["above", "itself"]) {
  const out = await PDFDocument.create();
  out.addPage((await out.copyPages(await PDFDocument.load(readFileSync(from + ".pdf")), [0]))[0]);
  writeFileSync(from + "-lib.pdf", await out.save());
}
J
python3 - <<'P'
def stream(data): return b"<</Length %d>>\nstream\n%b\nendstream" % (len(data), data)
sheet = stream(b"BT /F 12 Tf 20 100 Td (agent one, net 1234.56) Tj 200 0 Td (agent two, net 2079.99) Tj ET")
box = b"/CropBox[0 0 200 150]"
for name, above, itself in ("above", box, b""), ("itself", b"", box):
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/MediaBox[0 0 400 150]/Resources<</Font<</F 7 0 R>>>>>>",
        b"<</Type/Pages/Parent 2 0 R/Kids[5 0 R]/Count 1" + above + b">>", b"<</Type/Page/Parent 2 0 R/Contents 6 0 R/CropBox[200 0 400 150]>>",
        b"<</Type/Page/Parent 3 0 R/Contents 6 0 R" + itself + b">>", sheet, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"]
    out, at = b"%PDF-1.7\n", []
    for i, o in enumerate(objects, 1):
        at.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (i, o)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(at) + 1) + b"".join(b"%010d 00000 n \n" % a for a in at)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(at) + 1, start)
    open(name + ".pdf", "wb").write(out)
P
go mod tidy >/dev/null 2>&1
go run .
node lib.mjs
for from in above itself; do
  qpdf $from.pdf --pages . 1 -- $from-qpdf.pdf
  pdfseparate -f 1 -l 1 $from.pdf $from-separate.pdf
done
echo "$(go list -m github.com/pdfcpu/pdfcpu), $(qpdf --version | sed -n 1p), $(pdfinfo -v 2>&1 | sed -n 1p), pdf-lib $(node -p 'JSON.parse(process.getBuiltinModule("fs").readFileSync("node_modules/pdf-lib/package.json")).version')"
echo "expected, by ISO 32000-1, 7.7.3.4 and table 30 (CropBox is inheritable): 0 0 200 150, and the net of agent one alone, in all"
for from in above itself; do
  for f in $from $from-qpdf $from-separate $from-lib $from-merge $from-trim $from-collect $from-split/*_1 $from-extract/*; do
    f=$(ls ${f%.pdf}.pdf)
    qpdf --check "$f" >/dev/null
    echo "$(sed 's/[_a-z]*1\.pdf$//; s/\.pdf$//; s,/.*,,' <<<"$f"):$(pdfinfo -f 1 -l 1 -box "$f" | sed -n 's/^Page.*CropBox: *\([0-9. ]*\)$/\1/p' | tr -s ' '), $(mutool draw -q -F txt "$f" 1 2>/dev/null | tr -s '\n\f' ' ')"
  done
done | tee seen
cmp seen <<'X'
above:0.00 0.00 200.00 150.00, agent one, net 1234.56 
above-qpdf:0.00 0.00 200.00 150.00, agent one, net 1234.56 
above-separate:0.00 0.00 200.00 150.00, agent one, net 1234.56 
above-lib:0.00 0.00 200.00 150.00, agent one, net 1234.56 
above-merge:0.00 0.00 200.00 150.00, agent one, net 1234.56 
above-trim:0.00 0.00 400.00 150.00, agent one, net 1234.56 agent two, net 2079.99 
above-collect:0.00 0.00 400.00 150.00, agent one, net 1234.56 agent two, net 2079.99 
above-split:0.00 0.00 400.00 150.00, agent one, net 1234.56 agent two, net 2079.99 
above-extract:0.00 0.00 400.00 150.00, agent one, net 1234.56 agent two, net 2079.99 
itself:0.00 0.00 200.00 150.00, agent one, net 1234.56 
itself-qpdf:0.00 0.00 200.00 150.00, agent one, net 1234.56 
itself-separate:0.00 0.00 200.00 150.00, agent one, net 1234.56 
itself-lib:0.00 0.00 200.00 150.00, agent one, net 1234.56 
itself-merge:0.00 0.00 200.00 150.00, agent one, net 1234.56 
itself-trim:0.00 0.00 200.00 150.00, agent one, net 1234.56 
itself-collect:0.00 0.00 200.00 150.00, agent one, net 1234.56 
itself-split:0.00 0.00 200.00 150.00, agent one, net 1234.56 
itself-extract:0.00 0.00 200.00 150.00, agent one, net 1234.56 
X
