#!/bin/bash
# Makes a plain Debian or Ubuntu server a planet. It runs as user-data: once under cloud-init, at every boot under an
# rc.local loader, so every step converges and none appends. It has secrets, which go to root's files (below); a copy of this
# text is for root alone.
#
# The stack leaves these comments out, and puts its settings in after the first line: PLANET_BUCKET_URL (no slash at its
# end), PLANET_STACK, PLANET_RELEASE (8 hex digits over all that makes this server), PLANET_BUNDLE (SHA-256 of the
# engine), PLANET_CONTENT (content digest to be pinned to, or empty), PLANET_ALLOW_HOSTS, PLANET_ARCHIVE_MONTHS, and in
# seconds PLANET_INTERVAL, PLANET_SETTLE, PLANET_KEEPALIVE. PLANET_SERVERS is "several" behind a balancer, where one server asks
# the feeds for all, and empty on a server that is alone. PLANET_MEMORY_PREFIX (empty: no memory), PLANET_SIGNER (id of the
# key that has signed) and PLANET_MEMORY_SIGNATURE are the permit to write to the bucket below that prefix.
#
# With a host name: PLANET_HOST (names with commas between them, the canonical one first; empty: plain HTTP and the rest of
# these is empty, too), PLANET_ACME_DIRECTORY (empty: no certificate is ordered), PLANET_ACME_CONTACT, PLANET_HSTS (seconds),
# PLANET_PERMIT (number of the permits), PLANET_TLS_SIGNATURE and PLANET_CHALLENGE_SIGNATURE (the permits below tls/ and
# acme-challenge/, signed by PLANET_SIGNER), PLANET_TLS_KEY (what the certificate in the bucket is sealed with).
#
# Secret are PLANET_TLS_KEY and the three signatures.
#
# The console shows each step, and last either "planet: READY release=<id>" or "planet: FAILED step=<name> rc=<n>".
set -euo pipefail
umask 022 # a loader may have a stricter one, and the engine runs as another user
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C HOME=/root
LOG=/var/log/planet-boot.log STEP_FILE=/run/planet-boot.step
ENGINE=/opt/planet/engine/$PLANET_BUNDLE/planet.cjs

# Outside: one run at a time, at most 30 min, output to log and console, and exactly one last line.
if [ "${1:-}" != run ]; then
  exec 9>/run/planet-boot.lock
  flock -n 9 || exit 0
  CONSOLE=/dev/console
  { : >"$CONSOLE"; } 2>/dev/null || CONSOLE=/dev/null
  echo start >"$STEP_FILE"
  set +e
  timeout -k 30 1800 bash "$0" run </dev/null 2>&1 9>&- | tee -a "$LOG" >"$CONSOLE"
  rc=${PIPESTATUS[0]}
  [ "$rc" = 99 ] && exit 0 # rebooting: the last line comes after it
  last="planet: READY release=$PLANET_RELEASE"
  [ "$rc" = 0 ] || last="planet: FAILED step=$(cat "$STEP_FILE") rc=$rc"
  echo "$last" | tee -a "$LOG" >"$CONSOLE"
  exit "$rc"
fi

DEGRADED=
STEP=start
say() { echo "planet: step=$STEP $* t=$SECONDS"; }
step() {
  STEP=$1
  echo "$STEP" >"$STEP_FILE"
  say start
}
degraded() {
  DEGRADED="$DEGRADED $STEP"
  say "failed (going on)"
}
fail() {
  say "failed: $*"
  exit 1
}
retry() { # retry <times> <pause> <command...>
  local left=$1 pause=$2
  shift 2
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    say retry
    sleep "$pause"
  done
}
get() { curl -fsS --noproxy '*' --connect-timeout 10 -m 120 "$@"; }

# os: waits for nothing. Refuses what has no security updates or too old a Node.
step os
# shellcheck source=/dev/null
. /etc/os-release
case "$ID:${VERSION_ID:-}" in
debian:12 | debian:13 | ubuntu:24.04 | ubuntu:26.04) say "ok $ID $VERSION_ID" ;;
*) fail "$ID ${VERSION_ID:-} is not supported, use Debian 12 or 13" ;;
esac

# clock: apt and TLS refuse dates in the future. The bucket's clock is the one that content is judged by.
step clock
bucket_time() {
  local header
  header=$(curl -sS --noproxy '*' -m 20 -o /dev/null -D - "$PLANET_BUCKET_URL/manifest.json" |
    tr -d '\r' | sed -n 's/^[Dd]ate: //p' | head -n 1)
  [ -n "$header" ] && date -d "$header" +%s
}
off_by() {
  local there
  there=$(bucket_time) || return 1
  OFF=$((there - $(date +%s)))
  [ "${OFF#-}" -le "$1" ]
}
set_clock() {
  local there
  there=$(bucket_time) && date -s "@$there" >/dev/null
}
OFF=0
if ! retry 3 5 off_by 5; then
  systemd-detect-virt -cq || retry 18 5 off_by 5 || off_by 300 || set_clock || degraded
fi
say "ok off=$OFF"

# locks: the image's own updater must not hold apt's locks.
step locks
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a APT_LISTCHANGES_FRONTEND=none UCF_FORCE_CONFFOLD=1
systemctl stop apt-daily.timer apt-daily-upgrade.timer 2>/dev/null || :
apt_idle() { ! systemctl is-active -q apt-daily.service apt-daily-upgrade.service; }
retry 60 10 apt_idle || degraded
dpkg --configure -a || degraded
say ok

