#!/bin/sh
# Prints the Node that runs the tests: the machine's, or, where that is older than 20, npm's own.
set -eu
cd "$(dirname "$0")/.."
major=$(node -p 'process.versions.node.split(".")[0]')
if [ "$major" -ge 20 ]; then
    command -v node
    exit 0
fi
tool=build/tools/node_modules/node/bin/node
[ -x "$tool" ] || npm install --prefix build/tools --no-save --no-audit --no-fund --loglevel=error node@22 >&2
echo "$PWD/$tool"
