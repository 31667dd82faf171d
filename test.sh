#!/usr/bin/env bash
# The test command of the README: installs what is missing on Debian or Ubuntu,
# then checks form, vet, staticcheck and the tests, under the race detector but
# for what .ci/plain.txt names. The last line counts what ran.
#
# ./test.sh --full also plays the slow proofs, and every test under the race
# detector: some 45 minutes on two cores.
set -uo pipefail
cd "$(dirname "$0")"
full=0
[ "${1:-}" != --full ] || { full=1; export XHL_FULL=1; }

STATICCHECK=honnef.co/go/tools/cmd/staticcheck@v0.8.2
DEADCODE=golang.org/x/tools/cmd/deadcode@v0.52.0
GOVULNCHECK=golang.org/x/vuln/cmd/govulncheck@latest
VERSITYGW=github.com/versity/versitygw/cmd/versitygw@v1.8.0

# Without the path of the checkout in what is compiled, another clone finds it made.
export GOFLAGS="$(go env GOFLAGS 2>/dev/null) -trimpath"

say() { printf '\n== %s\n' "$*"; }

# An older Go can neither read go.mod nor fetch another one.
minor=$(go version 2>/dev/null | sed -n 's/^go version go1\.\([0-9]*\).*/\1/p')
if [ "${minor:-0}" -lt 21 ]; then
  echo "test.sh: Go 1.26 is needed, or 1.21 and later, which fetches it; here is $(go version 2>/dev/null || echo none). Debian 12 and Ubuntu 22.04 ship an older one: docs/install.md says where to get it." >&2
  exit 1
fi
# Another user's checkout: git lists nothing there, and go cannot read its version.
git ls-files >/dev/null 2>&1 || export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=$PWD

# Judges that are not ours. Without them, or without the right to install
# them, the tests that need them say that they are skipped.
need=()
have() { command -v "$1" >/dev/null 2>&1 || need+=("$2"); }
have gcc gcc # for the race detector
[ -f /usr/include/stdlib.h ] || need+=(libc6-dev)
have xmllint libxml2-utils
have pdftotext poppler-utils
have qpdf qpdf
have mutool mupdf-tools
have unzip unzip
have gpg gnupg
have 7z p7zip-full
have bsdtar libarchive-tools
# Xerces-J judges journals and fluxes where there is a Java to run it.
! command -v java >/dev/null 2>&1 || [ -f /usr/share/java/xercesImpl.jar ] || need+=(libxerces2-java)
have sq sq
have argon2 argon2
have openssl openssl
have rnp rnp
have soffice libreoffice-calc
have zsh zsh
have fish fish
have groff groff-base
have sshd openssh-server
have chromium chromium
# The program for Windows is played under Wine.
[ "$(uname -m)" != x86_64 ] || { have wine wine; have x86_64-w64-mingw32-ld binutils-mingw-w64-x86-64; }
[ $full -eq 0 ] || { have debootstrap debootstrap; have gs ghostscript; have lintian lintian; have rpmlint rpmlint; have rpm rpm; have qemu-aarch64 qemu-user; have skopeo skopeo; have umoci umoci; have firefox-esr firefox-esr; have ssconvert gnumeric; }
# Debian keeps the programs of the database off the PATH.
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || have initdb postgresql
if [ ${#need[@]} -gt 0 ] && command -v apt-get >/dev/null 2>&1; then
  say "install ${need[*]}"
  sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo -n"
  { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}"; } >/dev/null 2>&1 ||
    echo "could not install: ${need[*]}"
fi
# The S3 server that judges vault/s3store, kept between runs.
judges=${XDG_CACHE_HOME:-$HOME/.cache}/xhl-judges
export PATH=$PATH:$judges
command -v versitygw >/dev/null 2>&1 || GOBIN=$judges go install "$VERSITYGW" >/dev/null 2>&1 ||
  echo "could not install: $VERSITYGW"

# axe-core judges the pages in Chromium, where npm can fetch it.
if command -v npm >/dev/null 2>&1; then
  axe=$judges/node_modules/axe-core/axe.min.js
  [ -f "$axe" ] || npm install --prefix "$judges" --ignore-scripts --no-audit --no-fund --silent axe-core@4.14.1 >/dev/null 2>&1 ||
    echo "could not install: axe-core"
  [ ! -f "$axe" ] || export XHL_AXE=$axe
  # Redocly judges the description of the API.
  redocly=$judges/node_modules/@redocly/cli/bin/cli.js
  [ -f "$redocly" ] || npm install --prefix "$judges" --ignore-scripts --no-audit --no-fund --silent @redocly/cli@2.77.0 >/dev/null 2>&1 ||
    echo "could not install: @redocly/cli"
  [ ! -f "$redocly" ] || export XHL_REDOCLY=$redocly
  # The Nu HTML checker judges every page; it needs a Java to run it.
  vnu=$judges/node_modules/vnu-jar/build/dist/vnu.jar
  [ -f "$vnu" ] || npm install --prefix "$judges" --ignore-scripts --no-audit --no-fund --silent vnu-jar@26.9.27 >/dev/null 2>&1 ||
    echo "could not install: vnu-jar"
  [ ! -f "$vnu" ] || export XHL_VNU=$vnu
  # PDFium and pdf.js draw lighter scans, beside the programs of Debian.
  if [ $full -eq 1 ]; then
    npm install --prefix "$judges" --ignore-scripts --no-audit --no-fund --silent pdfjs-dist@5.6.205 @hyzyla/pdfium@2.1.13 >/dev/null 2>&1 ||
      echo "could not install: pdfjs-dist, @hyzyla/pdfium"
  fi
  [ ! -d "$judges/node_modules/@hyzyla/pdfium" ] || export XHL_DRAWERS=$judges
fi

failed=0
step() { # step NAME COMMAND…
  say "$1"
  shift
  "$@" || { failed=1; echo "FAILED: $*"; }
}

form() {
  local bad
  [ -n "$(git ls-files '*.go')" ] || { echo "git lists no file"; return 1; }
  bad=$(gofmt -l $(git ls-files '*.go'))
  [ -z "$bad" ] || { echo "gofmt would change:"; echo "$bad"; return 1; }
}

step "gofmt" form
step "vet" go vet ./...
(cd bench && [ -f go.mod ] && step "vet bench" go vet ./...) || failed=1

# What looks at the program without running its tests goes on beside them, and is
# told after them: much of its time is spent waiting.
static() {
  say "staticcheck"
  if GOBIN=$judges go install "$STATICCHECK" >/dev/null 2>&1; then
    "$judges/staticcheck" ./... || failed=1
  else
    echo "skipped: $STATICCHECK cannot be had here"
  fi

  say "deadcode"
  if GOBIN=$judges go install "$DEADCODE" >/dev/null 2>&1; then
    dead || { failed=1; echo "FAILED: .ci/deadcode.txt"; }
  else
    echo "skipped: $DEADCODE cannot be had here"
  fi

  say "govulncheck"
  local out
  if out=$(timeout 300 go run "$GOVULNCHECK" ./... 2>&1); then
    echo "$out" | tail -n 3
  elif printf '%s' "$out" | grep -q 'Vulnerability #'; then
    printf '%s\n' "$out"
    failed=1
  else
    echo "skipped: its database cannot be reached here"
  fi

  say "the program for Windows, under Wine"
  .ci/windows $([ $full -eq 0 ] || echo --tests)
  case $? in
  0 | 75) ;; # 75: it cannot be done here, and was said
  *) failed=1 ;;
  esac
  return $failed
}

