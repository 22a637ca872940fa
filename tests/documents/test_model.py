"""Collections, order, and the change as a value."""

import copy
import pickle
from typing import Any

import pytest

from cjops.documents import (
    MISSING,
    Change,
    DocumentError,
    DuplicateKey,
    MalformedChange,
    NotADocument,
    canonical,
    collections,
    diff,
    digest,
    is_collection,
    normalise,
)
from cjops.documents.errors import NotCanonical


def element(key: str, rank: str, **members: Any) -> dict[str, Any]:
    return {"key": key, "rank": rank, **members}


def test_a_collection_is_ordered_by_rank_then_key() -> None:
    document = {"steps": [element("c", "V"), element("b", "V"), element("a", "k")]}
    assert [step["key"] for step in normalise(document)["steps"]] == ["b", "c", "a"]


def test_ranks_sort_as_bytes() -> None:
    document = {"steps": [element("1", "a"), element("2", "Z"), element("3", "9")]}
    assert [step["key"] for step in normalise(document)["steps"]] == ["3", "2", "1"]


@pytest.mark.parametrize(
    "value",
    [
        [],
        ["text"],
        [{"key": "a"}],
        [{"key": "a", "rank": 1}],
        [{"key": 1, "rank": "V"}],
        [{"key": "a", "rank": "V"}, "text"],
        {"key": "a", "rank": "V"},
        None,
    ],
)
def test_what_is_no_collection_is_left_as_it_is(value: object) -> None:
    assert not is_collection(value)
    assert normalise({"field": value}) == {"field": value}


def test_collections_come_as_the_document_lists_them() -> None:
    document = {
        "transitions": [element("t", "V")],
        "name": "x",
        "tags": ["a"],
        "steps": [element("b", "k"), element("a", "V")],
    }
    found = collections(document)
    assert list(found) == ["transitions", "steps"]
    assert [step["key"] for step in found["steps"]] == ["a", "b"]


@pytest.mark.parametrize("function", [normalise, digest, collections, lambda d: diff(d, {})])
def test_a_key_that_stands_twice_is_refused(function: Any) -> None:
    document = {"steps": [element("a", "V"), element("b", "W"), element("a", "X")]}
    with pytest.raises(DuplicateKey, match="“a” stands more than once in “steps”") as caught:
        function(document)
    assert (caught.value.element, caught.value.key) == ("steps", "a")


def test_one_key_may_stand_in_two_collections() -> None:
    document = {"steps": [element("a", "V")], "stages": [element("a", "V")]}
    assert normalise(document) == document


@pytest.mark.parametrize("value", [None, [], "text", 1])
def test_only_an_object_is_a_document(value: Any) -> None:
    with pytest.raises(NotADocument):
        normalise(value)
    with pytest.raises(NotADocument):
        diff({}, value)


def test_every_refusal_is_one_kind_of_error() -> None:
    with pytest.raises(DocumentError) as caught:
        canonical(float("nan"))
    assert isinstance(caught.value, NotCanonical)
    assert caught.value.params == {"pointer": ""}


def test_missing_is_one_value_however_it_is_copied() -> None:
    assert copy.deepcopy(MISSING) is MISSING
    assert pickle.loads(pickle.dumps(MISSING)) is MISSING
    assert not MISSING
    assert repr(MISSING) == "MISSING"


def test_missing_never_becomes_json() -> None:
    with pytest.raises(NotCanonical):
        canonical({"before": MISSING})


def test_a_change_tells_no_value_from_null() -> None:
    change = Change("edit", "steps", "a", ("slots", "body"), MISSING, None)
    assert change.to_json() == {
        "op": "edit",
        "element": "steps",
        "key": "a",
        "field": ["slots", "body"],
        "after": None,
    }
    assert Change.from_json(change.to_json()).before is MISSING


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"op": "swap", "element": "steps", "key": "a", "field": []},
        {"op": ["add"], "element": "steps", "key": "a", "field": []},
        {"op": "add", "element": None, "key": "a", "field": []},
        {"op": "add", "element": "steps", "key": 1, "field": []},
        {"op": "edit", "element": "steps", "key": "a", "field": "name"},
        {"op": "edit", "element": "steps", "key": "a", "field": [1]},
    ],
)
def test_a_change_of_another_shape_is_refused(value: object) -> None:
    with pytest.raises(MalformedChange):
        Change.from_json(value)
