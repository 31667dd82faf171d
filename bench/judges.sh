#!/usr/bin/env bash
# Asks judges that nobody here wrote about a running "xhl serve": testssl.sh (its
# TLS), slowhttptest (senders and readers that stall), wapiti (its pages, signed
# in as the payroll office and as an agent). Everything is on loopback, on data
# that this script makes and throws away: wapiti posts to every form.
#
#   ./judges.sh [testssl] [slowhttptest] [wapiti]      all three when none is named
#
# Needs curl, jq, openssl and the judges: apt-get install testssl.sh slowhttptest wapiti.
# It ends with 1 when a judge found something that is not accepted below.
set -euo pipefail
cd "$(dirname "$0")"

dir=$(mktemp -d "${TMPDIR:-/tmp}/xhl-judges-XXXXXX")
found=0
server=
trap '[ -z "$server" ] || { kill "$server" && wait "$server" || true; }; rm -rf "$dir"' EXIT

say() { printf '\n== %s\n' "$*"; }
fault() { printf 'FOUND: %s\n' "$*"; found=1; }

# certificates: an authority of this run, and a leaf that names where it would be
# revoked.
certificates() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj '/CN=xhl judges' -days 90 -keyout "$dir/ca.key" -out "$dir/ca.pem" 2>/dev/null
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj '/CN=localhost' -keyout "$dir/serveur.key" -out "$dir/serveur.csr" 2>/dev/null
  printf '%s\n' 'subjectAltName=DNS:localhost' 'crlDistributionPoints=URI:http://localhost/ca.crl' 'extendedKeyUsage=serverAuth' 'keyUsage=digitalSignature' >"$dir/leaf.cnf"
  openssl x509 -req -in "$dir/serveur.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -days 90 -extfile "$dir/leaf.cnf" -out "$dir/serveur.pem" 2>/dev/null
}

# serve starts the server on an empty machine; url and first are what it shows.
serve() {
  XHL_STATE=$dir/etat "$dir/xhl" serve --json --listen 127.0.0.1:0 --cert "$dir/serveur.pem" --key "$dir/serveur.key" >"$dir/montre" 2>"$dir/serveur.log" &
  server=$!
  for _ in $(seq 300); do
    first=$(jq -r 'select(.type=="premier").adresse' "$dir/montre" 2>/dev/null || true)
    [ -z "$first" ] || break
    sleep 0.1
  done
  [ -n "$first" ] || { cat "$dir/serveur.log"; exit 1; }
  port=$(sed -E 's,^https://[^/]*:([0-9]+)/.*,\1,' <<<"$first")
  url=https://localhost:$port
  first=$url/${first#https://*/}
}

# post JAR ADDRESS FIELD…: sends a form as a browser does. A field of a file is
# name=@path, as curl has it.
post() {
  local jar=$1 address=$2 how=--data-urlencode args=() field
  shift 2
  for field in "$@"; do case $field in *=@*) how=-F ;; esac; done
  for field in "$@"; do args+=("$how" "$field"); done
  curl -sS --fail-with-body -L --cacert "$dir/ca.pem" -b "$jar" -c "$jar" -H 'Sec-Fetch-Site: same-origin' "${args[@]}" "$url$address"
}

word='une longue phrase de passe'

