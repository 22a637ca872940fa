"""The laws of the three-way merge, over whole journeys and over any JSON."""

import copy
import itertools
import os

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cjops.documents import (
    MISSING,
    Document,
    Merge,
    Resolution,
    canonical,
    diff,
    digest,
    merge,
    normalise,
)
from journeys.definition import REFERENCES

from .grown import Editor, apart, grown, triples
from .strategies import documents, journeys

# Each law over 2,000 journeys where nobody waits for it.
laws = settings(deadline=None, max_examples=2000 if os.environ.get("CI") else 150)
# What is said of the results, beside the laws.
remarks = settings(deadline=None, max_examples=150)
Triple = tuple[Document, Document, Document]


def merged(base: Document, ours: Document, theirs: Document, resolutions=None) -> Merge:
    return merge(base, ours, theirs, references=REFERENCES, resolutions=resolutions)


def leaves(document: Document) -> dict[tuple, bytes]:
    """Every value of a document by place, objects taken apart; () stands for a whole element."""
    found: dict[tuple, bytes] = {}

    def walk(where: tuple, path: tuple, value: object) -> None:
        if isinstance(value, dict):
            found[(*where, path)] = b"object"
            for name, member in value.items():
                walk(where, (*path, name), member)
        else:
            found[(*where, path)] = canonical(value)

    for name, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for element in value:
                walk((name, element["key"]), (), element)
        elif value != []:
            walk(("", ""), (name,), value)
    return found


def below(found: dict[tuple, bytes], place: tuple) -> dict[tuple, bytes]:
    """What stands at a place, and in it."""
    element, key, path = place
    if found.get(place) != b"object":
        return {place: found[place]} if place in found else {}
    return {
        other: value
        for other, value in found.items()
        if other[:2] == (element, key) and other[2][: len(path)] == path
    }


def covered(place: tuple, conflicts) -> bool:
    """Whether a conflict speaks of a place, or of something that holds it."""
    element, key, path = place
    return any(
        (c.element, c.key) == (element, key) and path[: len(c.field)] == c.field for c in conflicts
    )


@laws
@given(triples())
def test_a_side_that_changed_nothing_gives_way(triple: Triple) -> None:
    base, other, _ = triple
    for outcome in (
        merged(base, base, other), merged(base, other, base), merged(base, other, other)
    ):  # fmt: skip
        assert outcome == Merge(normalise(other))


@remarks
@given(journeys() | documents(), journeys() | documents())
def test_a_side_that_changed_nothing_gives_way_in_any_json(base: Document, other: Document) -> None:
    for outcome in (merge(base, base, other), merge(base, other, base), merge(base, other, other)):
        assert digest(outcome.document) == digest(other)
        assert outcome.conflicts == ()


@laws
@given(triples())
def test_a_conflict_is_where_both_sides_changed_one_value_to_two(triple: Triple) -> None:
    base, ours, theirs = (leaves(document) for document in triple)
    outcome = merged(*triple)
    # Whatever pointers a removal leaves dangling is a law of its own.
    conflicts = [c for c in outcome.conflicts if c.kind != "remove/rewire"]
    clashing = set()
    for place in base.keys() | ours.keys() | theirs.keys():
        was, mine, its = (side.get(place) for side in (base, ours, theirs))
        if mine != was and its != was and below(ours, place) != below(theirs, place):
            clashing.add(place)
            assert covered(place, conflicts), place
    # An element that one side removed and the other touched anywhere clashes as a whole.
    for side, other in ((ours, theirs), (theirs, ours)):
        for element, key, path in base:
            if path == () and (element, key, ()) not in side:
                touched = {
                    place
                    for place in base.keys() | other.keys()
                    if place[:2] == (element, key) and base.get(place) != other.get(place)
                }
                if touched and (element, key, ()) in other:
                    clashing.add((element, key, ()))
                    assert covered((element, key, ()), conflicts)
    for conflict in conflicts:
        assert any(covered(place, [conflict]) for place in clashing), conflict


@laws
@given(triples())
def test_nothing_is_silently_undone(triple: Triple) -> None:
    base, ours, theirs = (leaves(document) for document in triple)
    outcome = merged(*triple)
    result = leaves(outcome.document)
    spared = [c.target for c in outcome.conflicts if c.target]
    for side in (ours, theirs):
        for place in base.keys() | side.keys():
            if base.get(place) == side.get(place) or place[:2] in spared:
                continue
            if not covered(place, outcome.conflicts) and not any(
                c.kind == "remove/rewire" and (c.element, c.key) == place[:2]
                for c in outcome.conflicts
            ):
                assert result.get(place) == side.get(place), place


@remarks
@given(triples())
def test_nothing_is_made_up(triple: Triple) -> None:
    base, ours, theirs = (leaves(document) for document in triple)
    for place, value in leaves(merged(*triple).document).items():
        assert value in (base.get(place), ours.get(place), theirs.get(place))


@laws
@given(triples())
def test_it_does_not_matter_which_side_is_ours(triple: Triple) -> None:
    base, ours, theirs = triple
    one, other = merged(base, ours, theirs), merged(base, theirs, ours)
    places = [
        {(c.kind, c.element, c.key, c.field, c.target) for c in outcome.conflicts}
        for outcome in (one, other)
    ]
    assert places[0] == places[1]
    if not one.conflicts:
        assert digest(one.document) == digest(other.document)


