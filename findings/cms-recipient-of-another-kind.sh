#!/usr/bin/env bash
# github.com/smallstep/pkcs7 v0.2.3, openssl smime 3.0 (Debian 12) and npm node-forge 1.3.1: a mail sealed to two, of whom
# one has an RSA key and the other an elliptic curve, cannot be opened by the one with RSA. The three read all recipients
# before looking for theirs and refuse the whole on the first of a kind that is not theirs. So someone who puts himself on
# copy takes the mail away from the others. openssl cms opens it with either key (BouncyCastle 1.72 too).
set -euo pipefail
for t in go openssl npm node; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts node-forge@1.3.1 >/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.pem -subj /CN=one -days 30 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.key -out ec.pem -subj /CN=two -days 30 2>/dev/null
printf 'sealed' >text
openssl cms -encrypt -binary -aes256 -in text -outform DER -out alone.der rsa.pem
openssl cms -encrypt -binary -aes256 -in text -outform DER -out both.der rsa.pem ec.pem
cat >go.mod <<'M'
module try
go 1.25
require github.com/smallstep/pkcs7 v0.2.3
M
cat >main.go <<'G'
package main

import (
	"crypto/tls"
	"fmt"
	"os"

	"github.com/smallstep/pkcs7"
)

func main() {
	sealed, err := os.ReadFile(os.Args[1])
	must(err)
	pair, err := tls.LoadX509KeyPair("rsa.pem", "rsa.key")
	must(err)
	p, err := pkcs7.Parse(sealed)
	must(err)
	text, err := p.Decrypt(pair.Leaf, pair.PrivateKey)
	must(err)
	fmt.Printf("%s", text)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
G
go mod tidy >/dev/null 2>&1
go build -o smallstep .
cat >forge.js <<'J'
const forge = require("node-forge"), { readFileSync } = require("fs");
const sealed = forge.pkcs7.messageFromAsn1(forge.asn1.fromDer(readFileSync(process.argv[2]).toString("binary")));
const mine = sealed.findRecipient(forge.pki.certificateFromPem(readFileSync("rsa.pem", "utf8")));
sealed.decrypt(mine, forge.pki.privateKeyFromPem(readFileSync("rsa.key", "utf8")));
process.stdout.write(sealed.content.data);
J
smallstep() { ./smallstep "$1"; }
forge() { node forge.js "$1"; }
smime() { openssl smime -decrypt -inform DER -in "$1" -recip rsa.pem -inkey rsa.key; }
cms() { openssl cms -decrypt -inform DER -in "$1" -recip rsa.pem -inkey rsa.key; }
echo "smallstep/pkcs7 $(go list -m -f '{{.Version}}' github.com/smallstep/pkcs7), $(openssl version | cut -d' ' -f1,2)," \
  "node-forge $(node -p 'require("node-forge/package.json").version')"
echo "expected, by RFC 5652, 6.2 (each recipient has an element of its kind; both kinds must be supported): opened, opened"
for t in smallstep forge smime cms; do
  line="$t:"
  for f in alone both; do if [ "$($t $f.der 2>/dev/null | cat)" = sealed ]; then line+=" $f opened"; else line+=" $f refused"; fi; done
  echo "$line"
done | tee seen
for t in smallstep forge smime; do grep -qx "$t: alone opened both refused" seen; done
grep -qx "cms: alone opened both opened" seen