# dead compares what no program reaches with the list that says why it stays,
# which may only shrink: a line of it that is reached is told too.
dead() {
  local found allowed
  found=$(deadcode ./... | sed 's/:[0-9]*:[0-9]*: unreachable func: / /' |
    grep -vE '^([^ ]*test/|internal/refdata/|internal/javajudge/)' | sort -u) || return 1
  allowed=$(grep -v '^#' .ci/deadcode.txt | grep . | awk '{print $1, $2}' | sort -u)
  diff <(echo "$allowed") <(echo "$found") | sed -n 's/^</reached, or gone: /p; s/^>/nothing uses: /p' | grep . && return 1
  return 0
}
told=$(mktemp -d)
(failed=0; static) >"$told/static" 2>&1 &
looking=$!
trap 'kill $looking 2>/dev/null; rm -rf "$told"' EXIT

# The tests, in two passes: .ci/plain.txt says which ones the detector would only
# make slower. Vet has seen them all.
# SQLite itself is C that was translated: under the detector it takes ten times its time
# and shows nothing of ours.
race="-race -gcflags=modernc.org/sqlite/lib=-race=false"
if [ "$(go env CGO_ENABLED)" != 1 ] || ! command -v "$(go env CC)" >/dev/null 2>&1; then
  race=
  echo "skipped: the race detector: there is no C compiler here, and none could be installed"
fi
# Linked without the tables of debuggers, test programs are made in half the time.
# Processes that tests start do not wait a second for reports when they end.
export GORACE=atexit_sleep_ms=0
plain=$(awk '!/^#/ && NF { print $1 }' .ci/plain.txt)
split=$(awk '!/^#/ && NF && $2 != "-" { print $1 }' .ci/plain.txt)
kept="^($(awk '!/^#/ && NF && $2 != "-" { print $2 }' .ci/plain.txt | paste -sd'|'))\$"
tests() { go test -vet=off -ldflags=-s -timeout 40m -json "$@"; }
say "test, under the race detector but for .ci/plain.txt"
{
  if [ $full -eq 1 ]; then
    tests $race ./...
  else
    tests $race $(go list ./... | grep -vxF "$(go list $plain)")
    tests $race -run "$kept" $split
  fi
  tests -skip "$kept" $plain
} | go run ./.ci/compte | tee "$told/tests" || failed=1

wait $looking || failed=1
cat "$told/static"

if [ $full -eq 1 ]; then
  step "vet for Windows" env GOOS=windows go vet ./...
  step "vet for macOS" env GOOS=darwin GOARCH=arm64 go vet ./...
  step "vet for Linux on arm64" env GOARCH=arm64 go vet ./...
  step "releases, packages, image, arm64" ./packaging/prove.sh
fi
echo
tail -n 1 "$told/tests"
exit $failed
