"""`manage.py`: which commands start the embedded server, and refusals in one line."""

import os
import subprocess
import sys

import pytest

import manage
from tests.plugins.servers import CHECKOUT


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ("", False),
        ("help", False),
        ("migrate --help", False),
        ("collectstatic --noinput", False),
        ("compile_messages_po", False),
        ("migrate", True),
        ("seed_demo --reset", True),
        ("import_journey file.json --format salesforce", True),
    ],
)
def test_only_commands_that_need_a_database_get_one(words: str, needed: bool):
    assert manage.needs_database(["manage.py", *words.split()]) is needed


def test_production_without_its_settings_is_one_line():
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=CHECKOUT, env={"PATH": os.environ["PATH"], "DEBUG": "0"}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "SECRET_KEY" in done.stderr
