#!/usr/bin/env bash
# Measures everything, or the names given, and writes results/*.md. It is not
# part of the tests: run it on a machine that does nothing else, and read
# README.md before you quote a figure.
#
#   ./run.sh page      everything, then results/page-DATE.md with all tables, and
#                      the README's table of speed
#   ./run.sh [xhl] [build] [check] [checkpes] [payroll] [pagination] [vault] [pieces] [pdfdoor] [variations] [batch] [portal] [browser] [web] [flux]
#
# Environment:
#   BENCH_DATA       folder of the data that xhl synth makes, kept (default: xhl-bench in TMPDIR)
#   BENCH_BULLETINS  bulletins of build (default: 60603)
#   BENCH_PIECES     PDFs of build (default: 1800)
#   BENCH_EMPLOYERS  employers of batch (default: 1000)
#   BENCH_NIGHT      bulletins of batch (default: 60000)
#   BENCH_CURVE      jobs of one bulletin of batch at most (default: 10000)
#   BENCH_RUNS       runs of each tool (default: 5)
#   BENCH_X10        0 leaves out the run of build at ten times the size (default: 1)
#   BENCH_DOCUMENTS  documents of the large vault, 15 KB each on the disk; 0 leaves it out (default: 0)
#   BENCH_PORTAL     documents of the vault of portal, a hundred an agent (default: 600000)
#   BENCH_RESULTS    folder of the results (default: results)
#   BENCH_PDF        folder of PDF of pdfdoor; without it, pdfdoor is skipped
#   XHL_SHARED       reference data of check, checkpes and pagination (default: ../../shared)
set -euo pipefail
cd "$(dirname "$0")"

data=${BENCH_DATA:-${TMPDIR:-/tmp}/xhl-bench}
bulletins=${BENCH_BULLETINS:-60603}
pieces=${BENCH_PIECES:-1800}
runs=${BENCH_RUNS:-5}
employers=${BENCH_EMPLOYERS:-1000}
x10=${BENCH_X10:-1}
results=${BENCH_RESULTS:-results}
shared=${XHL_SHARED:-../../shared}

say() { printf '\n== %s\n' "$*" >&2; }
skip() { printf 'skipped: %s\n' "$*" >&2; }

# The commit that is measured; results alone do not make it another.
commit=$(git rev-parse --short HEAD)
[ -z "$(git status --porcelain --untracked-files=no -- .. ':(exclude)results')" ] || commit="$commit, with changes that are not committed"
cpu=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)

# heading TITLE COMMAND: what every table begins with.
heading() {
  printf '# %s\n\n- machine: %s, %s cores, load %s when it started\n- Go: %s\n- commit: %s\n- command: `%s`\n\n' \
    "$1" "${cpu:-unknown}" "$(nproc)" "$(cut -d ' ' -f 1 /proc/loadavg)" "$(go env GOVERSION) $(go env GOOS)/$(go env GOARCH)" "$commit" "$2"
}

# store FILE COMMAND…: the output replaces the file once the command succeeded.
store() {
  local file=$results/$1
  shift
  "$@" >"$scratch/table.md"
  cp "$scratch/table.md" "$file"
  echo "wrote $file" >&2
}

# What one name measures.

xhl() {
  say "journal in Go, against encoding/xml and etree"
  go build -o "$scratch/table" ./xhl/table
  go test -c -o "$scratch/xhl.test" ./xhl
  "$scratch/xhl" synth --quiet --bulletins 2000 --pieces -1 --xhl -o "$scratch/journal"
  for _ in $(seq "$runs"); do
    (cd xhl && "$scratch/xhl.test" -test.run '^$' -test.bench . -test.benchtime 1s -journal "$scratch/journal/journal.xhl")
  done | tee "$scratch/xhl.txt" >&2
  journal_table() { "$scratch/table" -commit "$commit" -command "./run.sh xhl" <"$scratch/xhl.txt"; }
  store xhl.md journal_table
}

build() {
  say "whole processes, against pigz and xmllint"
  command -v pigz >/dev/null || skip "pigz is not installed: xhl build has no rival"
  command -v xmllint >/dev/null || skip "xmllint is not installed: the readers have no rival"
  go build -o "$scratch/build" ./build
  processes() { # processes FILE RUNS TIMES
    "$scratch/build" -xhl "$scratch/xhl" -data "$data" -bulletins "$bulletins" -pieces "$pieces" -runs "$2" -times "$3" -commit "$commit" -o "$results/$1" >&2
  }
  processes build.md "$runs" 1
  bulletins=1000 pieces=30 processes build-small.md "$runs" 1
  [ "$x10" = 0 ] || processes build-x10.md 1 10
}

