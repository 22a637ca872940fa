#!/bin/sh
# Pin everything once for developing, then take the same versions for what needs less.
set -eu
cd "$(dirname "$0")/.."
export UV_CUSTOM_COMPILE_COMMAND="make lock"

compile() {
    name=$1
    shift
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url "$@" "requirements/$name.in" --output-file "requirements/$name.txt"
}

compile dev ${UPGRADE:+--upgrade}
compile embedded --constraints requirements/dev.txt ${UPGRADE:+--upgrade}
compile base --constraints requirements/dev.txt ${UPGRADE:+--upgrade}
compile s3 --constraints requirements/dev.txt ${UPGRADE:+--upgrade}
