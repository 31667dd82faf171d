#!/usr/bin/env bash
# Measures the console and the API with the program of this checkout, to
# results/web.md: some minutes. wrk asks for the list pages where it is installed.
set -euo pipefail
cd "$(dirname "$0")"
scratch=$(mktemp -d "${TMPDIR:-/tmp}/xhl-web-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
go build -C .. -trimpath -o "$scratch/xhl" ./cmd/xhl
go run ./web -xhl "$scratch/xhl" -runs "${BENCH_RUNS:-5}" -commit "$(git rev-parse --short HEAD)" -o "${BENCH_RESULTS:-results}/web.md"
