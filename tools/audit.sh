#!/bin/sh
# Known holes in the pinned packages; a clear line instead where the registry offers no advisories.
cd "$(dirname "$0")/.." || exit 1
output=$(timeout 120 pip-audit --requirement requirements/base.txt \
    --requirement requirements/s3.txt --disable-pip --no-deps \
    --progress-spinner off 2>&1)
status=$?
case "$output" in
*"No known vulnerabilities found"*) echo "ok      audit" ;;
*"Found "*" known vulnerabilit"*)
    echo "FAILED  audit"
    echo "$output"
    exit 1
    ;;
*) echo "skipped audit: no advisories could be read here (pip-audit ended with $status)" ;;
esac
