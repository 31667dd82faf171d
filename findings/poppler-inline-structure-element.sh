#!/usr/bin/env bash
# poppler 22.12 (Debian 12's poppler-utils): a structure element that stands inside its parent's /K as a dictionary, as
# ISO 32000-1, table 323, lets it ("a structure element dictionary"), is dropped by pdfinfo -struct: an empty cell of a
# table, which no marked content refers to, vanishes from its row. The same element as an indirect object is shown. qpdf
# and mutool find nothing wrong with either file.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
command -v pdfinfo >/dev/null || { echo "poppler-utils is not installed"; exit 1; }
make() { # make FILE inline|indirect
  python3 - "$1" "$2" <<'P'
import sys
path, how = sys.argv[1:]
text = b"/P <</MCID 0>> BDC BT /F 12 Tf 20 60 Td (first) Tj ET EMC"
empty = "<</Type/StructElem/S/TD/P 7 0 R>>"
objects = [
    "<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 5 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/Contents 4 0 R/StructParents 0>>",
    "<</Length %d>>\nstream\n%s\nendstream" % (len(text), text.decode()),
    "<</Type/StructTreeRoot/K 6 0 R/ParentTree<</Nums[0 [8 0 R]]>>>>",
    "<</Type/StructElem/S/Table/P 5 0 R/K 7 0 R>>",
    "<</Type/StructElem/S/TR/P 6 0 R/K[8 0 R %s]>>" % (empty if how == "inline" else "9 0 R"),
    "<</Type/StructElem/S/TD/P 7 0 R/Pg 3 0 R/K 0>>",
    empty,
]
if how == "inline":
    objects.pop()
out, places = b"%PDF-1.7\n", []
for n, body in enumerate(objects, 1):
    places.append(len(out))
    out += b"%d 0 obj\n%s\nendobj\n" % (n, body.encode())
xref = len(out)
out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, xref)
open(path, "wb").write(out)
P
}
make inline.pdf inline
make indirect.pdf indirect
for tool in "qpdf --check" "mutool info"; do
  command -v "${tool%% *}" >/dev/null || continue
  for f in inline indirect; do $tool $f.pdf >/dev/null; done
done
pdfinfo -v 2>&1 | sed -n 1p
echo "expected: a row of two TD in both files"
for f in inline indirect; do
  pdfinfo -struct $f.pdf >$f.txt 2>$f.err || true
  echo "seen, $f: $(tr -s '\n ' ' ' <$f.txt) $(head -n 1 $f.err)"
done
[ "$(grep -c TD indirect.txt)" = 2 ] && [ "$(grep -c TD inline.txt)" = 1 ]
