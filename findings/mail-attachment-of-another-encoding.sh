#!/usr/bin/env bash
# github.com/jhillyerd/enmime/v2 v2.4.1 and github.com/emersion/go-message v0.18.2, which read mail in Go: a journal in XML that is attached
# as text/xml; charset=iso-8859-1, in base64, is not what was sent: both turn whatever is text into UTF-8, attached or
# not, and leave the declaration inside, which says ISO-8859-1, as it was. Written to a file it is well-formed still, and its
# next reader makes LÃ©onore of Léonore, without a word; its fingerprint is another one. As application/xml it
# is whole. XML 1.0 calls a declaration of another encoding a fatal error, but nothing shows it here. Python 3.11, npm mailparser 3.14.2 and
# postal-mime 4.0.0 give the bytes. (emersion/go-message issue 182 asks for a way to leave it.)
set -euo pipefail
for t in go npm node python3 xmllint; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
printf '<?xml version="1.0" encoding="ISO-8859-1"?>\n<a nom="L\xe9onore"/>\n' >sent.xml
part() { printf -- '--b\r\nContent-Type: %s; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=%s\r\n\r\n' "$1" "$2"; base64 sent.xml | sed 's/$/\r/'; }
{
  printf 'From: a@example.org\r\nTo: b@example.org\r\nSubject: journal\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n'
  printf -- '--b\r\nContent-Type: text/plain\r\n\r\nhere it is\r\n'
  part text/xml text.xml
  part application/xml application.xml
  printf -- '--b--\r\n'
} >a.eml
cat >go.mod <<'M'
module try
go 1.25
require (
	github.com/emersion/go-message v0.18.2
	github.com/jhillyerd/enmime/v2 v2.4.1
)
M
cat >main.go <<'G'
package main

import (
	"bytes"
	"io"
	"os"

	_ "github.com/emersion/go-message/charset"
	"github.com/emersion/go-message/mail"
	"github.com/jhillyerd/enmime/v2"
)

func main() {
	data, err := os.ReadFile("a.eml")
	must(err)
	e, err := enmime.ReadEnvelope(bytes.NewReader(data))
	must(err)
	if len(e.Errors) > 0 {
		panic(e.Errors[0])
	}
	for _, a := range e.Attachments {
		must(os.WriteFile("enmime-"+a.FileName, a.Content, 0o600))
	}
	r, err := mail.CreateReader(bytes.NewReader(data))
	must(err)
	for {
		p, err := r.NextPart()
		if err == io.EOF {
			return
		}
		must(err)
		if h, ok := p.Header.(*mail.AttachmentHeader); ok {
			name, err := h.Filename()
			must(err)
			body, err := io.ReadAll(p.Body)
			must(err)
			must(os.WriteFile("go-message-"+name, body, 0o600))
		}
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
G
go mod tidy >/dev/null 2>&1
go run .
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts mailparser@3.14.2 postal-mime@4.0.0 >/dev/null
cat >read.mjs <<'J'
import { readFileSync, writeFileSync } from "fs";
import { simpleParser } from "mailparser";
import Postal from "postal-mime";
const data = readFileSync("a.eml");
for (const a of (await simpleParser(data)).attachments) writeFileSync("mailparser-" + a.filename, a.content);
for (const a of (await Postal.parse(data)).attachments) writeFileSync("postal-mime-" + a.filename, Buffer.from(a.content));
J
node read.mjs
python3 - <<'P'
import email
for p in email.message_from_bytes(open("a.eml", "rb").read()).walk():
    if p.get_filename(): open("python-" + p.get_filename(), "wb").write(p.get_payload(decode=True))
P
go list -m github.com/jhillyerd/enmime/v2 github.com/emersion/go-message
node -p '["mailparser", "postal-mime"].map((p) => p + " " + JSON.parse(fs.readFileSync(`node_modules/${p}/package.json`)).version).join(", ")'
python3 --version
echo "expected, by RFC 2045, 6.8 (the bytes that base64 stands for) and XML 1.0, 4.3.3 (what is declared is what it is in): whole, Léonore"
for reader in python mailparser postal-mime enmime go-message; do
  for kind in text application; do
    f=$reader-$kind.xml
    echo "$reader, $kind/xml: $(cmp -s $f sent.xml && echo whole || echo other), $(xmllint --encode UTF-8 --noout $f && xmllint --xpath 'string(/a/@nom)' $f)"
  done
done | tee seen
cmp seen <<'X'
python, text/xml: whole, Léonore
python, application/xml: whole, Léonore
mailparser, text/xml: whole, Léonore
mailparser, application/xml: whole, Léonore
postal-mime, text/xml: whole, Léonore
postal-mime, application/xml: whole, Léonore
enmime, text/xml: other, LÃ©onore
enmime, application/xml: whole, Léonore
go-message, text/xml: other, LÃ©onore
go-message, application/xml: whole, Léonore
X
