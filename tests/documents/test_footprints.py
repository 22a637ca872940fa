"""Footprints say of two proposals what merging them would."""

import orjson
from hypothesis import given

from cjops.documents import agree_wholly, diff, disagreements, footprint, hunks, merge

from .grown import triples
from .test_merge_laws import Triple, laws, merged


def prints(base, other):
    """By element the footprint of what a side did, through JSON as it is stored."""
    return {
        (hunk.element, hunk.key): orjson.loads(orjson.dumps(footprint(hunk)))
        for hunk in hunks(diff(base, other))
    }


@laws
@given(triples())
def test_footprints_disagree_exactly_where_the_merge_conflicts(triple: Triple) -> None:
    base, ours, theirs = triple
    mine, its = prints(base, ours), prints(base, theirs)
    found = {
        (*where, path)
        for where in mine.keys() & its.keys()
        for path in disagreements(mine[where], its[where])
    }
    conflicts = [c for c in merged(*triple).conflicts if c.kind != "remove/rewire"]
    assert found == {(c.element, c.key, c.field) for c in conflicts}


@laws
@given(triples())
def test_what_wholly_agrees_never_disagrees(triple: Triple) -> None:
    base, ours, theirs = triple
    mine, its = prints(base, ours), prints(base, theirs)
    for where in mine.keys() & its.keys():
        if agree_wholly(mine[where], its[where]):
            assert disagreements(mine[where], its[where]) == []


def one(base, other):
    (found,) = prints({"steps": [base]}, {"steps": [other] if other else []}).values()
    return found


STEP = {"key": "a", "rank": "a", "name": "", "slots": {}, "kpi": {"target": "", "metric": ""}}


def test_two_slots_of_an_empty_step_are_two_places():
    left = one(STEP, STEP | {"slots": {"body": {"asset": "x"}}})
    right = one(STEP, STEP | {"slots": {"hero": {"asset": "y"}}})
    assert disagreements(left, right) == []
    assert not agree_wholly(left, right)


def test_an_object_taken_away_and_a_member_of_it_are_one_place():
    left, right = (
        one(STEP, STEP | {"kpi": None}),
        one(STEP, STEP | {"kpi": {**STEP["kpi"], "target": "5"}}),
    )
    assert disagreements(left, right) == [("kpi",)] == disagreements(right, left)


def test_both_removing_an_element_agree_and_editing_a_removed_one_does_not():
    gone = one(STEP, None)
    assert disagreements(gone, gone) == []
    assert agree_wholly(gone, gone)
    assert disagreements(gone, one(STEP, STEP | {"name": "b"})) == [()]


def test_the_same_number_written_otherwise_is_the_same():
    left, right = one(STEP, STEP | {"name": 1}), one(STEP, STEP | {"name": 1.0})
    assert disagreements(left, right) == []
    assert agree_wholly(left, right)


def test_a_field_taken_away_is_not_an_empty_one():
    bare = {name: value for name, value in STEP.items() if name != "name"}
    assert disagreements(one(STEP, bare), one(STEP, STEP | {"name": "b"})) == [("name",)]
    assert merge({"steps": [STEP]}, {"steps": [bare]}, {"steps": [bare]}).conflicts == ()