check() {
  say "check, against xmllint --stream --schema"
  command -v xmllint >/dev/null || { skip "xmllint is not installed: there is nothing to compare with"; return; }
  [ -d "$shared/data/xhl" ] || { skip "no official journal and schema in $shared"; return; }
  go run ./checkxhl -shared "$shared" -runs "$runs" -o "$results/check-xhl.md" >&2
}

checkpes() {
  say "check of a PES of 128 MB, against xmllint --schema"
  command -v xmllint >/dev/null || skip "xmllint is not installed: xhl check has no rival"
  go run ./checkpes -xhl "$scratch/xhl" -shared "$shared" -runs "$runs" -commit "$commit" -o "$results/check-pes.md" >&2
}

payroll() {
  say "packing payrolls"
  payroll_tables() {
    heading "Packing payrolls, the tables of a run" "go run ./payroll"
    go run ./payroll
    printf '\n## Shared log-uniformly: `go run ./payroll -dense`\n\n'
    go run ./payroll -dense
  }
  store payroll-run.md payroll_tables
}

pagination() {
  say "packing, the published benchmark"
  local instances=$shared/data/packing/pagination-a.txt.gz
  [ -f "$instances" ] || { skip "no instances in $shared"; return; }
  pagination_tables() {
    heading "Bin packing with overlapping items, the tables of a run" "go run ./pagination -workers N FILE.gz, then -every 10 -ms 50 and -every 10 -ms 1000"
    go run ./pagination -workers "$(nproc)" "$instances"
    echo
    go run ./pagination -workers "$(nproc)" -every 10 -ms 50 "$instances"
    echo
    go run ./pagination -workers "$(nproc)" -every 10 -ms 1000 "$instances"
  }
  store pagination-run.md pagination_tables
}

vault() {
  say "vault: durable deposits against plain writes, journal, proofs"
  go test -C .. -c -o "$scratch/vault.test" ./vault
  vault_tables() {
    heading "Vault, the figures of a run" "go test -run '^$' -bench . ./vault"
    echo '```'
    "$scratch/vault.test" -test.run '^$' -test.bench 'PlainWrite|Deposit|Journal|Proof|BenchmarkRead' -test.benchtime 3s -test.count "$runs"
    go test -C .. -run '^$' -bench Append ./payslip
    if [ "${BENCH_DOCUMENTS:-0}" != 0 ]; then
      VAULT_BENCH_DIR=$data/coffre VAULT_BENCH_DOCUMENTS=$BENCH_DOCUMENTS "$scratch/vault.test" -test.run '^$' -test.bench Large -test.benchtime 1x -test.v -test.timeout 0
    fi
    echo '```'
  }
  store vault-run.md vault_tables
}

pdfdoor() {
  say "the door of the PDF, against poppler, qpdf, mutool and pdfcpu"
  [ -d "${BENCH_PDF:-}" ] || { skip "BENCH_PDF names no folder of PDF"; return; }
  for viewer in pdfinfo qpdf mutool; do
    command -v "$viewer" >/dev/null || { skip "$viewer is not installed"; return; }
  done
  pdfdoor_tables() {
    heading "The door of the PDF, the tables of a run" "go run ./pdfdoor FOLDER, and with -twins FILE"
    go run ./pdfdoor -verdicts "$data/verdicts.tsv" "$BENCH_PDF"
    echo
    go run ./pdfdoor -twins "$data/twins.tsv" "$BENCH_PDF"
  }
  store pdfdoor-run.md pdfdoor_tables
}


variations() {
  say "variations of two months: what is found, and the time beside xhl check"
  go run ./variations -xhl "$scratch/xhl" -data "$data/variations" -bulletins "$bulletins" -runs "$runs" -commit "$commit" -o "$results/variations.md" >&2
}

batch() {
  say "a night: many employers in one batch, through workers, against one build and a shell loop"
  go run ./batch -xhl "$scratch/xhl" -data "$data/batch" -employers "$employers" -bulletins "${BENCH_NIGHT:-60000}" -pieces "$pieces" -curve "${BENCH_CURVE:-10000}" -commit "$commit" -o "$results/batch.json" >&2
  go run ./night -measured "$results/batch.json" -o "$results/night.json"
  # docs/scale.md says what these files say.
  (cd .. && go test ./cmd/xhl -run '^TestScaleDocument' -update-docs)
}

