"""The demo organisation as it is written down: the YAML files beside this module."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent / "data"

Record = dict[str, Any]


def _read(path: Path) -> Record:
    # The C loader reads the 10,000 lines in a tenth of the time.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: Record = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return loaded


@cache
def records(name: str) -> list[Record]:
    """The list called `name` in the file of that name: teams, people, taxonomies, changes."""
    listed: list[Record] = _read(DATA / f"{name}.yaml")[name]
    return listed


@cache
def assets() -> list[Record]:
    """All assets of all files, each with key, team and versions."""
    return [
        record for path in sorted(DATA.glob("assets/*.yaml")) for record in _read(path)["assets"]
    ]


@cache
def variables() -> list[str]:
    """The names of the variables that the content fills in."""
    return sorted(_read(DATA / "sample_profile.yaml")["profile"]["en"])


@cache
def journeys() -> list[Record]:
    """All journeys, each with key, managers, grants and versions."""
    return [_read(path) for path in sorted(DATA.glob("journeys/*.yaml"))]


@cache
def profiles() -> list[Record]:
    """The sample profiles, each with values for all variables: its own, else those of the first."""
    usual: dict[str, dict[str, str]] = _read(DATA / "sample_profile.yaml")["profile"]
    return [
        {
            **record,
            "values": {
                language: {**values, **record.get("values", {}).get(language, {})}
                for language, values in usual.items()
            },
        }
        for record in records("sample_profiles")
    ]


@cache
def made_up(name: str) -> list[str]:
    """Words for the large size: given, family, places, products, topics, moments, ..."""
    words: list[str] = _read(DATA / "made_up.yaml")[name]
    return words
