#!/usr/bin/env bash
# npm fflate 0.8.3: of a gzip of several members gunzipSync, gunzip and decompressSync give less than the first one. They make
# room for as many bytes as the end of the file announces, which is the length of the last member, put the first member
# there and cut it. A journal in two members whose second is short is a few bytes of its beginning, and nothing at all
# where the last member is empty, as bgzip ends every file. No error is thrown. Gunzip, the stream of the same package, reads
# them whole; so do Node's zlib, npm pako 3.0.3 and gzip.
set -euo pipefail
for t in npm node gzip; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts fflate@0.8.3 pako@3.0.3 >/dev/null
printf 'journal-%04d\n' $(seq 100) >first # 1,300 bytes
printf 'the end\n' >last
: >none
gzip -nc first >one.gz
cat one.gz <(gzip -nc last) >short.gz
cat <(gzip -nc last) one.gz >long.gz
cat one.gz <(gzip -nc none) >empty.gz
cat >read.js <<'J'
const fflate = require("fflate"), pako = require("pako"), zlib = require("zlib"), { readFileSync } = require("fs");
const data = readFileSync(process.argv[2]);
const stream = () => {
  const parts = [], g = new fflate.Gunzip((part) => parts.push(part));
  for (let i = 0; i < data.length; i += 16) g.push(data.subarray(i, i + 16), i + 16 >= data.length);
  return Buffer.concat(parts);
};
const ways = {
  zlib: () => zlib.gunzipSync(data), pako: () => pako.ungzip(data), Gunzip: stream, gunzipSync: () => fflate.gunzipSync(data),
  decompressSync: () => fflate.decompressSync(data),
};
fflate.gunzip(data, (error, whole) => {
  const lengths = Object.entries(ways).map(([name, read]) => name + " " + read().length);
  console.log(lengths.join(", ") + ", gunzip " + (error ? error.message : whole.length));
});
J
node -p '["fflate", "pako"].map((p) => p + " " + JSON.parse(fs.readFileSync(`node_modules/${p}/package.json`)).version).join(", ")'
gzip --version | sed -n 1p
echo "expected, by RFC 1952, 2.2 (a file is a series of members): as many bytes as gzip gives, from each"
for f in one short long empty; do echo "$f: gzip $(gzip -dc $f.gz | wc -c), $(node read.js $f.gz)"; done | tee seen
cmp seen <<'X'
one: gzip 1300, zlib 1300, pako 1300, Gunzip 1300, gunzipSync 1300, decompressSync 1300, gunzip 1300
short: gzip 1308, zlib 1308, pako 1308, Gunzip 1308, gunzipSync 8, decompressSync 8, gunzip 8
long: gzip 1308, zlib 1308, pako 1308, Gunzip 1308, gunzipSync 8, decompressSync 8, gunzip 8
empty: gzip 1300, zlib 1300, pako 1300, Gunzip 1300, gunzipSync 0, decompressSync 0, gunzip 0
X
