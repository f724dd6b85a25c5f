#!/usr/bin/env bash
# The outermost loop, for hosts without systemd: runs a pair of watchdogs, and runs it again whenever it ends with a failure.
#
#   scripts/keep-running.sh --child-data DIR [flags] -- COMMAND ARGS…     (flags: everline-watchdog --help)
#
# A child that runs on without its watchdogs is adopted by the next pair. SIGTERM or SIGINT to this script ends everything in good order; a second one means now.
# EVERLINE_WATCHDOG: the command to run instead of the everline-watchdog of this repository or of the PATH.
set -u

again_seconds=${EVERLINE_AGAIN_SECONDS:-1}
built=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/packages/watchdog/dist/src/main.js
if [[ -n ${EVERLINE_WATCHDOG:-} ]]; then
  watchdog=("$EVERLINE_WATCHDOG")
elif [[ -f $built ]]; then
  watchdog=(node "$built")
else
  watchdog=(everline-watchdog)
fi

pid=
ending=

pass_on() {
  ending=yes
  [[ -n $pid ]] && kill -"$1" "$pid" 2>/dev/null
}
trap 'pass_on TERM' TERM
trap 'pass_on INT' INT
trap 'pass_on HUP' HUP

while [[ -z $ending ]]; do
  # In a process group of its own, so that a Ctrl-C comes once, through us.
  set -m
  "${watchdog[@]}" "$@" &
  pid=$!
  set +m
  # A signal that came before there was a pid.
  [[ -n $ending ]] && kill -TERM "$pid" 2>/dev/null
  # A trapped signal ends `wait` early; it is over only when the process is.
  while :; do
    wait "$pid"
    status=$?
    kill -0 "$pid" 2>/dev/null || break
  done
  pid=
  case $status in
    0) exit 0 ;;
    # Another pair runs; a permission is missing; the configuration is wrong: another try cannot help.
    75 | 77 | 78) exit "$status" ;;
  esac
  [[ -n $ending ]] && exit "$status"
  echo "keep-running: the watchdog ended with $status; again in $again_seconds s" >&2
  # In the background, so that a signal is heard at once.
  sleep "$again_seconds" &
  wait $!
done
exit 0
