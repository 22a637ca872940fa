"""Applying changes to a document that is not what they expect."""

from typing import Any

import pytest

from cjops.documents import MISSING, Change, DoesNotApply, MalformedChange, apply, invert

STEP = {"key": "welcome", "rank": "V", "name": "Welcome", "slots": {"body": {"version": 1}}}
BASE: dict[str, Any] = {"name": "Opening", "goal": {"metric": "m"}, "steps": [STEP], "exits": []}


def refusal(change: Change) -> DoesNotApply:
    with pytest.raises(DoesNotApply) as caught:
        apply(BASE, [change])
    return caught.value


def test_a_field_that_changed_meanwhile() -> None:
    found = refusal(Change("edit", "steps", "welcome", ("name",), "Hello", "Hi"))
    assert (found.element, found.key, found.field) == ("steps", "welcome", ("name",))
    assert (found.expected, found.found) == ("Hello", "Welcome")
    assert "steps/welcome/name" in str(found)


def test_a_member_that_changed_meanwhile() -> None:
    path = ("slots", "body", "version")
    found = refusal(Change("edit", "steps", "welcome", path, 2, 3))
    assert (found.field, found.found) == (path, 1)


def test_a_field_that_came_meanwhile() -> None:
    found = refusal(Change("edit", "", "", ("name",), MISSING, "x"))
    assert (found.expected, found.found) == (MISSING, "Opening")


def test_a_field_that_went_meanwhile() -> None:
    found = refusal(Change("edit", "", "", ("market",), "hk", "uk"))
    assert (found.expected, found.found) == ("hk", MISSING)


def test_an_object_that_went_meanwhile() -> None:
    found = refusal(Change("edit", "steps", "welcome", ("slots", "hero", "version"), MISSING, 1))
    assert (found.field, found.found) == (("slots", "hero"), MISSING)


def test_an_object_that_became_something_else() -> None:
    found = refusal(Change("edit", "", "", ("name", "first"), "x", "y"))
    assert (found.field, found.found) == (("name",), "Opening")


def test_an_element_that_came_meanwhile() -> None:
    found = refusal(Change("add", "steps", "welcome", (), MISSING, {**STEP, "name": "x"}))
    assert (found.expected, found.found) == (MISSING, STEP)


@pytest.mark.parametrize(
    "change",
    [
        Change("edit", "steps", "gone", ("name",), "x", "y"),
        Change("edit", "steps", "gone", ("name",), MISSING, "y"),
        Change("move", "steps", "gone", ("rank",), "V", "W"),
        Change("remove", "steps", "gone", (), {**STEP, "key": "gone"}, MISSING),
    ],
)
def test_an_element_that_went_meanwhile(change: Change) -> None:
    assert refusal(change).key == "gone"


def test_removing_an_element_that_changed_meanwhile() -> None:
    found = refusal(Change("remove", "steps", "welcome", (), {**STEP, "name": "x"}, MISSING))
    assert found.found == STEP


@pytest.mark.parametrize("name", ["stages", "name", "goal"])
def test_a_collection_that_is_not_there(name: str) -> None:
    assert refusal(Change("add", name, "a", (), MISSING, {"key": "a", "rank": "V"})).element == name


def test_a_value_of_another_type_is_not_what_was_expected() -> None:
    with pytest.raises(DoesNotApply):
        apply({"flag": True}, [Change("edit", "", "", ("flag",), 1, 2)])


def test_one_refusal_refuses_all() -> None:
    document = {"name": "x", "market": "hk"}
    with pytest.raises(DoesNotApply):
        apply(
            document,
            [
                Change("edit", "", "", ("name",), "x", "y"),
                Change("edit", "", "", ("market",), "uk", "us"),
            ],
        )
    assert document == {"name": "x", "market": "hk"}


def test_the_first_element_of_an_empty_collection() -> None:
    exit_ = {"key": "done", "rank": "V"}
    assert apply(BASE, [Change("add", "exits", "done", (), MISSING, exit_)])["exits"] == [exit_]


def test_the_result_is_in_order() -> None:
    first = {"key": "first", "rank": "F"}
    found = apply(BASE, [Change("add", "steps", "first", (), MISSING, first)])
    assert [step["key"] for step in found["steps"]] == ["first", "welcome"]


def test_a_move_changes_the_order() -> None:
    base = {"steps": [{"key": "a", "rank": "F"}, {"key": "b", "rank": "V"}]}
    found = apply(base, [Change("move", "steps", "a", ("rank",), "F", "k")])
    assert [step["key"] for step in found["steps"]] == ["b", "a"]


def test_later_changes_see_earlier_ones() -> None:
    changes = [
        Change("edit", "", "", ("name",), "Opening", "x"),
        Change("remove", "steps", "welcome", (), STEP, MISSING),
        Change("add", "steps", "welcome", (), MISSING, {**STEP, "name": "Hello"}),
        Change("edit", "steps", "welcome", ("name",), "Hello", "Hi"),
        Change("edit", "", "", ("name",), "x", "y"),
    ]
    found = apply(BASE, changes)
    assert (found["name"], found["steps"][0]["name"]) == ("y", "Hi")
    assert apply(found, invert(changes)) == BASE


def test_a_header_change_sees_the_elements_changed_before_it() -> None:
    base = {"steps": [{"key": "a", "rank": "F"}, {"key": "b", "rank": "V"}]}
    moved = [{"key": "b", "rank": "V"}, {"key": "a", "rank": "k"}]
    changes = [
        Change("move", "steps", "a", ("rank",), "F", "k"),
        Change("edit", "", "", ("steps",), moved, "none"),
    ]
    assert apply(base, changes) == {"steps": "none"}


def test_a_collection_that_comes_whole_is_put_in_order() -> None:
    stages = [{"key": "b", "rank": "V"}, {"key": "a", "rank": "F"}]
    found = apply(BASE, [Change("edit", "", "", ("stages",), MISSING, stages)])
    assert [stage["key"] for stage in found["stages"]] == ["a", "b"]


@pytest.mark.parametrize(
    "change",
    [
        Change("edit", "steps", "welcome", (), STEP, STEP),
        Change("edit", "steps", "welcome", ("key",), "welcome", "hello"),
        Change("edit", "steps", "welcome", ("rank",), "V", MISSING),
        Change("move", "steps", "welcome", ("rank",), "V", 3),
        Change("add", "", "", (), MISSING, {"key": "", "rank": ""}),
        Change("add", "steps", "a", ("name",), MISSING, {"key": "a", "rank": "V"}),
        Change("add", "steps", "a", (), MISSING, {"key": "b", "rank": "V"}),
        Change("add", "steps", "a", (), MISSING, {"key": "a"}),
        Change("add", "steps", "a", (), MISSING, MISSING),
        Change("add", "steps", "welcome", (), STEP, STEP),
        Change("remove", "steps", "welcome", (), STEP, STEP),
        Change("remove", "steps", "gone", (), MISSING, MISSING),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(change: Change) -> None:
    with pytest.raises(MalformedChange):
        apply(BASE, [change])


def test_the_inverse_of_each_kind() -> None:
    changes = [
        Change("add", "steps", "a", (), MISSING, {"key": "a", "rank": "V"}),
        Change("move", "steps", "b", ("rank",), "V", "W"),
        Change("edit", "", "", ("name",), "x", MISSING),
    ]
    assert invert(changes) == [
        Change("edit", "", "", ("name",), MISSING, "x"),
        Change("move", "steps", "b", ("rank",), "W", "V"),
        Change("remove", "steps", "a", (), {"key": "a", "rank": "V"}, MISSING),
    ]
