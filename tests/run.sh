#!/bin/sh
# Runs test programs and counts what they say in TAP; a program that ends without a plan, or dies,
# is a failure. Two at a time, and then those with a browser, one by one: these have the machine for
# themselves. Last line: N passed, N failed.
#   tests/run.sh PROGRAM|FILE.test.mjs|FILE.test.ts …
set -u
cd "$(dirname "$0")/.." || exit 1
node=$(tests/node.sh) || exit 1

run() {
    case $1 in
    *.mjs) "$node" --test --test-reporter=tap "$1" ;;
    *.ts) "$node" tests/web/run.mjs "$1" ;;
    *) CMOCKA_MESSAGE_OUTPUT=TAP "$1" ;;
    esac
}

# PROGRAM LOG STATUS COUNTS: node nests its tests; only the leaves count, and those have no plan of
# their own.
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
    echo "$ok $bad" >>"$4"
    printf '%-40s %4d passed, %d failed\n' "${1#build/}" "$ok" "$bad"
    if [ "$bad" -ne 0 ]; then
        sed 's/^/    /' "$2"
    fi
}

# COUNTS PROGRAM: what the others below start.
if [ "${1-}" = --one ]; then
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    run "$3" >"$log" 2>&1 </dev/null
    status=$?
    exec 9>>"$2"
    flock 9 # one report after the other
    count "$3" "$log" "$status" "$2"
    exit 0
fi

has_browser() {
    case $1 in
    *.mjs) grep -qE '/lib/(browser|people)\.mjs"' "$1" ;;
    *) false ;;
    esac
}

counts=$(mktemp)
trap 'rm -f "$counts"' EXIT
for program; do
    has_browser "$program" || echo "$program"
done | xargs -r -P 2 -n 1 tests/run.sh --one "$counts"
for program; do
    if has_browser "$program"; then
        tests/run.sh --one "$counts" "$program"
    fi
done
# Who did not even come to count has failed.
awk -v programs=$# '{ ok += $1; bad += $2 }
    END { bad += programs - NR; print ok + 0 " passed, " bad " failed"; exit bad > 0 || ok == 0 }' "$counts"
