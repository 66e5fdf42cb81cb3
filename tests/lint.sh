#!/bin/sh
# The house rules that a script can hold: include direction, lengths, banned calls, SQL in one folder.
set -u
cd "$(dirname "$0")/.." || exit 1
failed=0

complain() {
    failed=1
    printf '%s\n' "$1"
}

# A folder of server/ may include only folders to its right.
layers="main net wire bridge journal store event identity base"
place() {
    n=0
    for layer in $layers; do
        n=$((n + 1))
        if [ "$layer" = "$1" ]; then
            echo "$n"
            return
        fi
    done
    echo 0
}
for file in server/*/*.[ch]; do
    own=${file#server/}
    own=$(place "${own%%/*}")
    for included in $(sed -n 's/^#include "\([a-z]*\)\/.*/\1/p' "$file"); do
        theirs=$(place "$included")
        if [ "$theirs" -eq 0 ] || [ "$theirs" -lt "$own" ]; then
            complain "$file: includes $included/, which is not to its right"
        fi
    done
done

# A function fits a screen, a file has one job.
for file in server/*/*.c; do
    awk -v file="$file" '
        /^[a-z].*\) \{$/ || /^\{$/ { start = NR; next }
        /^}/ && start { if (NR - start > 70) { print file ":" start ": function of " NR - start " lines"; bad = 1 } start = 0 }
        END { exit bad }' "$file" || failed=1
done
for file in $(git ls-files -co --exclude-standard 'server/*.[ch]' 'web/*.ts' 'web/*.tsx' 'web/*.css' 'tests/*.c' 'tests/*.ts' 'tests/*.mjs'); do
    lines=$(wc -l <"$file")
    [ "$lines" -le 500 ] || complain "$file: $lines lines"
done

banned='\b(sprintf|vsprintf|strcpy|strcat|strncpy|atoi|atol|gets|rand|srand|strtok|asctime|gmtime|localtime)\('
if grep -nE "$banned" server/*/*.[ch]; then
    complain 'banned calls, see above'
fi
if grep -nE '\b(malloc|calloc|realloc|strdup|strndup)\(' server/*/*.[ch] | grep -v '^server/base/memory'; then
    complain 'allocation outside base/memory.c, see above'
fi
if grep -nE '"(SELECT|INSERT|UPDATE|DELETE|PRAGMA|VACUUM|CREATE) ' server/*/*.[ch] | grep -v '^server/store/'; then
    complain 'SQL outside store/, see above'
fi

# Both catalogues have the same words.
node -e '
const [de, en] = ["de", "en"].map((l) => JSON.parse(require("fs").readFileSync(`web/words/${l}.json`)));
const places = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join();
const wrong = [...new Set([...Object.keys(de), ...Object.keys(en)])].filter((k) => !(k in de) || !(k in en) || places(de[k]) !== places(en[k]));
if (wrong.length) { console.log("words differ between de and en: " + wrong.join(" ")); process.exit(1); }' || failed=1

exit $failed
