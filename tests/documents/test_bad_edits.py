"""What is not an edit: refused whole, by a code and in words."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjops.documents import (
    EDIT_MESSAGES,
    MAX_EDITS,
    EditError,
    diff,
    edit,
    normalise,
)
from tests.documents.editing import journey, one, refused, steps

from .strategies import JSON, journeys


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
