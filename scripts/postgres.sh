#!/usr/bin/env bash
# A PostgreSQL of our own for tests and trials: own folder, own port, loopback only.
#
#   scripts/postgres.sh start      start it (installs PostgreSQL from Debian when missing), print its URL
#   scripts/postgres.sh stop       stop it
#   scripts/postgres.sh url        print its URL
#   scripts/postgres.sh run CMD…   start it if needed, run CMD with HUIYIN_TEST_POSTGRES_URL, stop it if we started it
#
# HUIYIN_PG_DIR    folder (default: .postgres in the repository)
# HUIYIN_PG_PORT   port (default: made from the folder, so that two clones do not meet)
# HUIYIN_PG_FSYNC  on (default) or off; off is faster and only for tests, set at start
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
dir="${HUIYIN_PG_DIR:-$root/.postgres}"
port="${HUIYIN_PG_PORT:-$((52000 + $(printf %s "$dir" | cksum | cut -d' ' -f1) % 4000))}"
fsync="${HUIYIN_PG_FSYNC:-on}"
url="postgres://huiyin@127.0.0.1:$port/huiyin"

fail() { echo "postgres.sh: $*" >&2; exit 1; }

# The folder of the newest PostgreSQL >= 15 that is installed, or nothing.
find_bin() {
  local candidate
  for candidate in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5,5Vr); do
    if [ -x "$candidate/initdb" ] && [ "$(basename "$(dirname "$candidate")")" -ge 15 ]; then
      echo "$candidate"
      return
    fi
  done
  if command -v initdb >/dev/null && command -v pg_ctl >/dev/null; then
    dirname "$(command -v initdb)"
  fi
}

install_server() {
  command -v apt-get >/dev/null || fail "PostgreSQL 15 or later is needed and there is no apt-get to install it"
  [ "$(id -u)" = 0 ] || fail "PostgreSQL 15 or later is needed; run: sudo apt-get install postgresql"
  echo "installing PostgreSQL …" >&2
  export DEBIAN_FRONTEND=noninteractive
  # the package must not start a cluster of its own beside ours
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] \
    || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  timeout 120 apt-get update -q >&2
  timeout 420 apt-get install -y -q --no-install-recommends postgresql postgresql-client openssl >&2
}

# PostgreSQL refuses to run as root, so root hands over to the user postgres.
as_owner() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && setpriv --reuid=postgres --regid=postgres --init-groups env -i \
      PATH="$PATH" LC_ALL=C.UTF-8 HOME="$dir" "$@")
  else
    env LC_ALL=C.UTF-8 "$@"
  fi
}

# The user postgres must be able to walk to the folder; otherwise use one for temporary files.
settle_folder() {
  mkdir -p "$dir"
  if [ "$(id -u)" = 0 ]; then
    chown postgres: "$dir"
    if ! as_owner test -w "$dir" 2>/dev/null; then
      dir="${TMPDIR:-/var/tmp}/huiyin-postgres-$port"
      mkdir -p "$dir"
      chown postgres: "$dir"
    fi
  fi
}

is_ready() { as_owner "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; }
is_ours() { as_owner "$bin/pg_ctl" -D "$dir/data" status >/dev/null 2>&1; }

create_cluster() {
  [ -s "$dir/data/PG_VERSION" ] && return
  as_owner "$bin/initdb" -D "$dir/data" -U huiyin --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
    --no-instructions >"$dir/initdb.log" 2>&1 || fail "initdb failed, see $dir/initdb.log"
}

# An authority and a certificate of our own, so that tests prove encrypted connections too.
create_certificate() {
  local tls="$dir/tls"
  [ -s "$tls/server.crt" ] && return
  as_owner mkdir -p "$tls"
  as_owner openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
    -subj "/CN=huiyin test authority" -addext "basicConstraints=critical,CA:TRUE" \
    -keyout "$tls/ca.key" -out "$tls/ca.crt" 2>"$dir/openssl.log" \
    && as_owner openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=localhost" \
      -keyout "$tls/server.key" -out "$tls/server.csr" 2>>"$dir/openssl.log" \
    && as_owner sh -c 'printf "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n" >"$0/leaf.ext"' "$tls" \
    && as_owner openssl x509 -req -in "$tls/server.csr" -CA "$tls/ca.crt" -CAkey "$tls/ca.key" -CAcreateserial \
      -days 3650 -extfile "$tls/leaf.ext" -out "$tls/server.crt" 2>>"$dir/openssl.log" \
    || fail "no certificate could be made, see $dir/openssl.log"
  as_owner chmod 600 "$tls/server.key" "$tls/ca.key"
}

start() {
  if is_ours && is_ready; then return; fi
  if is_ready; then fail "port $port is taken by another PostgreSQL; set HUIYIN_PG_PORT"; fi
  create_cluster
  create_certificate
  as_owner "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 start -o "\
    -c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='' -c max_connections=300 \
    -c ssl=on -c ssl_cert_file=$dir/tls/server.crt -c ssl_key_file=$dir/tls/server.key \
    -c ssl_ca_file=$dir/tls/ca.crt -c shared_buffers=256MB -c max_locks_per_transaction=256 -c fsync=$fsync -c full_page_writes=$fsync \
    -c synchronous_commit=$fsync -c max_wal_size=2GB -c log_min_messages=warning" \
    >/dev/null 2>&1 || fail "the server does not start, see $dir/server.log"
  as_owner "$bin/psql" -q -h 127.0.0.1 -p "$port" -U huiyin -d postgres -tA \
    -c "SELECT 1 FROM pg_database WHERE datname = 'huiyin'" | grep -q 1 \
    || as_owner "$bin/createdb" -h 127.0.0.1 -p "$port" -U huiyin huiyin
}

stop() {
  is_ours || return 0
  as_owner "$bin/pg_ctl" -D "$dir/data" -w -t 60 -m fast stop >/dev/null \
    || fail "the server does not stop, see $dir/server.log"
}

case "${1:-}" in
  start | stop | run) ;;
  url) echo "$url"; exit 0 ;;
  *) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

bin="$(find_bin)"
if [ -z "$bin" ]; then
  install_server
  bin="$(find_bin)"
  [ -n "$bin" ] || fail "PostgreSQL 15 or later was not found after installing it"
fi
settle_folder

case "$1" in
  start) start; echo "$url" ;;
  stop) stop ;;
  run)
    shift
    [ $# -gt 0 ] || fail "run needs a command"
    started=no
    if ! is_ours; then started=yes; fi
    start
    trap '[ "$started" = no ] || stop' EXIT
    HUIYIN_TEST_POSTGRES_URL="$url" "$@"
    ;;
esac
