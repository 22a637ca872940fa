"""Edits: what each does, where it puts things, and what is refused."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjops.documents import (
    EDIT_MESSAGES,
    MAX_EDITS,
    DuplicateKey,
    EditError,
    diff,
    edit,
    normalise,
)

from .strategies import JSON, journeys


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


# -- what is not an edit -----------------------------------------------------------------------


@pytest.mark.parametrize("edits", [None, {}, "text", 3, (1, 2), {"op": "add"}])
def test_edits_that_are_not_a_list(edits: object) -> None:
    with pytest.raises(EditError) as caught:
        edit(journey(), edits)
    assert (caught.value.index, caught.value.code) == (None, "not_a_list")


def test_too_many_edits() -> None:
    found = refused(*[one("update", "wait", fields={})] * (MAX_EDITS + 1))
    assert (found.index, found.code, found.params) == (None, "too_many", {"limit": 1000})
    assert "1000" in str(found)


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (None, "not_an_object"),
        ([], "not_an_object"),
        ("remove", "not_an_object"),
        ({}, "missing_member"),
        ({"op": "remove"}, "missing_member"),
        ({"op": "remove", "element": "steps"}, "missing_member"),
        ({"op": "update", "element": "steps", "key": "wait"}, "missing_member"),
        ({"op": "remove", "element": "steps", "key": "wait", "feilds": {}}, "unknown_member"),
        (one("drop", "wait"), "unknown_op"),
        (one("", "wait"), "unknown_op"),
        ({**one("remove", "wait"), "op": ["remove"]}, "wrong_type"),
        ({**one("remove", "wait"), "op": None}, "wrong_type"),
        ({**one("remove", "wait"), "element": 3}, "wrong_type"),
        ({**one("remove", "wait"), "key": None}, "wrong_type"),
        ({**one("remove", "wait"), "key": {"a": 1}}, "wrong_type"),
        (one("add", ""), "wrong_type"),
        (one("add", "\ud800"), "not_json"),
        (one("move", "wait", after=3), "wrong_type"),
        (one("move", "wait", after=["call"]), "wrong_type"),
        (one("add", "new", fields=[]), "wrong_type"),
        (one("add", "new", fields=None), "wrong_type"),
        (one("update", "wait", fields="name"), "wrong_type"),
        (one("remove", "wait", "nothing"), "unknown_element"),
        (one("remove", "wait", "name"), "unknown_element"),
        (one("remove", "wait", "goal"), "unknown_element"),
        (one("update", "wait", fields={"rank": "a"}), "field_not_settable"),
        (one("update", "wait", fields={"rank/x": "a"}), "field_not_settable"),
        (one("add", "new", fields={"rank": "a"}), "field_not_settable"),
        (one("update", "wait", fields={"key": "other"}), "field_not_settable"),
        (one("add", "new", fields={"key": "new"}), "field_not_settable"),
        (one("update", "wait", fields={"": 1}), "bad_field"),
        (one("update", "wait", fields={"/name": 1}), "bad_field"),
        (one("update", "wait", fields={"slots//body": 1}), "bad_field"),
        (one("update", "wait", fields={"/".join("abcdefghijk"): 1}), "bad_field"),
        (one("update", "wait", fields={"a/" * 5000 + "a": 1}), "bad_field"),
        (one("update", "wait", fields={3: 1}), "bad_field"),
        (one("update", "wait", fields={"\ud800": 1}), "not_json"),
        (one("update", "wait", fields={"name/first": 1}), "field_not_object"),
        (one("update", "wait", fields={"slots/body/asset/x": 1}), "field_not_object"),
        (one("update", "wait", fields={"name": float("nan")}), "not_json"),
        (one("update", "wait", fields={"name": 2**53}), "not_json"),
        (one("update", "wait", fields={"name": "\ud800"}), "not_json"),
        (one("update", "wait", fields={"name": {1: 2}}), "not_json"),
        (one("update", "wait", fields={"name": {"a"}}), "not_json"),
        (one("update", "wait", fields={"name": "x"}, after="call"), "unexpected_member"),
        (one("remove", "wait", fields={"name": "x"}), "unexpected_member"),
        (one("move", "wait", after=None, fields={"name": "x"}), "unexpected_member"),
        (one("add", element="header", fields={"name": "x"}), "header_only_update"),
        (one("remove", element=""), "header_only_update"),
        (one("update", "wait", element="header", fields={"name": "x"}), "header_only_update"),
        (one("update", element="header", fields={"steps": []}), "field_is_collection"),
        (one("update", element="header", fields={"steps/0": []}), "field_is_collection"),
        (one("update", element="", fields={"entries": steps("V")["steps"]}), "field_is_collection"),
        (one("update", element="header", fields={"personas/0": "x"}), "field_not_object"),
        (one("update", element="header", fields={"name": "x"}, after="a"), "unexpected_member"),
    ],
)
def test_what_is_not_right_is_refused(item: Any, code: str) -> None:
    found = refused(one("remove", "call"), item)
    assert (found.index, found.code) == (1, code)
    assert str(found) == EDIT_MESSAGES[code].format(**found.params)


def test_deep_values_are_refused() -> None:
    deep: Any = {}
    for _ in range(20_000):
        deep = {"a": deep}
    item = one("update", "wait", fields={"name": deep})
    with pytest.raises(EditError) as caught:
        edit(journey(), [item])
    assert (caught.value.code, caught.value.params["reason"]) == ("not_json", "too_deep")


def test_long_input_does_not_come_back_in_full() -> None:
    assert len(str(refused(one("x" * 1_000_000, "wait")))) < 200


ANYTHING = st.recursive(
    JSON | st.sampled_from(["add", "update", "remove", "move", "steps", "header", "welcome"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["op", "element", "key", "fields", "after", "x"]), inner)
    ),
    max_leaves=8,
)
LIKELY = st.fixed_dictionaries(
    {
        "op": st.sampled_from(["add", "update", "remove", "move"]),
        "element": st.sampled_from(["steps", "stages", "header", "tags", "goal"]),
        "key": st.sampled_from(["welcome", "wait", "x", ""]),
    },
    optional={
        "fields": st.dictionaries(
            st.sampled_from(["name", "slots/body", "slots", "kpi/metric", "rank", "tags"]), JSON
        ),
        "after": st.sampled_from([None, "welcome", "call", "x"]),
    },
)


@settings(deadline=None)
@given(journeys(), st.lists(ANYTHING | LIKELY, max_size=4))
def test_any_input_is_made_or_refused(document: dict[str, Any], edits: list[Any]) -> None:
    before = copy.deepcopy((document, edits))
    found: dict[str, Any] | EditError
    try:
        found = edit(document, edits)
    except EditError as error:
        found = error
    assert (document, edits) == before
    if isinstance(found, EditError):
        assert found.index is not None
        assert str(found) == EDIT_MESSAGES[found.code].format(**found.params)
    else:
        assert found == normalise(found)


@settings(deadline=None)
@given(journeys(), LIKELY)
def test_an_edit_changes_the_element_it_names_and_ranks_at_most(
    document: dict[str, Any], item: dict[str, Any]
) -> None:
    try:
        found = edit(document, [item])
    except EditError:
        return
    for change in diff(document, found):
        named = ("", "") if item["element"] == "header" else (item["element"], item["key"])
        assert change.op == "move" or (change.element, change.key) == named
