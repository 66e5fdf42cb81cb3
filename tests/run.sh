#!/bin/sh
# Runs test programs one after the other and counts what they say in TAP; a program that ends
# without a plan, or dies, is a failure. Last line: N passed, N failed.
#   tests/run.sh PROGRAM|FILE.test.mjs|FILE.test.ts …
set -u
cd "$(dirname "$0")/.." || exit 1

first=$(mktemp)
second=$(mktemp)
trap 'rm -f "$first" "$second"' EXIT
passed=0
failed=0
node=$(tests/node.sh) || exit 1

run() {
    case $1 in
    *.mjs) "$node" --test --test-reporter=tap "$1" ;;
    *.ts) "$node" tests/web/run.mjs "$1" ;;
    *) CMOCKA_MESSAGE_OUTPUT=TAP "$1" ;;
    esac
}

# PROGRAM LOG STATUS: node nests its tests; only the leaves count, and those have no plan of their own.
count() {
    case $1 in
    *.mjs | *.ts)
        ok=$(sed -n 's/^# pass //p' "$2" | tail -n 1)
        bad=$(sed -n 's/^# fail //p' "$2" | tail -n 1)
        ;;
    *)
        ok=$(grep -c '^ok ' "$2")
        bad=$(grep -c '^not ok ' "$2")
        ;;
    esac
    ok=${ok:-0}
    bad=${bad:-0}
    if [ "$bad" -eq 0 ] && { [ "$3" -ne 0 ] || [ "$ok" -eq 0 ]; }; then
        bad=1
    fi
    passed=$((passed + ok))
    failed=$((failed + bad))
    printf '%-40s %4d passed, %d failed\n' "${1#build/}" "$ok" "$bad"
    if [ "$bad" -ne 0 ]; then
        sed 's/^/    /' "$2"
    fi
}

# Two at a time, but for those with servers and browsers: these have the machine for themselves.
while [ $# -gt 0 ]; do
    run "$1" >"$first" 2>&1 </dev/null &
    one=$!
    two=
    case "$1 ${2-}" in
    *.mjs* | *" ") ;;
    *)
        run "$2" >"$second" 2>&1 </dev/null &
        two=$!
        ;;
    esac
    wait "$one"
    count "$1" "$first" $?
    if [ -n "$two" ]; then
        wait "$two"
        count "$2" "$second" $?
        shift
    fi
    shift
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
