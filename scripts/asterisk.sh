#!/usr/bin/env bash
# A real Asterisk 22 for the tests of crates/pbx, in a root folder of its own.
#
#   scripts/asterisk.sh prepare   installs it (about a minute, 400 MB, as root)
#   scripts/asterisk.sh root      says where it is
#
# Debian's stable suites carry no Asterisk; this takes it from the suite
# "unstable" into a separate root and leaves this system's packages alone.
# The tests find it by HUIYIN_ASTERISK_ROOT, else in target/asterisk; where it
# is not, they say so loudly and pass.
set -euo pipefail
cd "$(dirname "$0")/.."
root=${HUIYIN_ASTERISK_ROOT:-$PWD/target/asterisk}

mirror() {
    if [[ -n ${HUIYIN_DEBIAN_MIRROR:-} ]]; then
        echo "$HUIYIN_DEBIAN_MIRROR"
        return
    fi
    # where this system gets its own packages from
    local found
    found=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
        grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ')
    [[ -n $found ]] || { echo "set HUIYIN_DEBIAN_MIRROR to a mirror of Debian" >&2; exit 1; }
    echo "$found"
}

# It looks its own name up at each call; a name server that is not there costs
# five seconds each time.
names() {
    printf '127.0.0.1 localhost %s\n' "$(hostname)" >"$root/etc/hosts"
    : >"$root/etc/resolv.conf"
}

prepare() {
    if [[ -x $root/usr/sbin/asterisk && -e $root/.ready ]]; then
        names
        echo "Asterisk is in $root already"
        return
    fi
    [[ $(id -u) == 0 ]] || { echo "preparing a root folder needs root" >&2; exit 1; }
    command -v debootstrap >/dev/null || apt-get install -y --no-install-recommends debootstrap
    rm -rf "$root"
    mkdir -p "$root"
    debootstrap --variant=minbase unstable "$root" "$(mirror)"
    # nothing that a package brings may start here
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod +x "$root/usr/sbin/policy-rc.d"
    chroot "$root" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends asterisk
    chroot "$root" apt-get clean
    names
    touch "$root/.ready"
    chroot "$root" asterisk -V
}

case ${1:-} in
prepare) prepare ;;
root) echo "$root" ;;
*) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
