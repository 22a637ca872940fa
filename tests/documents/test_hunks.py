"""Hunks: their kind, their order and what their digest covers."""

import hashlib
from dataclasses import replace

import pytest

from cjops.documents import MISSING, Change, diff, hunks

NAME = Change("edit", "steps", "a", ("name",), "x", "y")
MOVE = Change("move", "steps", "a", ("rank",), "V", "W")
ADD = Change("add", "steps", "b", (), MISSING, {"key": "b", "rank": "V"})
HEADER = Change("edit", "", "", ("name",), "x", "y")


def digest_of(*changes: Change) -> str:
    (hunk,) = hunks(changes)
    return hunk.digest


def test_one_hunk_for_each_element_in_order_of_appearance() -> None:
    found = hunks([HEADER, NAME, ADD, MOVE])
    assert [(hunk.element, hunk.key, hunk.op, len(hunk.changes)) for hunk in found] == [
        ("", "", "edit", 1),
        ("steps", "a", "edit", 2),
        ("steps", "b", "add", 1),
    ]


def test_no_changes_no_hunks() -> None:
    assert hunks([]) == []


def test_only_a_move_is_a_move() -> None:
    assert hunks([MOVE])[0].op == "move"
    assert hunks([MOVE, NAME])[0].op == "edit"


def test_the_digest_covers_what_its_description_says() -> None:
    content = (
        '{"changes":[{"after":"y","before":"x","field":["name"],"op":"edit"}],'
        '"element":"steps","key":"a"}'
    )
    assert digest_of(NAME) == hashlib.sha256(content.encode()).hexdigest()


@pytest.mark.parametrize(
    "other",
    [
        replace(NAME, element="stages"),
        replace(NAME, key="b"),
        replace(NAME, field=("title",)),
        replace(NAME, before="z"),
        replace(NAME, after="z"),
        replace(NAME, before=MISSING),
        replace(NAME, before=None),
        replace(NAME, op="move"),
    ],
)
def test_the_digest_changes_with_each_part(other: Change) -> None:
    assert digest_of(other) != digest_of(NAME)


def test_the_digest_tells_no_value_from_null() -> None:
    assert digest_of(replace(NAME, after=MISSING)) != digest_of(replace(NAME, after=None))


def test_the_digest_does_not_depend_on_the_order_of_changes() -> None:
    assert digest_of(NAME, MOVE) == digest_of(MOVE, NAME)


def test_the_digest_changes_with_a_further_change_to_the_element() -> None:
    assert digest_of(NAME, MOVE) != digest_of(NAME)


def test_a_bound_digest_makes_the_hunk_cover_the_content() -> None:
    def step(content: str) -> dict[str, object]:
        slot = {"asset": "mail", "version": 2, "digest": content}
        return {"steps": [{"key": "a", "rank": "V", "slots": {"body": slot}}]}

    assert digest_of(*diff(step("1" * 64), step("2" * 64))) != digest_of(
        *diff(step("1" * 64), step("3" * 64))
    )