# people makes an administrator, an account of the payroll office, a payroll that
# is deposited, and an agent who has opened his space.
people() {
  local siret=21967564200017 admin=$dir/admin office=$dir/office agent=$dir/agent row
  first=${first#"$url"}
  post "$admin" "$first" compte=claire nom=Claire "passe=$word" "passe2=$word" >/dev/null
  mkdir -p "$dir/archive"
  post "$admin" /gestion/employeurs "siret=$siret" nom=Castelbrume >/dev/null
  post "$admin" "/gestion/employeurs/$siret" nom=Castelbrume actif=oui conservation=5 "archive=$dir/archive" >/dev/null
  printf '%s' "$word" >"$dir/mot"
  "$dir/xhl" vault user add anne --state "$dir/etat" --new-password-file "$dir/mot" --quiet
  "$dir/xhl" vault user grant anne --state "$dir/etat" --siret "$siret" --right depot --right suivi --right validation --right lecture --quiet
  post "$office" /connexion compte=anne "passe=$word" >/dev/null
  post "$office" /gestion/controler fichiers=@../testdata/exemple/journal.xhl >/dev/null
  post "$office" /gestion/preparer fichiers=@../testdata/exemple/journal.xhl >/dev/null
  post "$office" /gestion/consulter fichiers=@../testdata/exemple/journal.xhl >/dev/null
  post "$office" "/gestion/coffre/$siret/depot" mode=depot fichiers=@../testdata/exemple/journal.xhl >/dev/null
  for _ in $(seq 300); do
    post "$office" "/gestion/coffre/$siret/agents/courriers" format=csv >"$dir/courriers.csv"
    ! grep -q 'date;employeur;siret' "$dir/courriers.csv" || break
    sleep 0.2
  done
  row=$(sed -n 2p "$dir/courriers.csv")
  number=$(cut -d';' -f7 <<<"$row" | tr -d '" ')
  post "$agent" /acces "compte=$number" "passe=$(cut -d';' -f8 <<<"$row" | tr -d '"')" >/dev/null
  post "$agent" /coffre/bienvenue "passe=$word" "passe2=$word" politique=oui | grep -q 'Bulletins de paie' || { echo "no agent"; exit 1; }
}

# open_for JAR PATH: whether a session still answers; a judge that lost it
# reports nothing.
open_for() { [ "$(curl -sS -o /dev/null -w '%{http_code}' --cacert "$dir/ca.pem" -b "$1" "$url$2")" = 200 ]; }

judge_testssl() {
  say "testssl.sh: nothing of severity LOW or above"
  testssl --quiet --color 0 --warnings batch --nodns none --add-ca "$dir/ca.pem" -oj "$dir/tls.json" "$url/connexion" >"$dir/tls.log" 2>&1 || true
  jq -r '.[] | select(.severity|IN("LOW","MEDIUM","HIGH","CRITICAL","FATAL")) | "\(.severity) \(.id): \(.finding)"' "$dir/tls.json" >"$dir/tls.found"
  [ -s "$dir/tls.json" ] || fault "testssl.sh said nothing"
  while read -r line; do fault "$line"; done <"$dir/tls.found"
  jq -r 'group_by(.severity)[] | "\(.[0].severity) \(length)"' "$dir/tls.json"
}

# slow NAME ARG…: one mode, with a second client that asks all the while.
slow() {
  local name=$1 slowest=0 n=0 took
  shift
  slowhttptest -c 800 -r 200 -l 18 -p 3 "$@" >"$dir/slow.log" 2>&1 &
  local attack=$!
  while kill -0 "$attack" 2>/dev/null; do
    took=$(curl -sS -m 5 -o /dev/null -w '%{time_total}' --cacert "$dir/ca.pem" "$url/connexion") || { fault "slowhttptest $name: another user was not served"; took=5; }
    slowest=$(printf '%s\n%s\n' "$slowest" "$took" | sort -g | tail -n 1)
    n=$((n + 1))
    sleep 0.2
  done
  wait "$attack" || true
  printf '%s: another user asked %d times, at most %s s\n' "$name" "$n" "$slowest"
}

judge_slowhttptest() {
  say "slowhttptest: other users are served all the while"
  slow headers -H -i 5 -u "$url/connexion"
  slow body -B -i 5 -s 8192 -u "$url/connexion"
  slow read -X -k 3 -w 10 -y 20 -n 3 -z 32 -u "$url/connexion"
  slow range -R -u "$url/connexion"
}

# What wapiti always says and is meant: a header that browsers dropped, and forms
# without a token, which Sec-Fetch-Site protects.
accepted='X-XSS-Protection|anti CSRF'

# wapiti 3.0.4 writes the flags of a regular expression at its end, which Python
# 3.11 refuses: --exclude fails without this.
wapiti() {
  "$(sed -n "1s/^#!//p" "$(type -P wapiti)")" - "$@" <<'PYTHON'
import fnmatch, re, sys
import wapitiCore.net.crawler as crawler
crawler.wildcard_translate = lambda pattern: re.compile(fnmatch.translate(pattern))
from wapitiCore.main.wapiti import wapiti_main as main
sys.argv[0] = "wapiti"
main()
PYTHON
}

# scan NAME COOKIE PAGE METHOD EXCLUDED…: scans a page and what lies below it. Its crawler
# presses every button: those that close the session or the account are left out.
scan() {
  local name=$1 jar=$dir/$1 page=$3 method=$4 cookie modules except=() one
  for one in "${@:5}"; do except+=(-x "$url$one"); done
  cookie=$2=$(awk -v name="$2" '$6 == name {print $7}' "$jar")
  modules=$(printf "%s$method," blindsql cookieflags crlf csp csrf exec file http_headers methods permanentxss redirect sql xss backup)
  wapiti -u "$url$page" -H "Cookie: $cookie" -m "${modules%,}" "${except[@]}" -v 1 --flush-session --no-bugreport -f json -o "$dir/$name.json" \
    --max-scan-time "${WAPITI_SECONDS:-300}" --max-attack-time "${WAPITI_SECONDS:-300}" >"$dir/$name.log" 2>&1 || true
  [ -s "$dir/$name.json" ] || { fault "wapiti, $name: $(tail -n 1 "$dir/$name.log")"; return; }
  jq -r '.vulnerabilities + .anomalies | to_entries[] | .key as $k | .value[] | "\($k): \(.method) \(.path) \(.parameter // "") \(.info)"' "$dir/$name.json" | grep -vE "$accepted" | sort -u >"$dir/$name.found" || true
  printf '%s: %s\n' "$name" "$(grep -o 'found [0-9]* URLs and forms' "$dir/$name.log")"
  while read -r line; do fault "wapiti, $name: $line"; done <"$dir/$name.found"
  open_for "$jar" "$page" || fault "wapiti, $name: the session is lost, the report says nothing"
}

# The crawler also follows every order of a table of bulletins together with
# every filter, which has no end: one at a time is scanned. An agent's session
# ends while the others are scanned.
judge_wapiti() {
  say "wapiti: no finding, signed in"
  scan office __Host-gestion /gestion '' '/gestion/consulter/*[?]*&tri=*' '/gestion/consulter/*[?]*&avec=*'
  scan admin __Host-gestion /gestion :get '/gestion/comptes/claire/*'
  post "$dir/agent" /acces "compte=$number" "passe=$word" | grep -q 'Bulletins de paie' || { fault "wapiti: the agent cannot sign in"; return; }
  scan agent __Host-coffre /coffre '' '/coffre/alerte*' '/coffre/profil/*'
}

go build -C .. -trimpath -o "$dir/xhl" ./cmd/xhl
certificates
serve
people
[ $# -gt 0 ] || set -- testssl slowhttptest wapiti
for name in "$@"; do "judge_$name"; done
exit $found
