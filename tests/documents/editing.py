"""A small document to edit, and short ways to write edits."""

import copy
from typing import Any

import pytest

from cjops.documents import (
    EditError,
    edit,
    normalise,
)


def journey() -> dict[str, Any]:
    return {
        "schema": "journey/1",
        "name": "Account opening",
        "goal": {"metric": "opened", "target": None},
        "personas": [],
        "entries": [],
        "steps": [
            {"key": "welcome", "rank": "F", "name": "Welcome", "slots": {}, "kpi": None},
            {"key": "wait", "rank": "V", "name": "Wait", "slots": {"body": {"asset": "a"}}},
            {"key": "call", "rank": "k", "name": "Call", "slots": {}},
        ],
    }


def steps(*ranks: str, keys: str = "abcdefghij") -> dict[str, Any]:
    return {"steps": [{"key": key, "rank": rank} for key, rank in zip(keys, ranks, strict=False)]}


def keys(document: dict[str, Any]) -> list[str]:
    return [element["key"] for element in normalise(document)["steps"]]


def one(op: str, key: str | None = None, element: str = "steps", **more: Any) -> dict[str, Any]:
    return {"op": op, "element": element, **({} if key is None else {"key": key}), **more}


def refused(*edits: Any, document: dict[str, Any] | None = None) -> EditError:
    document = document or journey()
    before = copy.deepcopy(document)
    with pytest.raises(EditError) as caught:
        edit(document, list(edits))
    assert document == before
    return caught.value