pieces() {
  say "many pieces on few bulletins"
  pieces_tables() {
    heading "Many justificatifs on three bulletins" "go run ./pieces -xhl XHL"
    go run ./pieces -xhl "$scratch/xhl" -runs "$runs"
  }
  store pieces.md pieces_tables
}

portal() {
  say "pages of the agents under load, with wrk"
  command -v wrk >/dev/null || { skip "wrk is not installed"; return; }
  go test -C .. -c -o "$scratch/portal.test" ./web/coffre
  portal_tables() {
    heading "Pages of the agents under load" "./run.sh portal, with ${BENCH_PORTAL:-600000} documents of $((${BENCH_PORTAL:-600000} / 100)) agents"
    (cd ../web/coffre && XHL_LOAD=$data XHL_LOAD_DOCUMENTS=${BENCH_PORTAL:-600000} "$scratch/portal.test" -test.run '^TestPortalUnderLoad$' -test.timeout 0) | grep -v '^PASS$'
  }
  store portal.md portal_tables
}

browser() {
  say "the page in Chromium and Firefox ESR, against the command in the same run"
  command -v chromium >/dev/null || { skip "chromium is not installed: the page is not measured"; return; }
  (cd .. && XHL_MEASURE=$scratch/page.md BENCH_BULLETINS=$bulletins go test ./web/page -run '^TestMeasure$' -count=1 -timeout 60m >&2)
  page_table() {
    heading "The page in a browser, beside the command" "./run.sh browser"
    cat "$scratch/page.md"
  }
  store browser.md page_table
}

web() {
  say "the console and the API, by wrk, beside a build"
  go run ./web -xhl "$scratch/xhl" -runs "${BENCH_RUNS:-5}" -commit "$commit" -o "$results/web.md"
}

flux() {
  say "the book of fluxes: acquittals and status"
  go test -C .. -c -o "$scratch/flux.test" ./app/send
  flux_tables() {
    heading "The book of fluxes" "./run.sh flux"
    echo '```'
    "$scratch/flux.test" -test.run '^$' -test.bench 'Acquit10000|Status10000' -test.benchtime 5x -test.count "$runs"
    "$scratch/flux.test" -test.run '^$' -test.bench AcquitFolder20000 -test.benchtime 1x -test.timeout 0
    echo '```'
  }
  store flux.md flux_tables
}

# page puts the tables of this run on one page, dated, and those that the README
# shows into the README.
page() {
  local day file list=()
  day=$(date -u +%Y-%m-%d)
  for file in "$results"/*.md; do
    case ${file##*/} in page-*) continue ;; esac
    [ ! "$file" -nt "$scratch/began" ] || list+=("$file")
  done
  [ ${#list[@]} -gt 0 ] || { skip "nothing was measured: no page"; return; }
  page_tables() {
    heading "Comparisons of $day" "./run.sh page"
    for file in "${list[@]}"; do
      printf -- '- [%s](%s)\n' "$(sed -n '1s/^# //p' "$file")" "${file##*/}"
    done
    for file in "${list[@]}"; do
      printf '\n'
      sed 's/^#/##/' "$file"
    done
  }
  store "page-$day.md" page_tables
  [ "$results" != results ] || go test -C .. ./cmd/xhl -run '^TestReadmeTellsTheSpeedOfTheResults$' -update-docs >&2
}

all=(xhl build check checkpes payroll pagination vault pieces pdfdoor variations batch portal browser web flux)

[ $# -gt 0 ] || set -- "${all[@]}"
[ "$*" != page ] || set -- "${all[@]}" page
for name in "$@"; do
  case " ${all[*]} page " in
  *" $name "*) ;;
  *) echo "usage: ./run.sh [page] [${all[*]}]" >&2; exit 64 ;;
  esac
done

scratch=$(mktemp -d "${TMPDIR:-/tmp}/xhl-run-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$results"
touch "$scratch/began"
say "build xhl, commit $commit"
CGO_ENABLED=0 go build -C .. -trimpath -ldflags "-s -w" -o "$scratch/xhl" ./cmd/xhl
for name in "$@"; do
  "$name"
done
