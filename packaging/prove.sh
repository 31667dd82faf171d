#!/usr/bin/env bash
# The proofs of a release, some ten minutes on two quiet cores, as root on Debian:
#
#   ./packaging/prove.sh [FOLDER]
#
#   - release.sh run twice, in two clones, one with a blank in its name, with a
#     build cache of its own each: the same bytes;
#   - lintian and rpmlint find nothing; systemd-analyze reads the units, and their
#     exposure is 2.0 at most;
#   - the deb and the rpm installed, upgraded with data and an edited configuration,
#     removed and purged in fresh Debian roots; the README's session there;
#   - the image unpacked and run without rights on a file system that is read-only;
#   - the arm64 program under qemu, with the same bytes as the amd64 one.
#
# PROVE_ROOT names a Debian 12 root that debootstrap made before. With FOLDER, what a former run of release.sh made there is proved, and it is not
# made again. What cannot be had is skipped and said; the last line counts.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
work=$(mktemp -d "${TMPDIR:-/tmp}/xhl-prove-XXXXXX")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
passed=0 skipped=()
ok() { passed=$((passed + 1)); printf 'ok       %s\n' "$*"; }
skip() { skipped+=("$*"); printf 'skipped  %s\n' "$*"; }
fail() { printf 'FAILED   %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# --- made twice -----------------------------------------------------------------
platforms=(linux/amd64 linux/arm64)
if [ $# -gt 0 ]; then
  dist=$(cd "$1" && pwd)
  skip "the release was not made twice: it was given"
else
  git clone -q "$root" "$work/one"
  git clone -q "$root" "$work/the other"
  GOCACHE=$work/cache1 "$work/one/release.sh" -o "$work/dist" "${platforms[@]}" 2>"$work/log" || { cat "$work/log"; fail "release.sh"; }
  sleep 2 # another time, as dates of files tell it
  GOCACHE=$work/cache2 "$work/the other/release.sh" -o "$work/dist 2" "${platforms[@]}" 2>"$work/log" || { cat "$work/log"; fail "release.sh, in a folder with a blank"; }
  diff -r "$work/dist" "$work/dist 2" || fail "two builds of one commit differ"
  ok "two builds of one commit, in two folders, at two times: $(ls "$work/dist" | wc -l) files, the same bytes"
  rm -rf "$work/cache1" "$work/cache2" "$work/dist 2"
  dist=$work/dist
fi
(cd "$dist" && sha256sum --quiet -c SHA256SUMS) || fail "SHA256SUMS"
one() { # one PATTERN: the file of the release
  local found=("$dist"/$1)
  [ -f "${found[0]}" ] || fail "no $1 in $dist"
  printf '%s' "${found[0]}"
}
deb=$(one 'xhl_*_amd64.deb') rpm=$(one 'xhl-*.x86_64.rpm') program=$(one 'xhl-*-linux-amd64')
"$program" version | grep -q 'commit' || fail "the program does not know its commit"

# --- judged ---------------------------------------------------------------------
if have lintian; then
  lintian --allow-root --fail-on error,warning "$deb" >"$work/lintian" 2>&1 || { cat "$work/lintian"; fail "lintian"; }
  [ ! -s "$work/lintian" ] || { cat "$work/lintian"; fail "lintian says something"; }
  ok "lintian: no tag"
else skip "lintian is not installed"; fi
if have rpmlint; then
  # Never as root: rpmlint unpacks the absolute names of the package as they are.
  mkdir "$work/rpmlint" && cp "$rpm" packaging/rpmlint.toml "$work/rpmlint/" && chown -R 65534:65534 "$work/rpmlint" && chmod 711 "$work"
  (cd "$work/rpmlint" && setpriv --reuid=65534 --regid=65534 --clear-groups env HOME="$work/rpmlint" rpmlint -c rpmlint.toml "$(basename "$rpm")") >"$work/rpmlint.log" 2>&1 || { cat "$work/rpmlint.log"; fail "rpmlint"; }
  grep -q ' 0 errors, 0 warnings' "$work/rpmlint.log" || { cat "$work/rpmlint.log"; fail "rpmlint says something"; }
  ok "rpmlint: 0 errors, 0 warnings"
else skip "rpmlint is not installed"; fi
if have systemd-analyze; then
  for unit in packaging/systemd/*.service; do
    systemd-analyze security --offline=yes --threshold=20 "$unit" >"$work/security" 2>&1 || { tail -n 1 "$work/security"; fail "the exposure of $unit"; }
  done
  mkdir "$work/units"
  for unit in packaging/systemd/*; do sed "s|/usr/bin/xhl|$program|" "$unit" >"$work/units/$(basename "$unit")"; done
  systemd-analyze verify --recursive-errors=no --man=no "$work"/units/*.service >"$work/verify" 2>&1 || { cat "$work/verify"; fail "systemd-analyze verify"; }
  ok "units: read without a word, exposure below 2.0"
else skip "systemd-analyze is not installed"; fi

# --- the sessions of the README, in a root --------------------------------------
play() { # play ROOT: the first session, as a person
  mkdir -p "$1/home/camille" && cp -r testdata/exemple "$1/home/camille/paye"
  chroot "$1" /bin/sh -ec 'chown -R 1000:1000 /home/camille'
  chroot --userspec=1000:1000 "$1" /usr/bin/env -i HOME=/home/camille LANG=en_GB.UTF-8 PATH=/usr/bin:/bin /bin/sh -ec '
    cd "$HOME"
    xhl build --format zip --limit 500ko -o out paye | grep -q "2 volumes of 500.*kB at most: proved minimum"
    xhl check out | grep -q "Nothing prevents sending"
    rm -rf out paye'
}
if [ "$(id -u)" -ne 0 ] || ! have debootstrap; then
  skip "packages in fresh roots: root and debootstrap are needed"
elif if [ -n "${PROVE_ROOT:-}" ]; then ! cp -a "$PROVE_ROOT" "$work/root"; else ! debootstrap --variant=minbase bookworm "$work/root" >"$work/debootstrap" 2>&1; fi; then
  tail -n 3 "$work/debootstrap"
  skip "packages in fresh roots: no Debian archive answers"
else
  # The version before, as far as packages go: this one under a lower number.
  mkdir "$work/former" && dpkg-deb -R "$deb" "$work/former/tree"
  sed -i 's/^Version: .*/Version: 0.0.0~1-1/' "$work/former/tree/DEBIAN/control"
  printf '\n# of the version before\n' >>"$work/former/tree/etc/xhl/service.env"
  (cd "$work/former/tree" && md5sum etc/xhl/* usr/bin/xhl >DEBIAN/md5sums)
  dpkg-deb -b "$work/former/tree" "$work/former/xhl.deb" >/dev/null

  R=$work/deb && cp -a "$work/root" "$R" && cp "$deb" "$R/new.deb" && cp "$work/former/xhl.deb" "$R/old.deb"
  chroot "$R" dpkg -i /old.deb >"$work/dpkg" 2>&1 || { cat "$work/dpkg"; fail "dpkg -i"; }
  chroot "$R" getent passwd xhl >/dev/null || fail "the package makes no user xhl"
  play "$R"
  install -d -m 700 "$R/var/lib/xhl" && chroot "$R" chown xhl:xhl /var/lib/xhl
  as() { chroot --userspec=xhl:xhl "$R" /usr/bin/env -i HOME=/var/lib/xhl XHL_STATE=/var/lib/xhl LANG=en_GB.UTF-8 PATH=/usr/bin:/bin /bin/sh -ec "cd; $1"; }
  as 'xhl synth --quiet --bulletins 5 --pieces -1 --xhl -o paye; xhl vault init --siret 21967564200017 --name C --enable; xhl vault deposit paye/journal.xhl' >"$work/vault" 2>&1 || { cat "$work/vault"; fail "the vault of the package's user"; }
  echo 'XHL_SERVE_OPTIONS=--lang en' >>"$R/etc/xhl/service.env"
  chroot "$R" dpkg --force-confold -i /new.deb >"$work/dpkg" 2>&1 || { cat "$work/dpkg"; fail "the upgrade"; }
  grep -q -- '--lang en' "$R/etc/xhl/service.env" || fail "the upgrade lost an edited configuration"
  [ -f "$R/etc/xhl/service.env.dpkg-dist" ] || fail "the upgrade does not lay its own configuration beside"
  as 'xhl vault fsck | grep -q "The vault is sound"' || fail "the vault after the upgrade"
  chroot "$R" dpkg -r xhl >/dev/null 2>&1
  [ ! -e "$R/usr/bin/xhl" ] && [ -f "$R/etc/xhl/service.env" ] || fail "dpkg -r"
  chroot "$R" dpkg -P xhl >/dev/null 2>&1
  [ ! -e "$R/etc/xhl/service.env" ] && [ -d "$R/var/lib/xhl/coffre" ] || fail "dpkg -P"
  ok "deb: installed, README played, upgraded with a vault and an edited file, removed, purged; the vault stays"
  rm -rf "$R"

  if have rpm; then
    R=$work/rpm && mv "$work/root" "$R"
    rpm --root "$R" --initdb
    rpm --root "$R" -i --nodeps "$rpm" >"$work/rpm.log" 2>&1 || { cat "$work/rpm.log"; fail "rpm -i"; }
    chroot "$R" getent passwd xhl >/dev/null || fail "the rpm makes no user xhl"
    play "$R"
    echo 'XHL_SERVE_OPTIONS=--lang en' >>"$R/etc/xhl/service.env"
    { rpm --root "$R" -V xhl 2>/dev/null || true; } | grep -q 'c /etc/xhl/service.env' || fail "rpm -V does not see the edited file as a configuration"
    rpm --root "$R" -U --nodeps --replacepkgs "$rpm" >"$work/rpm.log" 2>&1 || { cat "$work/rpm.log"; fail "rpm -U"; }
    grep -q -- '--lang en' "$R/etc/xhl/service.env" || fail "rpm -U lost an edited configuration"
    rpm --root "$R" -e xhl >"$work/rpm.log" 2>&1 || { cat "$work/rpm.log"; fail "rpm -e"; }
    [ ! -e "$R/usr/bin/xhl" ] && [ -f "$R/etc/xhl/service.env.rpmsave" ] || fail "rpm -e"
    ok "rpm: installed, README played, edited file kept by the upgrade, and aside by the removal"
  else skip "rpm is not installed"; fi
fi
[ ! -e /usr/bin/xhl ] || fail "/usr/bin/xhl appeared on this machine"

# --- the image --------------------------------------------------------------------
if have umoci && have unshare && [ "$(id -u)" -eq 0 ]; then
  mkdir "$work/oci" && tar -xf "$(one 'xhl-*-oci.tar')" -C "$work/oci"
  # The index names one image a processor: what is unpacked is that of amd64.
  if have skopeo; then
    ref=$(sed -n 's/.*"org.opencontainers.image.ref.name": *"\([^"]*\)".*/\1/p' "$work/oci/index.json" | head -n 1)
    skopeo --override-arch amd64 copy --quiet "oci:$work/oci:$ref" "oci:$work/amd64:one"
    umoci unpack --image "$work/amd64:one" "$work/bundle" 2>/dev/null
    mkdir "$work/state" && chown 65532:65532 "$work/state" && cp -r testdata/exemple "$work/state/paye" && chown -R 65532:65532 "$work/state/paye"
    # What is run in the image: no shell is in it, so that each command is one chroot.
    unshare --mount /bin/sh -ec '
      B=$1/bundle/rootfs
      mount --bind "$B" "$B" && mount -o remount,bind,ro "$B"
      mount --bind "$1/state" "$B/var/lib/xhl" && mount -t tmpfs tmpfs "$B/tmp"
      xhl() { chroot --userspec=65532:65532 "$B" /usr/bin/xhl "$@"; }
      export HOME=/var/lib/xhl XHL_STATE=/var/lib/xhl LANG=en_GB.UTF-8
      xhl version
      xhl vault init --siret 21967564200017 --name C --enable
      xhl build --format zip --limit 500ko -o /var/lib/xhl/out /var/lib/xhl/paye
      xhl check /var/lib/xhl/out
      if xhl synth --bulletins 2 -o /elsewhere; then exit 1; fi
    ' sh "$work" >"$work/image" 2>&1 || { cat "$work/image"; fail "the image"; }
    grep -q 'read-only file system' "$work/image" || { cat "$work/image"; fail "the file system of the image takes a file"; }
    grep -q 'Nothing prevents sending' "$work/image" || { cat "$work/image"; fail "check in the image"; }
    [ "$(grep -c 'BEGIN CERTIFICATE' "$work/bundle/rootfs/etc/ssl/certs/ca-certificates.crt")" -gt 50 ] || fail "the authorities of the image"
    ok "image: run without rights on a read-only file system; vault, build, check"
  else skip "skopeo is not installed: the image is not unpacked"; fi
else skip "the image is not run: umoci, unshare and root are needed"; fi

# --- arm64 --------------------------------------------------------------------------
arm=("$dist"/xhl-*-linux-arm64)
qemu=$(command -v qemu-aarch64-static || command -v qemu-aarch64 || true)
if [ -z "$qemu" ] || [ ! -f "${arm[0]}" ]; then
  skip "arm64: qemu-aarch64 or the program is not there"
else
  smoke() { # smoke FOLDER COMMAND…
    local dir=$1
    shift
    (mkdir -p "$dir" && cd "$dir" && export HOME=$dir XHL_STATE=$dir/state LANG=en_GB.UTF-8 &&
      "$@" version && "$@" synth --quiet --bulletins 20 --pieces 2 --xhl -o paye &&
      "$@" build --quiet --format zip --limit 300ko --date 2026-06-01 -o volumes paye && "$@" check volumes &&
      "$@" bulletins --quiet -o bulletins paye/journal.xhl && "$@" decode --quiet --format csv -o csv paye/journal.xhl &&
      "$@" vault init --siret 21967564200017 --name C --enable && "$@" vault deposit paye/journal.xhl && "$@" vault fsck && rm -rf state) >"$dir.log" 2>&1 || { cat "$dir.log"; fail "$*"; }
  }
  smoke "$work/amd" "$program"
  smoke "$work/arm" "$qemu" "${arm[0]}"
  diff -r "$work/amd" "$work/arm" || fail "arm64 and amd64 write different bytes"
  ok "arm64 under qemu: version, synth, build, check, bulletins, decode, vault; the same bytes as amd64"
fi

printf '\n%d proofs passed, %d skipped\n' "$passed" "${#skipped[@]}"
