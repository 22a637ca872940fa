"""Three-way merges that a reader can work out by hand: each kind of conflict, each way out."""

import pytest

from cjops.documents import (
    MISSING,
    Conflict,
    MalformedChange,
    Reference,
    Resolution,
    digest,
    merge,
)

REFERENCES = (Reference("ways", ("target",), "steps"), Reference("steps", ("stage",), "stages"))
BASE = {
    "name": "Welcome",
    "goal": {"metric": "opened", "target": "60%"},
    "tags": ["new"],
    "stages": [{"key": "start", "rank": "A"}],
    "steps": [
        {"key": "mail", "rank": "A", "stage": "start", "text": "Hello", "slots": {}},
        {"key": "wait", "rank": "B", "stage": "start", "text": "", "slots": {}},
        {"key": "call", "rank": "C", "stage": "start", "text": "Ring", "slots": {}},
    ],
    "ways": [{"key": "on", "rank": "A", "target": "wait"}],
}


def edited(collection="", key="", *, add=(), remove=(), **fields):
    """`BASE` with fields of the header or of one element changed, elements added or removed."""
    document = {**BASE, **({} if collection else fields)}
    if collection:
        elements = [
            {**one, **(fields if one["key"] == key else {})}
            for one in BASE[collection]
            if one["key"] not in remove
        ]
        document[collection] = [*elements, *add]
    return document


def merged(ours, theirs, **decided):
    """The merge of two edits of `BASE`; `decided` are resolutions by kind of conflict."""
    open_ones = merge(BASE, ours, theirs, references=REFERENCES).conflicts
    decisions = {
        conflict.fingerprint: decided[conflict.kind.replace("/", "_")]
        for conflict in open_ones
        if conflict.kind.replace("/", "_") in decided
    }
    return merge(BASE, ours, theirs, references=REFERENCES, resolutions=decisions)


def element(outcome, name, key):
    return next((one for one in outcome.document[name] if one["key"] == key), None)


MINE, THEIRS = Resolution("mine"), Resolution("theirs")


def other(value):
    return Resolution("edited", value)


def test_fields_of_one_step_combine():
    outcome = merged(edited("steps", "mail", text="Hi"), edited("steps", "mail", rank="Z"))

    assert outcome.conflicts == ()
    step = element(outcome, "steps", "mail")
    assert (step["text"], step["rank"]) == ("Hi", "Z")
    assert [one["key"] for one in outcome.document["steps"]] == ["wait", "call", "mail"]


def test_slots_that_two_people_fill_in_an_empty_step_combine():
    ours = edited("steps", "mail", slots={"body": {"asset": "a"}})
    theirs = edited("steps", "mail", slots={"hero": {"asset": "b"}})

    outcome = merged(ours, theirs)

    assert outcome.conflicts == ()
    assert set(element(outcome, "steps", "mail")["slots"]) == {"body", "hero"}


def test_one_slot_filled_twice_is_a_conflict():
    outcome = merged(
        edited("steps", "mail", slots={"body": {"asset": "a"}}),
        edited("steps", "mail", slots={"body": {"asset": "b"}}),
    )

    (conflict,) = outcome.conflicts
    assert (conflict.kind, conflict.field, conflict.base) == (
        "edit/edit", ("slots", "body"), MISSING,
    )  # fmt: skip


def test_texts_merge_whole():
    outcome = merged(edited("steps", "mail", text="Hello you"), edited("steps", "mail", text="Hi"))

    assert outcome.conflicts == (
        Conflict("edit/edit", "steps", "mail", ("text",), "Hello", "Hello you", "Hi"),
    )
    assert element(outcome, "steps", "mail")["text"] == "Hi"


def test_the_same_edit_on_both_sides_is_none():
    outcome = merged(edited(name="Hello"), edited(name="Hello"))

    assert (outcome.conflicts, outcome.document["name"]) == ((), "Hello")


@pytest.mark.parametrize("turned", [False, True])
def test_an_object_that_one_side_replaces_and_the_other_edits_is_one_conflict(turned):
    sides = [edited(goal=None), edited(goal={"metric": "paid", "target": "70%"})]

    outcome = merged(*(reversed(sides) if turned else sides))

    (conflict,) = outcome.conflicts
    assert conflict.field == ("goal",)
    assert None in (conflict.ours, conflict.theirs)


@pytest.mark.parametrize(
    ("decision", "text"),
    [(MINE, "Hello you"), (THEIRS, "Hi"), (other("Good morning"), "Good morning")],
)
def test_edit_edit_is_settled(decision, text):
    outcome = merged(
        edited("steps", "mail", text="Hello you"),
        edited("steps", "mail", text="Hi"),
        edit_edit=decision,
    )

    assert outcome.conflicts == ()
    assert element(outcome, "steps", "mail")["text"] == text


def test_two_moves_of_one_step_are_an_order_conflict():
    outcome = merged(
        edited("steps", "mail", rank="Y"), edited("steps", "mail", rank="Z"), order_order=MINE
    )

    assert outcome.resolved[0][0].kind == "order/order"
    assert element(outcome, "steps", "mail")["rank"] == "Y"


