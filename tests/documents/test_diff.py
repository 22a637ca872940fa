"""What `diff` says, one difference at a time."""

from typing import Any

from cjops.documents import MISSING, Change, diff


def element(key: str, rank: str, **members: Any) -> dict[str, Any]:
    return {"key": key, "rank": rank, **members}


BASE = {
    "name": "Account opening",
    "goal": {"metric": "opened", "target": "100"},
    "tags": ["topics:account"],
    "steps": [
        element("welcome", "F", name="Welcome", slots={"body": {"asset": "mail", "version": 1}}),
        element("wait", "V", name="Wait", slots={}),
    ],
    "transitions": [],
}


def with_step(position: int, **members: Any) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [dict(step) for step in BASE["steps"]]  # type: ignore[call-overload]
    steps[position] |= members
    return {**BASE, "steps": steps}


def test_a_header_field() -> None:
    assert diff(BASE, {**BASE, "name": "Opening"}) == [
        Change("edit", "", "", ("name",), "Account opening", "Opening")
    ]


def test_a_member_of_a_header_field() -> None:
    other = {**BASE, "goal": {"metric": "opened", "target": "200"}}
    assert diff(BASE, other) == [Change("edit", "", "", ("goal", "target"), "100", "200")]


def test_a_header_field_that_appears_and_one_that_goes() -> None:
    other = {name: value for name, value in BASE.items() if name != "tags"} | {"market": "hk"}
    assert diff(BASE, other) == [
        Change("edit", "", "", ("market",), MISSING, "hk"),
        Change("edit", "", "", ("tags",), ["topics:account"], MISSING),
    ]


def test_a_list_changes_as_a_whole() -> None:
    other = {**BASE, "tags": ["topics:account", "topics:card"]}
    (change,) = diff(BASE, other)
    assert (change.field, change.after) == (("tags",), ["topics:account", "topics:card"])


def test_an_added_element() -> None:
    added = element("call", "k", name="Call")
    other = {**BASE, "steps": [*BASE["steps"], added]}  # type: ignore[misc]
    assert diff(BASE, other) == [Change("add", "steps", "call", (), MISSING, added)]


def test_the_first_element_of_an_empty_collection() -> None:
    added = element("t", "V", source="welcome", target="wait")
    assert diff(BASE, {**BASE, "transitions": [added]}) == [
        Change("add", "transitions", "t", (), MISSING, added)
    ]


def test_removing_the_last_element_leaves_an_empty_collection() -> None:
    found = diff(BASE, {**BASE, "steps": []})
    assert [(change.op, change.key, change.after) for change in found] == [
        ("remove", "welcome", MISSING),
        ("remove", "wait", MISSING),
    ]


def test_a_collection_against_nothing_is_a_header_field() -> None:
    other = {name: value for name, value in BASE.items() if name != "steps"}
    (change,) = diff(BASE, other)
    assert (change.op, change.field, change.after) == ("edit", ("steps",), MISSING)


def test_a_list_without_a_name_is_a_header_field() -> None:
    found = [element("a", "V")]
    assert diff({"": []}, {"": found}) == [Change("edit", "", "", ("",), [], found)]


def test_a_move_is_the_edit_of_the_rank() -> None:
    assert diff(BASE, with_step(0, rank="k")) == [
        Change("move", "steps", "welcome", ("rank",), "F", "k")
    ]


def test_a_header_field_called_rank_is_no_move() -> None:
    assert diff({"rank": 1}, {"rank": 2}) == [Change("edit", "", "", ("rank",), 1, 2)]


def test_a_member_called_rank_deep_inside_is_no_move() -> None:
    (change,) = diff(
        {"steps": [element("a", "V", kpi={"rank": "1"})]},
        {"steps": [element("a", "V", kpi={"rank": "2"})]},
    )
    assert (change.op, change.field) == ("edit", ("kpi", "rank"))


def test_a_member_of_a_slot() -> None:
    other = with_step(0, slots={"body": {"asset": "mail", "version": 2}})
    assert diff(BASE, other) == [
        Change("edit", "steps", "welcome", ("slots", "body", "version"), 1, 2)
    ]


def test_an_added_slot_beside_another() -> None:
    body, hero = {"asset": "mail", "version": 1}, {"asset": "picture", "version": 3}
    (change,) = diff(BASE, with_step(0, slots={"body": body, "hero": hero}))
    assert change == Change("edit", "steps", "welcome", ("slots", "hero"), MISSING, hero)


def test_the_first_slot_changes_the_field_as_a_whole() -> None:
    (change,) = diff(BASE, with_step(1, slots={"body": {"asset": "mail"}}))
    assert change == Change("edit", "steps", "wait", ("slots",), {}, {"body": {"asset": "mail"}})


def test_an_object_that_becomes_null_changes_as_a_whole() -> None:
    (change,) = diff(BASE, {**BASE, "goal": None})
    assert (change.field, change.after) == (("goal",), None)


def test_true_is_not_one() -> None:
    base = {"flag": True, "steps": [element("a", "V", on=[False])]}
    other = {"flag": 1, "steps": [element("a", "V", on=[0])]}
    assert [change.field for change in diff(base, other)] == [("flag",), ("on",)]


def test_one_is_one_point_nought() -> None:
    assert (
        diff({"steps": [element("a", "V", share=1)]}, {"steps": [element("a", "V", share=1.0)]})
        == []
    )


def test_values_beyond_what_is_quickly_compared() -> None:
    base, other = {"n": 2**80, "on": True}, {"n": 2**80, "on": 1}
    assert [change.field for change in diff(base, other)] == [("on",)]


def test_the_header_comes_first_then_collections_as_listed_then_elements_by_place() -> None:
    base = {
        "steps": [element("c", "V"), element("a", "V"), element("gone", "b")],
        "name": "x",
        "stages": [element("s", "V", name="x")],
    }
    other = {
        "stages": [element("s", "V", name="y")],
        "name": "y",
        "steps": [element("a", "k"), element("c", "V", note=1), element("b", "V")],
    }
    found = [(change.element, change.key, change.op) for change in diff(base, other)]
    assert found == [
        ("", "", "edit"),
        ("steps", "b", "add"),
        ("steps", "c", "edit"),
        ("steps", "gone", "remove"),
        ("steps", "a", "move"),
        ("stages", "s", "edit"),
    ]


def test_fields_come_in_order_of_their_paths() -> None:
    other = with_step(
        0, name="Hello", rank="G", slots={"body": {"asset": "letter", "version": 2}}, channel="sms"
    )
    assert [change.field for change in diff(BASE, other)] == [
        ("channel",),
        ("name",),
        ("rank",),
        ("slots", "body", "asset"),
        ("slots", "body", "version"),
    ]
