"""The threat model names tests that there are."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "security.md").read_text()
THREATS = [
    line.split("|")[1:-1]
    for line in TEXT.partition("## Threats")[2].partition("\n## ")[0].splitlines()
    if line.startswith("| ") and "threat |" not in line
]


def test_there_are_threats():
    assert len(THREATS) > 20


@pytest.mark.parametrize("row", THREATS, ids=lambda row: row[0].strip())
def test_each_threat_is_covered_by_tests_that_are_there(row):
    named = re.findall(r"`(tests/[^`]+)`", row[2])
    assert named
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_every_file_that_is_named_is_there():
    named = re.findall(r"`((?:cjops|governance|docs|tests)/[\w/.-]+\.\w+)`", TEXT)
    assert [path for path in named if not (ROOT / path).is_file()] == []
