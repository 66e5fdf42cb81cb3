#!/bin/sh
# Runs test programs one after the other and counts what they say in TAP; a program that ends
# without a plan, or dies, is a failure. Last line: N passed, N failed.
#   tests/run.sh PROGRAM|FILE.test.mjs|FILE.test.ts …
set -u
cd "$(dirname "$0")/.." || exit 1

log=$(mktemp)
trap 'rm -f "$log"' EXIT
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

for program in "$@"; do
    run "$program" >"$log" 2>&1 </dev/null
    status=$?
    # node nests its tests; only the leaves count, and those have no plan of their own.
    case $program in
    *.mjs | *.ts)
        ok=$(sed -n 's/^# pass //p' "$log" | tail -n 1)
        bad=$(sed -n 's/^# fail //p' "$log" | tail -n 1)
        ;;
    *)
        ok=$(grep -c '^ok ' "$log")
        bad=$(grep -c '^not ok ' "$log")
        ;;
    esac
    ok=${ok:-0}
    bad=${bad:-0}
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$ok" -eq 0 ]; }; then
        bad=1
    fi
    passed=$((passed + ok))
    failed=$((failed + bad))
    printf '%-40s %4d passed, %d failed\n' "${program#build/}" "$ok" "$bad"
    if [ "$bad" -ne 0 ]; then
        sed 's/^/    /' "$log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
