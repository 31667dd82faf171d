#!/usr/bin/env bash
# qpdf 11.3.0 (Debian 12) and poppler 22.12.0 (Debian 12): a page tree whose
# node holds itself beside a page. poppler counts and draws the page without a
# word about the loop; qpdf counts pages only as an error, so that the exit
# code of qpdf --check is no proof that a document cannot be read.
# Expected: both agree on whether the document opens. Seen: they do not.
set -euo pipefail
command -v qpdf >/dev/null && command -v pdfinfo >/dev/null || { echo "qpdf and poppler-utils are wanted"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat > "$dir/loop.pdf" <<'PDF'
%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Count 1 /Kids [3 0 R 2 0 R] >>
endobj
3 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>
endobj
trailer
<< /Root 1 0 R >>
%%EOF
PDF
qpdf --version | head -1
pdfinfo -v 2>&1 | head -1
set +e
pdfinfo "$dir/loop.pdf" > "$dir/poppler" 2>/dev/null
poppler=$?
qpdf --check "$dir/loop.pdf" > "$dir/qpdf" 2>&1
qpdf=$?
set -e
echo "expected: the same verdict"
echo "seen: pdfinfo exits $poppler ($(grep '^Pages' "$dir/poppler")), qpdf --check exits $qpdf ($(grep -o 'Loop detected.*' "$dir/qpdf" | head -1))"
[ "$poppler" = 0 ] && [ "$qpdf" = 2 ]
