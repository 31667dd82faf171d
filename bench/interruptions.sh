#!/usr/bin/env bash
# Breaks the program at its system calls, and reads what is left with other
# programs: the campaign that the walk of cmd/xhl (XHL_FULL=1) repeats inside one
# process. It needs strace, jq and sha256sum, takes minutes, and writes
# results/interruptions.md.
#
#   ./interruptions.sh [every]     break every so many calls of a kind (default: 1)
#
# At each rename, unlink, fsync and at some writes: SIGINT, SIGKILL, an error.
# A folder of volumes must then be the former delivery or the new one, whole, or be
# refused by xhl check; after the next run it must be the new one.
set -uo pipefail
cd "$(dirname "$0")"
every=${1:-1}
for tool in strace jq sha256sum; do
  command -v $tool >/dev/null || { echo "$tool is not installed" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd .. && go build -o "$work/xhl" ./cmd/xhl) || exit 1
xhl=$work/xhl
export XHL_CONFIG=/dev/null HOME=$work
"$xhl" synth -q --bulletins 30 --pieces 6 --xhl -o "$work/paye" || exit 1
journal=$work/paye/journal.xhl

# reading DIR: the digest of the manifest when the folder holds exactly its
# volumes, with their digests; "none" without a manifest, else "mixed".
reading() {
  [ -f "$1/manifest.json" ] || { echo none; return; }
  (cd "$1" && jq -r '.volumes[] | .sha256 + "  " + .fichier' manifest.json | sha256sum --check --status) || { echo mixed; return; }
  [ "$(ls "$1" | grep -c '^volume-')" = "$(jq '.volumes | length' "$1/manifest.json")" ] || { echo mixed; return; }
  sha256sum <"$1/manifest.json"
}

broken=0 faults=0
fault() { faults=$((faults + 1)); echo "FAULT: $*" >&2; }

# count CALL COMMAND…: how many such calls an untroubled run makes.
count() {
  local call=$1; shift
  strace -f -qq -o "$work/trace" -e trace="$call" "$@" >/dev/null 2>&1
  grep -c "$call(" "$work/trace"
}

# at CALL N HOW COMMAND…: the command with its call N broken.
at() {
  local call=$1 n=$2 how=$3; shift 3
  broken=$((broken + 1))
  { strace -f -qq -o /dev/null -e trace="$call" -e inject="$call:$how:when=$n" "$@" >/dev/null 2>&1; } 2>/dev/null # nor what bash says of a kill
}

# delivery NAME ARGUMENTS… of the run that replaces the delivery in before/.
delivery() {
  local name=$1; shift
  local former fresh code
  former=$(reading "$work/before")
  cp -r "$work/before" "$work/calm" && "$xhl" "$@" -q -o "$work/calm" >/dev/null 2>&1
  fresh=$(reading "$work/calm")
  for call in renameat unlinkat fsync write; do
    cp -r "$work/before" "$work/out"
    local total; total=$(count $call "$xhl" "$@" -q -o "$work/out")
    rm -rf "$work/out"
    for n in $(seq 1 "$every" "$total"); do
      for how in signal=INT signal=KILL error=EIO; do
        cp -r "$work/before" "$work/out"
        at $call "$n" $how "$xhl" "$@" -q -o "$work/out"; code=$?
        local found; found=$(reading "$work/out")
        if [ "$found" != "$former" ] && [ "$found" != "$fresh" ]; then
          [ $how = signal=KILL ] && [ "$found" = none ] && [ -e "$work/out/.xhl-delivery/journal.json" ] || fault "$name: $call $n $how: exit $code, the folder is $found"
          "$xhl" check -q "$work/out" >/dev/null 2>&1 && fault "$name: $call $n $how: check passes a folder that is $found"
        fi
        [ $code = 0 ] && [ "$found" != "$fresh" ] && fault "$name: $call $n $how: exit 0, the folder is $found"
        [ $code = 130 ] && [ "$found" != "$former" ] && fault "$name: $call $n $how: exit 130, the folder is $found"
        "$xhl" "$@" -q -o "$work/out" >/dev/null 2>&1 || fault "$name: $call $n $how: the next run: exit $?"
        [ "$(reading "$work/out")" = "$fresh" ] || fault "$name: $call $n $how: the next run: the folder is $(reading "$work/out")"
        rm -rf "$work/out"
      done
    done
    echo "| $name | $call | $total |" >>"$work/table"
  done
  rm -rf "$work/calm"
}

"$xhl" build -q --format zip --limit 450ko -o "$work/before" "$journal" >/dev/null 2>&1
delivery build build --format zip --limit 350ko "$journal"
rm -rf "$work/before"
"$xhl" encode -q --format zip --limit 350ko -o "$work/before" "$work/paye/run.jsonl" >/dev/null 2>&1
delivery "encode --limit" encode --format zip --limit 450ko "$work/paye/run.jsonl"

{
  printf '# Interruptions\n\n- commit: %s\n- command: `bench/interruptions.sh %s`\n\n' "$(git rev-parse --short HEAD)" "$every"
  printf '%s runs were broken, each at one system call, by SIGINT, SIGKILL or an error; %s faults.\n\n' "$broken" "$faults"
  printf '| command | call | calls of a run |\n|---|---|---:|\n'
  cat "$work/table"
} >results/interruptions.md
echo "$broken runs broken, $faults faults: results/interruptions.md"
[ "$faults" = 0 ]