@laws
@given(triples())
def test_nothing_points_at_what_is_gone_unless_it_is_said(triple: Triple) -> None:
    outcome = merged(*triple)

    def dangling(document: Document) -> set[tuple]:
        keys = {name: {e["key"] for e in document[name]} for name in ("steps", "stages")}
        return {
            (reference.element, element["key"], reference.field)
            for reference in REFERENCES
            for element in document[reference.element]
            if element[reference.field[0]] not in {*keys[reference.target], ""}
        }

    if not outcome.conflicts:
        before = dangling(triple[1]) | dangling(triple[2])
        assert dangling(outcome.document) <= before


@laws
@given(apart(2))
def test_edits_of_different_elements_never_clash(drawn: tuple[Document, list[Document]]) -> None:
    base, (ours, theirs) = drawn
    outcome = merged(base, ours, theirs)
    # One may lead a way to a step that the other removed: that is no field of both.
    assert {conflict.kind for conflict in outcome.conflicts} <= {"remove/rewire"}


@laws
@given(apart(3))
def test_any_order_of_merging_gives_one_document(drawn: tuple[Document, list[Document]]) -> None:
    base, sides = drawn
    outcomes = set()
    for order in itertools.permutations(sides):
        live = base
        for side in order:
            outcome = merged(base, side, live)
            assume(not outcome.conflicts)
            live = outcome.document
        outcomes.add(digest(live))
    assert len(outcomes) == 1


@laws
@given(triples(), st.sampled_from(["mine", "theirs"]))
def test_a_decision_on_every_conflict_leaves_none(triple: Triple, choice: str) -> None:
    decisions: dict[str, Resolution] = {}
    outcome = merged(*triple)
    # Settling one may show another: a pointer at what one now decided to remove.
    for _ in range(5):
        if not outcome.conflicts:
            break
        decisions |= {c.fingerprint: Resolution(choice) for c in outcome.conflicts}
        outcome = merged(*triple, decisions)
    assert outcome.conflicts == ()
    assert {c.fingerprint for c, _ in outcome.resolved} == set(decisions)
    result = leaves(outcome.document)
    wanted = leaves(triple[1 if choice == "mine" else 2])
    kept = {c.target for c, _ in outcome.resolved if c.target}
    for conflict, _ in outcome.resolved:
        if (conflict.element, conflict.key) in kept or conflict.kind == "remove/rewire":
            continue
        place = (conflict.element, conflict.key, conflict.field)
        assert result.get(place) == wanted.get(place) or conflict.field != ()


@remarks
@given(triples())
def test_a_decision_stands_while_its_conflict_does(triple: Triple) -> None:
    base, ours, theirs = triple
    # Whatever else they did, they do not agree about the market.
    ours, theirs = ours | {"market": "private"}, theirs | {"market": "business"}
    decisions = {c.fingerprint: Resolution("mine") for c in merged(base, ours, theirs).conflicts}
    assert decisions
    # Live moves on, in a place that nobody else touched.
    later = theirs | {"product_line": "cards"}
    again = merged(base, ours, later, decisions)
    settled = {c.fingerprint for c, _ in again.resolved}
    assert settled == {c.fingerprint for c, _ in merged(base, ours, theirs, decisions).resolved}


@remarks
@given(triples())
def test_arguments_stay_as_they_were(triple: Triple) -> None:
    before = copy.deepcopy(triple)
    outcome = merged(*triple)
    merged(*triple, {c.fingerprint: Resolution("mine") for c in outcome.conflicts})
    assert triple == before


@remarks
@given(triples())
def test_conflicts_tell_the_three_values(triple: Triple) -> None:
    for conflict in merged(*triple).conflicts:
        for value, document in zip(
            (conflict.base, conflict.ours, conflict.theirs), triple, strict=True
        ):
            found = leaves(document).get((conflict.element, conflict.key, conflict.field))
            assert (value is MISSING) == (found is None)
            if found not in (None, b"object"):
                assert canonical(value) == found


def test_the_laws_meet_every_kind_of_conflict() -> None:
    """A law that never sees a clash would hold of anything."""
    kinds = set()
    for seed in range(60):
        base = grown(12, seed)
        sides = []
        for side in range(2):
            editor = Editor(base, seed * 2 + side)
            editor.work(12)
            sides.append(editor.document)
        kinds |= {conflict.kind for conflict in merged(base, *sides).conflicts}
    assert kinds == {"edit/edit", "edit/remove", "remove/rewire", "add/add", "order/order"}


@pytest.mark.parametrize("side", [1, 2])
def test_differences_of_the_outcome_are_those_of_the_other_side(side: int) -> None:
    base = grown(20, 7)
    ours, theirs = Editor(base, 1, "-a"), Editor(base, 2, "-b")
    ours.work(6, lambda element: element.get("key", "").endswith("1"))
    theirs.work(6, lambda element: element.get("key", "").endswith("2"))
    outcome = merged(base, ours.document, theirs.document)
    assert outcome.conflicts == ()
    sides = [base, ours.document, theirs.document]
    assert diff(sides[side], outcome.document) == diff(base, sides[3 - side])