# update, upgrade, install: a fresh server has the newest packages; that is how security updates are applied.
# The console has little room: apt's own words go there only when it fails.
apt() {
  apt-get -qq -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Acquire::Retries=3 \
    -o Acquire::http::Timeout=30 -o DPkg::Lock::Timeout=600 -o APT::Update::Error-Mode=any --no-install-recommends "$@" >/run/planet-apt.log 2>&1 || {
    tail -n 12 /run/planet-apt.log
    return 1
  }
}
have_packages() { dpkg -s nginx-light nodejs ca-certificates curl >/dev/null 2>&1; }
step update
# DPkg::Lock::Timeout does not wait for the lists' lock (apt 2.6.1), hence the loop.
if retry 5 15 apt update; then say ok; else
  have_packages || fail "no package lists"
  degraded
fi
step upgrade
if apt dist-upgrade || { dpkg --configure -a && apt dist-upgrade; }; then say ok; else degraded; fi
step install
if ! have_packages; then
  systemctl mask -q nginx.service 2>/dev/null # it would start at once and show its welcome page
  retry 3 15 apt install nginx-light nodejs ca-certificates curl || fail "no packages"
fi
say ok
# A new kernel counts only after a reboot; once, and before anybody is served.
if [ -e /run/reboot-required ] && [ ! -e /opt/planet/rebooted ] && ! systemd-detect-virt -cq; then
  mkdir -p /opt/planet
  install -m 700 "$0" /opt/planet/boot.sh
  cat >/etc/systemd/system/planet-boot.service <<'UNIT'
[Unit]
After=network-online.target
Wants=network-online.target
[Service]
Type=oneshot
ExecStart=/opt/planet/boot.sh
[Install]
WantedBy=multi-user.target
UNIT
  systemctl enable -q planet-boot.service
  touch /opt/planet/rebooted
  sync
  say reboot
  systemctl --no-block reboot
  exit 99
fi

# node: Debian 12 has 18.20, the oldest that the engine runs on.
step node
node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 18 || (a == 18 && b >= 20) ? 0 : 1)' ||
  fail "Node $(node --version) is too old"
say "ok $(node --version)"

# fetch: the engine, by its hash. Retries for 10 min.
step fetch
engine_ok() { echo "$PLANET_BUNDLE  $1" | sha256sum -c --status 2>/dev/null; }
fetch_engine() {
  engine_ok "$ENGINE" && return
  get -o "$ENGINE.part" "$PLANET_BUCKET_URL/objects/$PLANET_BUNDLE" || return 1
  engine_ok "$ENGINE.part" || { echo "planet: the engine has another hash"; return 1; }
  chmod 644 "$ENGINE.part" && mv -f "$ENGINE.part" "$ENGINE"
}
mkdir -p "${ENGINE%/*}"
retry 60 10 fetch_engine || fail "no engine"
say ok

# engine: renders an empty planet as the user that will run it.
step engine
id -u planet >/dev/null 2>&1 || useradd --system --home-dir /var/lib/planet --shell /usr/sbin/nologin planet
runuser -u planet -- env HOME=/tmp node "$ENGINE" selftest </dev/null
say ok

# fence: keeps the sync's user away from the metadata service, and so from this text; the engine says how.
step fence
node "$ENGINE" fence </dev/null || degraded

# units: the engine writes the units, their environment and nginx's configuration. It starts nothing.
step units
export "${!PLANET_@}"
PLANET_DEGRADED=${DEGRADED# } node "$ENGINE" install
export -n PLANET_MEMORY_SIGNATURE PLANET_TLS_SIGNATURE PLANET_CHALLENGE_SIGNATURE PLANET_TLS_KEY
systemctl daemon-reload
say ok

# nginx: serves 503 until the first page is there.
step nginx
rm -f /etc/nginx/sites-enabled/default
nginx -t -q
systemctl unmask -q nginx.service
systemctl enable -q nginx.service
systemctl reload-or-restart nginx.service
say ok

# certificate: takes what is in the bucket, or orders; the timer tries again.
if [ -n "$PLANET_HOST" ]; then
  step certificate
  if timeout 60 systemctl start planet-certificate.service; then say ok; else degraded; fi
fi

# build: the first sync. Feeds may fail; no content is a failure of the step "fetch".
step build
systemctl reset-failed -q planet-sync.service 2>/dev/null || :
if ! systemctl start planet-sync.service; then
  journalctl -u planet-sync -t planet -n 8 -o cat --no-pager || :
  status=$(systemctl show -p ExecMainStatus --value planet-sync.service)
  [ "$status" != 3 ] || STEP=fetch
  echo "$STEP" >"$STEP_FILE"
  fail "first sync ended with $status"
fi
journalctl -u planet-sync -t planet -n 1 -o cat --no-pager || :
say ok

# ready: what a reader gets is this release.
step ready
serves() {
  local status
  status=$(get -m 10 http://127.0.0.1/status.json) && [[ $status == *"\"release\": \"$PLANET_RELEASE\""* ]] &&
    get -m 10 -o /dev/null http://127.0.0.1/
}
retry 10 2 serves || fail "does not serve release $PLANET_RELEASE"
touch /opt/planet/ready # for /healthz
say ok

# after: from now on the timer, and apt's own ones again.
step after
systemctl enable -q --now planet-sync.timer ${PLANET_HOST:+planet-certificate.timer}
systemctl start apt-daily.timer apt-daily-upgrade.timer 2>/dev/null || :
say ok
