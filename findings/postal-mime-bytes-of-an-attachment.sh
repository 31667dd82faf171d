#!/usr/bin/env bash
# npm postal-mime 4.0.0, which reads mail in browsers, workers and Node: an attachment that is not in base64 has other bytes than were sent.
# It reads line by line, puts a line feed for each CR LF and one more after the last line, though the line end before a boundary
# is the boundary's. A list of pay in CSV or a journal in XML that came as 7bit, 8bit or quoted-printable, as Java and Python send text,
# has another fingerprint and another length; all 256 bytes in quoted-printable are 257; a mail that is attached to a mail, which
# may not be in base64, is another mail. No error. npm mailparser 3.14.2, of the same makers, and Python 3.11 give what was sent. In base64
# all three do. What compares it with its .sha256 or looks at the signature beside it throws away a good file.
set -euo pipefail
for t in npm node python3; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts postal-mime@4.0.0 mailparser@3.14.2 >/dev/null
cat >make.py <<'P'
import base64, quopri
csv, xml, every = b"code;amount\r\n061601;2079.99\r\n", b'<?xml version="1.0"?>\r\n<Journal>\r\n</Journal>', bytes(range(256))
mail = b"From: a@example.org\r\nSubject: inside\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nbody"
crlf = lambda b: b.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
# in text a line end stays one, in bytes it is written out
quoted = lambda b: crlf(quopri.encodestring(b)) if b"\r" not in b.replace(b"\r\n", b"") else b"".join(b"=%02X%s" % (c, b"=\r\n" if n % 24 == 23 else b"") for n, c in enumerate(b))
for name, kind, how, content, sent in (
    ("csv-base64", "text/csv", "base64", csv, base64.b64encode(csv)), ("csv-7bit", "text/csv", "7bit", csv, csv), ("xml-8bit", "application/xml", "8bit", xml, xml),
    ("csv-quoted", "text/csv", "quoted-printable", csv, quoted(csv)), ("xml-quoted", "application/xml", "quoted-printable", xml, quoted(xml)),
    ("every-base64", "application/octet-stream", "base64", every, base64.encodebytes(every).replace(b"\n", b"\r\n").rstrip()),
    ("every-quoted", "application/octet-stream", "quoted-printable", every, quoted(every)), ("mail-7bit", "message/rfc822", "7bit", mail, mail)):
    open(name + ".sent", "wb").write(content)
    open(name + ".eml", "wb").write(b"From: a@example.org\r\nTo: b@example.org\r\nSubject: s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"B\"\r\n\r\n"
        b"--B\r\nContent-Type: text/plain\r\n\r\nhello\r\n--B\r\nContent-Type: %s\r\nContent-Disposition: attachment; filename=\"a\"\r\nContent-Transfer-Encoding: %s\r\n\r\n%s\r\n--B--\r\n"
        % (kind.encode(), how.encode(), sent))
P
python3 make.py
cat >read.py <<'P'
import email, email.policy, sys
for name in sys.argv[1:]:
    part = email.message_from_bytes(open(name + ".eml", "rb").read(), policy=email.policy.SMTP).get_payload()[1]
    content = part.get_payload(0).as_bytes() if part.get_content_type() == "message/rfc822" else part.get_payload(decode=True)
    print("%d %s" % (len(content), "same" if content == open(name + ".sent", "rb").read() else "other"))
P
cat >read.js <<'J'
const { readFileSync } = require("fs"), { simpleParser } = require("mailparser"), postal = require("postal-mime"), PostalMime = postal.default ?? postal;
(async () => {
  for (const name of process.argv.slice(3)) {
    const raw = readFileSync(name + ".eml"), sent = readFileSync(name + ".sent");
    const mail = process.argv[2] === "mailparser" ? await simpleParser(raw) : await new PostalMime({ forceRfc822Attachments: true }).parse(raw);
    const content = Buffer.from(mail.attachments[0].content);
    console.log(content.length, content.equals(sent) ? "same" : "other");
  }
})();
J
names=$(ls *.eml | sed 's/.eml$//')
python3 read.py $names >python
node read.js mailparser $names >mailparser
node read.js postal-mime $names >postal
cmp python mailparser
echo "$(node -p '["postal-mime", "mailparser"].map((p) => p + " " + JSON.parse(fs.readFileSync(`node_modules/${p}/package.json`)).version).join(", ")'), $(python3 --version)"
echo "expected, by RFC 2046, 5.1.1 (the line end before a boundary is part of it) and RFC 2045, 6.7 and 6.2: same"
paste -d ' ' <(echo "$names") python postal | sed 's/ / mailparser and Python: /; s/\(.*\) \([0-9]* [a-z]*\)$/\1, postal-mime: \2/' | tee seen
cmp seen <<'X'
csv-7bit mailparser and Python: 29 same, postal-mime: 28 other
csv-base64 mailparser and Python: 29 same, postal-mime: 29 same
csv-quoted mailparser and Python: 29 same, postal-mime: 28 other
every-base64 mailparser and Python: 256 same, postal-mime: 256 same
every-quoted mailparser and Python: 256 same, postal-mime: 257 other
mail-7bit mailparser and Python: 89 same, postal-mime: 85 other
xml-8bit mailparser and Python: 44 same, postal-mime: 43 other
xml-quoted mailparser and Python: 44 same, postal-mime: 43 other
X
