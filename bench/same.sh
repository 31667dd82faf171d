#!/usr/bin/env bash
# Holds what two binaries write against each other, byte for byte:
#   bench/same.sh OLD NEW
# Both make the volumes, manifests, PDFs, encodings, plans and declarations of a
# fixed set of runs: two packagings, three formats, three modes, both schemas.
# What differs is listed, and the exit code is 1. Vault exports hold keys of
# chance: the documents inside are compared.
set -euo pipefail
old=$(realpath "$1") new=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XHL_CONFIG=/dev/null LC_ALL=C LANG=C

codes="--idpost 006111 --codcol 123 --codbud 00 --date 2026-06-01"
"$old" synth --bulletins 400 --seed 11 --xhl -o "$work/a" >/dev/null
"$old" synth --bulletins 150 --seed 12 --profile dense --xhl -o "$work/b" >/dev/null
# A run of the older schema: what it does not know is taken out.
sed -E -e 's/"(Train|BIC|IBAN)":"[^"]*",?//g' -e 's/"NomenclatureTrain":\{"Description":"[^"]*","Correspondance":\[[^]]*\]\},?//' -e 's/,\}/}/g' "$work/b/run.jsonl" >"$work/b12.jsonl"
"$old" encode --schema 1.2b -o "$work/b12.xhl" "$work/b12.jsonl" >/dev/null

play() { # play BINARY FOLDER
  local bin=$1 out=$2 per=--per
  mkdir -p "$out"
  "$bin" build --help 2>/dev/null | grep -q -- '--per ' || per=--par
  cd "$work"
  run() { # run NAME ARG…
    local name=$1 code=0
    shift
    XDG_STATE_HOME=$out/.state XHL_STATE=$out/.state "$bin" "$@" >"$out/$name.out" 2>"$out/$name.err" || code=$?
    echo "exit $code" >>"$out/$name.out"
  }
  local in f m p
  for in in a b; do
    for f in pes zip xhl; do
      for m in optimise separe nombre; do
        for p in archive pieces; do
          [ "$f" = pes ] || [ "$p" = archive ] || continue
          local extra=""
          [ $m != nombre ] || extra="$per 60"
          # shellcheck disable=SC2086
          run "build-$in-$f-$m-$p" build --json --format $f --packaging $p --mode $m $extra --limit 1Mo $codes -o "$out/v-$in-$f-$m-$p" "$in/run.jsonl"
        done
      done
    done
    # shellcheck disable=SC2086
    run "plan-$in" plan --json --limit 500ko $codes --svg "$out/plan-$in.svg" "$in/journal.xhl"
    run "decode-$in" decode -o "$out/decode-$in.jsonl" "$in/journal.xhl"
    run "csv-$in" decode --format csv -o "$out/csv-$in" "$in/journal.xhl"
    run "check-$in" check --json "$in/journal.xhl"
    run "bulletins-$in" bulletins -o "$out/pdf-$in" "$in/journal.xhl"
  done
  run encode-12 encode --schema 1.2b -o "$out/b12.xhl" b12.jsonl
  run check-12 check --json --schema 1.2b b12.xhl
  run build-12 build --json --format xhl --limit 300ko -o "$out/v-b12" b12.xhl
  run encode-limit encode --format zip --limit 900ko -o "$out/v-online" a/run.jsonl
  cd - >/dev/null
  rm -rf "$out/.state"
  # The version and the folder are the binary's own.
  find "$out" -name '*.json' -o -name '*.out' -o -name '*.err' | xargs sed -i -e "s#$out#OUT#g" -e 's/"version": *"[^"]*"/"version": "-"/g' -e '/"type":"progress"/d'
}
play "$old" "$work/old"
play "$new" "$work/new"
files=$(find "$work/old" -type f | wc -l)
if diff -rq "$work/old" "$work/new" >"$work/diff"; then
  echo "$files files are the same"
else
  sed "s#$work/##g" "$work/diff"
  echo "$files files, $(wc -l <"$work/diff") differ"
  [ -z "${KEEP:-}" ] || cp -r "$work/old" "$work/new" "$KEEP"
  exit 1
fi