@pytest.mark.parametrize(("decision", "there"), [(MINE, False), (THEIRS, True)])
def test_removing_what_the_other_edits_is_settled(decision, there):
    outcome = merged(
        edited("steps", remove=["call"]), edited("steps", "call", text="Ring twice"),
        edit_remove=decision,
    )  # fmt: skip

    assert outcome.conflicts == ()
    assert (element(outcome, "steps", "call") is not None) is there


def test_removing_what_the_other_removes_is_no_conflict():
    outcome = merged(edited("steps", remove=["call"]), edited("steps", remove=["call"]))

    assert (outcome.conflicts, element(outcome, "steps", "call")) == ((), None)


def test_one_key_added_twice_is_settled_by_an_element_of_its_own():
    new = {"key": "sms", "rank": "D", "stage": "start", "text": "", "slots": {}}
    outcome = merged(
        edited("steps", add=[{**new, "text": "One"}]),
        edited("steps", add=[{**new, "text": "Two"}]),
        add_add=other({**new, "text": "Both"}),
    )

    assert outcome.conflicts == ()
    assert element(outcome, "steps", "sms")["text"] == "Both"


@pytest.mark.parametrize("value", [None, "text", {"key": "another", "rank": "A"}, {"key": "sms"}])
def test_an_edited_element_has_to_be_that_element(value):
    new = {"key": "sms", "rank": "D", "stage": "start", "text": "", "slots": {}}

    with pytest.raises(MalformedChange):
        merged(
            edited("steps", add=[{**new, "text": "One"}]),
            edited("steps", add=[{**new, "text": "Two"}]),
            add_add=other(value),
        )


def test_leading_to_what_the_other_removed_is_a_conflict():
    outcome = merged(edited("ways", "on", target="call"), edited("steps", remove=["call"]))

    (conflict,) = outcome.conflicts
    assert (conflict.kind, conflict.target, conflict.pointing) == (
        "remove/rewire", ("steps", "call"), "ours",
    )  # fmt: skip
    assert element(outcome, "ways", "on")["target"] == "wait"


@pytest.mark.parametrize(
    ("decision", "target", "there"),
    [(MINE, "call", True), (THEIRS, "wait", False), (other("mail"), "mail", False)],
)
def test_a_pointer_to_what_is_gone_is_settled(decision, target, there):
    outcome = merged(
        edited("ways", "on", target="call"), edited("steps", remove=["call"]),
        remove_rewire=decision,
    )  # fmt: skip

    assert outcome.conflicts == ()
    assert element(outcome, "ways", "on")["target"] == target
    assert (element(outcome, "steps", "call") is not None) is there


def test_what_somebody_left_dangling_is_not_the_other_sides_conflict():
    outcome = merged(edited("ways", "on", rank="Z"), edited("steps", remove=["wait"]))

    assert outcome.conflicts == ()


@pytest.mark.parametrize("turned", [False, True])
def test_a_pointer_in_dispute_is_one_conflict(turned):
    ours, theirs = edited("ways", "on", target="call"), edited("ways", "on", target="mail")
    theirs["steps"] = edited("steps", remove=["call"])["steps"]

    outcome = merged(theirs, ours) if turned else merged(ours, theirs)

    assert [conflict.kind for conflict in outcome.conflicts] == ["edit/edit"]


def test_what_others_still_point_at_stays_until_it_is_decided():
    outcome = merged(edited("steps", remove=["call"]), edited("ways", "on", target="call"))

    assert outcome.conflicts[0].pointing == "theirs"
    assert element(outcome, "steps", "call") is not None


def test_a_step_added_to_a_stage_that_is_gone_is_a_conflict():
    new = {"key": "sms", "rank": "D", "stage": "start", "text": "", "slots": {}}
    outcome = merged(edited("steps", add=[new]), edited("stages", remove=["start"]))

    assert [c.kind for c in outcome.conflicts] == ["remove/rewire"]
    assert element(outcome, "steps", "sms") is None


def test_a_decision_does_not_hold_for_other_values():
    ours, theirs = edited(name="A"), edited(name="B")
    decided = {conflict.fingerprint: MINE for conflict in merge(BASE, ours, theirs).conflicts}

    again = merge(BASE, ours, edited(name="C"), resolutions=decided)

    assert [conflict.theirs for conflict in again.conflicts] == ["C"]


def test_a_decision_on_nothing_is_passed_over():
    outcome = merge(BASE, edited(name="A"), BASE, resolutions={"0" * 64: THEIRS})

    assert (outcome.document["name"], outcome.resolved) == ("A", ())


def test_a_collection_taken_away_while_it_is_edited_is_a_conflict():
    without = {name: value for name, value in BASE.items() if name != "steps"}

    outcome = merge(BASE, without, edited("steps", "mail", text="Hi"))

    assert [(c.element, c.field) for c in outcome.conflicts] == [("", ("steps",))]
    assert digest(outcome.document) == digest(edited("steps", "mail", text="Hi"))


@pytest.mark.parametrize(
    "raw",
    [None, [], {}, {"choice": "ours"}, {"choice": "edited"}, {"choice": "mine", "value": 1}],
)
def test_what_is_no_resolution_is_refused(raw):
    with pytest.raises(MalformedChange):
        Resolution.from_json(raw)


@pytest.mark.parametrize("decision", [MINE, THEIRS, other(None), other({"a": 1})])
def test_resolutions_survive_json(decision):
    assert Resolution.from_json(decision.to_json()) == decision
