#!/bin/sh
# Ends the processes and removes the folders that its standard input names, as soon as that input ends. It ends however the
# other end goes, a SIGKILL included, so nothing outlives the test run that started it.
trap '' INT TERM HUP
kept=
while read -r verb value; do
  case $verb in
    process) kept="$kept $value" ;;
    gone) kept=$(for pid in $kept; do [ "$pid" = "$value" ] || printf ' %s' "$pid"; done) ;;
    folder) set -- "$@" "$value" ;;
  esac
done
for pid in $kept; do kill -KILL "$pid" 2>/dev/null; done
for folder in "$@"; do rm -rf "$folder"; done
