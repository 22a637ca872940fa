#!/bin/sh
# All static checks; goes on after a failure, so that one run shows everything. No database.
cd "$(dirname "$0")/.." || exit 1
failed=""

check() {
    name=$1
    shift
    if output=$("$@" 2>&1); then
        echo "ok      $name"
    else
        echo "FAILED  $name"
        echo "$output"
        failed="$failed $name"
    fi
}

deploy() {
    DEBUG=0 SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(64))') \
        ALLOWED_HOSTS=portal.example DATABASE_URL=postgres://portal@database.example/portal LEDGER_KEY_FILE=ledger.pem \
        LEDGER_ANCHOR_MAILS=auditor@portal.example \
        python manage.py check --deploy --fail-level WARNING
}

check ruff ruff check .
check format ruff format --check .
check mypy mypy .
check layers lint-imports
check templates sh -c 'find templates -name "*.html" | xargs djade --check --target-version 5.2'
check migrations python manage.py makemigrations --check --dry-run
check deploy deploy

[ -z "$failed" ] || { echo "Failed:$failed" >&2; exit 1; }
