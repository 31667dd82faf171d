#!/usr/bin/env bash
# Makes a release of the commit that is checked out: static binaries, deb and
# rpm, OCI image, the page, SBOM, checksums. The same commit gives the same bytes, in any
# folder and at any time. What is not committed takes no part.
#
#   ./release.sh [-o FOLDER] [OS/ARCH…]      dist, and the six platforms, by default
#
# A commit that bears a tag v1.2.3 is the release 1.2.3; any other one is 0.0.0
# with its date and digits. It needs Go, git, gzip and GNU tar, and the module proxy
# for the tools below.
set -euo pipefail

NFPM=github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2 # the last one whose modules can all be had from the proxy
SBOM=github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0

root=$(cd "$(dirname "$0")" && pwd)
out=$root/dist
while getopts o: option; do
  case $option in
  o) mkdir -p "$OPTARG" && out=$(cd "$OPTARG" && pwd) ;;
  *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
  esac
done
shift $((OPTIND - 1))
platforms=("$@")
[ ${#platforms[@]} -gt 0 ] || platforms=(linux/amd64 linux/arm64 windows/amd64 windows/arm64 darwin/amd64 darwin/arm64)
mkdir -p "$out"
if [ -n "$(ls -A "$out")" ]; then
  echo "release: $out is not empty" >&2
  exit 1
fi

say() { printf '== %s\n' "$*" >&2; }

work=$(mktemp -d "${TMPDIR:-/tmp}/xhl-release-XXXXXX")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

# A clone, so that nothing that lies about makes the build another one.
git clone --quiet --no-hardlinks "$root" "$work/src"
cd "$work/src"
commit=$(git rev-parse HEAD)
export TZ=UTC LC_ALL=C
epoch=$(git log -1 --format=%ct)
DATE=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || date -u -r "$epoch" +%Y-%m-%dT%H:%M:%SZ)
tag=$(git describe --tags --exact-match --match 'v[0-9]*' 2>/dev/null || true)
if [ -n "$tag" ]; then
  VERSION=${tag#v}
  name=$VERSION
else
  stamp=$(printf '%s' "$DATE" | tr -dc 0-9 | cut -c1-12).$(git rev-parse --short=12 HEAD)
  VERSION="0.0.0~$stamp" # before any release, for dpkg and rpm
  name="0.0.0-$stamp"
fi
export VERSION DATE SOURCE_DATE_EPOCH=$epoch
say "xhl $name, commit ${commit:0:12} of $DATE"

export CGO_ENABLED=0 GOFLAGS= GOTOOLCHAIN=${GOTOOLCHAIN:-local}
build() { # build OS ARCH FILE
  GOOS=$1 GOARCH=$2 go build -trimpath -buildvcs=true -ldflags '-s -w' -o "$3" ./cmd/xhl
}

# The tools are made of their own modules, for this machine.
mkdir "$work/tools"
GOBIN=$work/tools go install "$NFPM"
GOBIN=$work/tools go install "$SBOM"
(cd packaging/image && go build -o "$work/tools/image" .)

# Git ignores what this makes: the program stays that of its commit.
say "the page, which every binary holds"
go generate ./web/page

say "the pages and completions, written by the program"
build "$(go env GOOS)" "$(go env GOARCH)" "$work/xhl"
"$work/xhl" page --quiet -o "$out/xhl-$name.html"
# Beside the clone: a file more in it would make the program another one.
stage=$work/stage
ln -s src/packaging "$work/packaging"
mkdir -p "$stage"/{etc,completion,doc}
"$work/xhl" man --quiet -o "$stage/man"
"$work/xhl" completion bash --lang en >"$stage/completion/xhl.bash"
"$work/xhl" completion fish --lang en >"$stage/completion/xhl.fish"
"$work/xhl" completion zsh --lang en >"$stage/completion/_xhl"
"$work/xhl" config init --lang en -o - >"$stage/etc/xhl.conf"
find "$stage/man" -type f -exec gzip -9n {} +
cp packaging/service.env "$stage/etc/"
cp -r packaging/systemd packaging/sysusers.conf packaging/lintian-overrides "$stage/"
cp packaging/copyright "$stage/doc/"
cp docs/install*.md "$stage/doc/"
for packager in deb rpm; do
  release=$VERSION
  [ $packager = deb ] || release=$VERSION-1
  cat >"$stage/changelog-$packager.yaml" <<YAML
- semver: $release
  date: $DATE
  packager: xhl <xhl@example.org>
  deb: {urgency: medium, distributions: [stable]}
  changes:
    - note: "See CHANGELOG.md of the sources."
YAML
done
chmod -R u=rwX,go=rX "$stage"

binaries=()
for platform in "${platforms[@]}"; do
  os=${platform%/*} arch=${platform#*/}
  suffix=
  [ "$os" != windows ] || suffix=.exe
  file=$out/xhl-$name-$os-$arch$suffix
  say "$platform"
  build "$os" "$arch" "$file"
  # What was shipped is listed from the binary itself, which says its modules.
  GOOS=$os GOARCH=$arch "$work/tools/cyclonedx-gomod" app -json -std -licenses -noserial -notimestamp -main cmd/xhl -output "$out/xhl-$name-$os-$arch.cdx.json" . 2>"$work/sbom.log" ||
    { cat "$work/sbom.log" >&2; exit 1; }
  [ "$os" = linux ] || continue
  binaries+=("$platform=$file")
  install -m 755 "$file" "$stage/xhl"
  for packager in deb rpm; do
    sed "s|\${VERSION}|$VERSION|; s|\${DATE}|$DATE|; s|\${ARCH}|$arch|; s|\${PACKAGER}|$packager|" packaging/nfpm.yaml >"$work/nfpm.yaml"
    (cd "$work" && find stage/doc -type f -printf '  - {src: %p, dst: /usr/share/doc/xhl/%P, type: doc, packager: rpm}\n' &&
      find stage/man -type f -printf '  - {src: %p, dst: /usr/share/man/%P, type: doc, packager: rpm}\n') | sort >>"$work/nfpm.yaml"
    (cd "$work" && tools/nfpm package --config nfpm.yaml --packager $packager --target "$out/") >"$work/nfpm.log" 2>&1 ||
      { cat "$work/nfpm.log" >&2; exit 1; }
  done
done

if [ ${#binaries[@]} -gt 0 ]; then
  say "the image"
  "$work/tools/image" -version "$name" -commit "$commit" -date "$DATE" -o "$work/oci" "${binaries[@]}"
  chmod -R u=rwX,go=rX "$work/oci"
  tar --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --format=pax --pax-option=delete=atime,delete=ctime -cf "$out/xhl-$name-oci.tar" -C "$work/oci" .
fi

(cd "$out" && sha256sum -- * >"$work/sums" && cp "$work/sums" SHA256SUMS)
chmod 644 "$out"/*
chmod 755 "$out"/xhl-"$name"-{linux,darwin}-* 2>/dev/null || true
chmod 644 "$out"/*.json
say "$(wc -l <"$out/SHA256SUMS") files in $out"
(cd "$out" && ls -l | awk 'NR > 1 { printf "%12d  %s\n", $5, $9 }' >&2)
