"""The settings and their description agree; production refuses to start half-configured."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = (ROOT / ".env.example").read_text()
SETTINGS = (ROOT / "cjops" / "settings.py").read_text()
GOOD = {
    "DEBUG": "false",
    "SECRET_KEY": "a-secret-of-fifty-characters-for-this-test-0123456789-ok",
    "ALLOWED_HOSTS": "cjops.example.com",
    "DATABASE_URL": "postgres://cjops:secret@127.0.0.1:1/cjops",
    "LEDGER_KEY_FILE": "ledger.pem",
    "LEDGER_ANCHOR_MAILS": "auditor@example.com",
}


def test_example_lists_every_variable_the_settings_read_and_no_other():
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', SETTINGS))
    listed = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert listed == read


def check(**environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_settings_pass_the_deployment_check():
    done = check(**GOOD)
    assert done.returncode == 0, done.stderr


def test_a_ledger_without_a_key_is_complained_of():
    done = check(**(GOOD | {"LEDGER_KEY_FILE": ""}))
    assert "make_ledger_key" in done.stderr


def test_a_ledger_of_which_no_head_is_kept_elsewhere_is_complained_of():
    done = check(**(GOOD | {"LEDGER_ANCHOR_MAILS": ""}))
    assert "cjops.W002" in done.stderr
    assert "cjops.W002" not in check(**GOOD, LEDGER_ANCHOR_FILE="heads").stderr


def value(name, **environment):
    script = "from django.conf import settings; print(getattr(settings, {0!r}))"
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", script.format(name)],
        cwd=ROOT,
        env=kept | {"DJANGO_SETTINGS_MODULE": "cjops.settings"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("environment", "count"), [({}, "0"), ({"TRUSTED_PROXY_COUNT": "2"}, "2")], ids=str
)
def test_no_proxy_is_trusted_unless_it_is_said_how_many(environment, count):
    assert value("ALLAUTH_TRUSTED_PROXY_COUNT", **GOOD, **environment) == count


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_production_does_not_start_without(missing):
    done = check(**{name: value for name, value in GOOD.items() if name != missing})
    assert done.returncode != 0
    assert missing in done.stderr
