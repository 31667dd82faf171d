#!/usr/bin/env bash
# java.util.zip.ZipInputStream of JDK 17.0.15 (Debian 12): an archive that begins with PK00, as a program writes it that
# was ready to split it and did not have to, has no entry. The first getNextEntry returns null, as at the end of an empty
# archive, and nothing is thrown: whoever loops over the entries imports nothing and says that all went well. ZipFile of
# the same JDK, Python 3.11, Go, Info-ZIP unzip 6.00, bsdtar 3.6.2 (from a pipe too) and busybox 1.35 read it.
# (zip4j and rubyzip had the same: srikanth-lingala/zip4j issue 563, rubyzip/rubyzip issue 349.)
set -euo pipefail
for t in javac python3 unzip bsdtar; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 - <<'P'
import struct, zipfile

for name, mark in (("plain.zip", b""), ("marked.zip", b"PK00")):
    with open(name, "w+b") as f:
        f.write(mark)
        with zipfile.ZipFile(f, "a", zipfile.ZIP_DEFLATED) as z:
            for entry in ("journal.xhl", "PJ/decision.pdf"):
                z.writestr(entry, entry * 50)
data = open("marked.zip", "rb").read()
first = data.index(b"PK\1\2")
assert struct.unpack_from("<I", data, first + 42) == (4,)  # the offset of the first entry
P
cat >Read.java <<'J'
import java.io.FileInputStream;
import java.util.zip.*;
class Read {
	public static void main(String[] a) throws Exception {
		int n = 0;
		if (a[0].equals("stream")) {
			try (ZipInputStream z = new ZipInputStream(new FileInputStream(a[1]))) {
				while (z.getNextEntry() != null)
					n++;
			}
		} else {
			try (ZipFile z = new ZipFile(a[1])) {
				n = z.size();
			}
		}
		System.out.println(n);
	}
}
J
javac Read.java
java -version 2>&1 | sed -n 1p
echo "expected, by APPNOTE.TXT 6.3.10, 8.5.4 (the mark may stand before an archive of one segment): two entries everywhere"
for f in plain marked; do
  line="$f: ZipInputStream $(java -cp . Read stream $f.zip) ZipFile $(java -cp . Read file $f.zip)"
  line+=" Python $(python3 -c "import zipfile; print(len(zipfile.ZipFile('$f.zip').namelist()))")"
  line+=" unzip $(unzip -Z1 $f.zip | wc -l) bsdtar $(bsdtar -tf $f.zip | wc -l) bsdtar from a pipe $(bsdtar -tf - <$f.zip | wc -l)"
  unzip -tq $f.zip >/dev/null
  echo "$line"
done | tee seen
printf '%s\n' 'plain: ZipInputStream 2 ZipFile 2 Python 2 unzip 2 bsdtar 2 bsdtar from a pipe 2' \
  'marked: ZipInputStream 0 ZipFile 2 Python 2 unzip 2 bsdtar 2 bsdtar from a pipe 2' | cmp - seen
