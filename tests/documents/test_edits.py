"""Edits: what each does, where it puts things, and what is refused."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjops.documents import (
    MAX_EDITS,
    DuplicateKey,
    diff,
    edit,
    normalise,
)
from tests.documents.editing import journey, keys, one, refused, steps

# -- update ------------------------------------------------------------------------------------


def test_update_sets_fields() -> None:
    found = edit(journey(), [one("update", "wait", fields={"name": "Pause", "delay": "P1D"})])
    assert found["steps"][1] == journey()["steps"][1] | {"name": "Pause", "delay": "P1D"}


def test_update_reaches_a_member() -> None:
    found = edit(journey(), [one("update", "wait", fields={"slots/body/version": 2})])
    assert found["steps"][1]["slots"] == {"body": {"asset": "a", "version": 2}}


@pytest.mark.parametrize("path", ["slots/hero/asset", "kpi/metric", "new/member"])
def test_update_makes_the_objects_on_the_way(path: str) -> None:
    found = edit(journey(), [one("update", "welcome", fields={path: "x"})])["steps"][0]
    for name in path.split("/"):
        found = found[name]
    assert found == "x"


def test_update_sets_a_whole_object_before_its_members() -> None:
    fields = {"slots/hero/asset": "b", "slots": {"hero": {"version": 1}}}
    found = edit(journey(), [one("update", "wait", fields=fields)])
    assert found["steps"][1]["slots"] == {"hero": {"version": 1, "asset": "b"}}


def test_update_sets_null() -> None:
    assert (
        edit(journey(), [one("update", "wait", fields={"name": None})])["steps"][1]["name"] is None
    )


@pytest.mark.parametrize("element", ["header", ""])
def test_update_of_the_header(element: str) -> None:
    fields = {"name": "Opening", "goal/target": "100", "personas": ["saver"]}
    found = edit(journey(), [one("update", element=element, fields=fields)])
    assert (found["name"], found["goal"], found["personas"]) == (
        "Opening",
        {"metric": "opened", "target": "100"},
        ["saver"],
    )


def test_update_of_a_vanished_step() -> None:
    found = refused(one("update", "gone", fields={"name": "x"}))
    assert (found.index, found.code, found.params) == (
        0,
        "key_vanished",
        {"element": "steps", "key": "gone"},
    )
    assert str(found) == "“steps” no longer holds the key “gone”."


# -- add and remove ----------------------------------------------------------------------------


def test_add_stands_last() -> None:
    found = edit(
        journey(), [one("add", "survey", fields={"name": "Survey", "slots/body/asset": "s"})]
    )
    added = found["steps"][3]
    assert added == {
        "key": "survey",
        "rank": added["rank"],
        "name": "Survey",
        "slots": {"body": {"asset": "s"}},
    }
    assert keys(found) == ["welcome", "wait", "call", "survey"]


@pytest.mark.parametrize(
    ("after", "order"),
    [
        (None, ["new", "welcome", "wait", "call"]),
        ("welcome", ["welcome", "new", "wait", "call"]),
        ("call", ["welcome", "wait", "call", "new"]),
    ],
)
def test_add_stands_where_asked(after: str | None, order: list[str]) -> None:
    found = edit(journey(), [one("add", "new", after=after)])
    assert keys(found) == order
    assert len(diff(journey(), found)) == 1


def test_add_to_an_empty_collection() -> None:
    found = edit(journey(), [one("add", "start", "entries", after=None)])
    assert found["entries"] == [{"key": "start", "rank": "V"}]


def test_add_of_an_existing_key() -> None:
    assert refused(one("add", "wait")).code == "key_exists"


def test_remove() -> None:
    assert keys(edit(journey(), [one("remove", "wait")])) == ["welcome", "call"]


def test_remove_of_a_vanished_step() -> None:
    found = refused(one("remove", "wait"), one("remove", "wait"))
    assert (found.index, found.code) == (1, "key_vanished")


# -- move --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "after", "order"),
    [
        ("call", None, ["call", "welcome", "wait"]),
        ("welcome", "wait", ["wait", "welcome", "call"]),
        ("welcome", "call", ["wait", "call", "welcome"]),
    ],
)
def test_move_stands_where_asked_and_changes_one_rank(
    key: str, after: str | None, order: list[str]
) -> None:
    found = edit(journey(), [one("move", key, after=after)])
    assert keys(found) == order
    (change,) = diff(journey(), found)
    assert (change.op, change.key) == ("move", key)


def test_move_to_where_it_stands_changes_nothing() -> None:
    assert edit(journey(), [one("move", "wait", after="welcome")]) == journey()
    assert edit(journey(), [one("move", "welcome", after=None)]) == journey()


def test_move_of_a_vanished_step() -> None:
    assert refused(one("move", "gone", after=None)).code == "key_vanished"


@pytest.mark.parametrize("op", ["move", "add"])
def test_standing_after_a_vanished_step(op: str) -> None:
    found = refused(one(op, "call" if op == "move" else "new", after="gone"))
    assert (found.code, found.params["after"]) == ("after_vanished", "gone")


def test_move_after_itself() -> None:
    assert refused(one("move", "wait", after="wait")).code == "after_itself"


def test_move_without_saying_where() -> None:
    found = refused(one("move", "wait"))
    assert (found.code, found.params) == ("missing_member", {"member": "after"})


# -- neighbours that leave no room --------------------------------------------------------------


def reranked(document: dict[str, Any], found: dict[str, Any]) -> list[str]:
    return sorted(change.key for change in diff(document, found) if change.op == "move")


def test_between_two_of_one_rank_the_nearer_end_makes_way() -> None:
    document = steps("F", "V", "V", "V", "V", "k")
    found = edit(document, [one("add", "z", after="b")])
    assert keys(found) == ["a", "b", "z", "c", "d", "e", "f"]
    assert reranked(document, found) == ["b"]


def test_between_two_of_one_rank_near_the_other_end() -> None:
    document = steps("F", "V", "V", "V", "V", "k")
    found = edit(document, [one("add", "A", after="d")])
    assert keys(found) == ["a", "b", "c", "d", "A", "e", "f"]
    assert reranked(document, found) == ["e"]


def test_a_key_that_sorts_between_shares_the_rank() -> None:
    document = steps("V", "V", keys="ac")
    found = edit(document, [one("add", "b", after="a")])
    assert keys(found) == ["a", "b", "c"]
    assert reranked(document, found) == []


def test_all_of_one_rank() -> None:
    document = steps(*["V"] * 10)
    found = edit(document, [one("move", "j", after=None), one("move", "a", after="e")])
    assert keys(found) == ["j", "b", "c", "d", "e", "a", "f", "g", "h", "i"]


@pytest.mark.parametrize(
    "ranks",
    [
        ["a", "a0", "a00", "b"],
        ["", "0", "00", "1"],
        ["-", "-", "~", "~"],
        ["第", "第", "第一", "第二"],
        ["1|i:", "1|i:", "V", "V"],
        ["V", "V", "~", "~"],
    ],
)
@pytest.mark.parametrize("after", [None, "a", "b", "c", "d"])
@pytest.mark.parametrize("key", ["A", "bb", "z"])
def test_ranks_that_leave_no_room_give_way(ranks: list[str], after: str | None, key: str) -> None:
    document = steps(*ranks)
    order = keys(document)
    found = edit(document, [one("add", key, after=after)])
    position = 0 if after is None else order.index(after) + 1
    assert keys(found) == [*order[:position], key, *order[position:]]


@settings(deadline=None)
@given(st.data())
def test_moves_land_where_asked_whatever_the_ranks(data: st.DataObject) -> None:
    ranks = data.draw(st.lists(st.text("0Vz", max_size=2), min_size=2, max_size=8))
    document = steps(*ranks)
    for _ in range(data.draw(st.integers(1, 6))):
        order = keys(document)
        key = data.draw(st.sampled_from(order))
        after = data.draw(st.sampled_from([None, *[other for other in order if other != key]]))
        found = edit(document, [one("move", key, after=after)])
        order.remove(key)
        order.insert(0 if after is None else order.index(after) + 1, key)
        assert keys(found) == order
        # Never more of the others than stand on the shorter side.
        position = order.index(key)
        well_formed = all(
            step["rank"] and not step["rank"].endswith("0") for step in document["steps"]
        )
        if well_formed:
            others = [moved for moved in reranked(document, found) if moved != key]
            assert len(others) <= min(position, len(order) - 1 - position)
        document = found


def test_a_thousand_adds_one_after_the_other_keep_their_order() -> None:
    names = [f"n{number}" for number in range(MAX_EDITS)]
    edits = [
        one("add", name, after=previous)
        for previous, name in zip(["welcome", *names], names, strict=False)
    ]
    found = edit(journey(), edits)
    assert keys(found) == ["welcome", *names, "wait", "call"]
    assert max(len(step["rank"]) for step in found["steps"]) <= 6


# -- all or nothing ----------------------------------------------------------------------------


def test_edits_see_the_ones_before_them() -> None:
    found = edit(
        journey(),
        [
            one("add", "new", after="welcome"),
            one("update", "new", fields={"name": "New"}),
            one("move", "wait", after="new"),
            one("remove", "welcome"),
            one("update", element="header", fields={"name": "x"}),
        ],
    )
    assert (keys(found), found["steps"][0]["name"], found["name"]) == (
        ["new", "wait", "call"],
        "New",
        "x",
    )


def test_one_refusal_refuses_all_and_names_the_edit() -> None:
    found = refused(
        one("update", element="header", fields={"name": "x"}),
        one("remove", "wait"),
        one("remove", "gone"),
    )
    assert found.index == 2


def test_no_edits_put_the_document_in_order() -> None:
    document = steps("V", "F")
    assert edit(document, []) == normalise(document)


def test_a_document_with_a_key_twice_is_refused() -> None:
    with pytest.raises(DuplicateKey):
        edit(steps("F", "V", keys="aa"), [])
