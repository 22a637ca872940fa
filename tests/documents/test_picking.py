"""Taking single elements of another document: exactly those, as a whole, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjops.documents import (
    Document,
    Hunk,
    UnknownElement,
    canonical,
    diff,
    hunks,
    normalise,
    pick,
    without,
)

from .strategies import journeys, pairs, revised_journeys

laws = settings(deadline=None)


def places(base: Document, other: Document) -> list[tuple[str, str]]:
    return [(hunk.element, hunk.key) for hunk in hunks(diff(base, other))]


def removed(base: Document, other: Document) -> list[Hunk]:
    return [hunk for hunk in hunks(diff(base, other)) if hunk.op == "remove"]


@st.composite
def picked(draw: st.DrawFn) -> tuple[Document, Document, set[tuple[str, str]]]:
    """Two documents, and some of the places in which they differ."""
    onto, source = draw(pairs())
    found = places(onto, source)
    chosen = draw(st.sets(st.sampled_from(found))) if found else set()
    return onto, source, chosen


@laws
@given(pairs())
def test_picking_all_that_differs_gives_the_source(pair: tuple[Document, Document]) -> None:
    onto, source = pair
    assert canonical(pick(onto, source, places(onto, source))) == canonical(normalise(source))


@laws
@given(pairs())
def test_picking_nothing_changes_nothing(pair: tuple[Document, Document]) -> None:
    onto, source = pair
    assert canonical(pick(onto, source, [])) == canonical(normalise(onto))


@laws
@given(picked())
def test_what_is_picked_differs_no_more_and_the_rest_as_before(
    given_: tuple[Document, Document, set[tuple[str, str]]],
) -> None:
    onto, source, chosen = given_
    result = pick(onto, source, chosen)
    assert set(places(result, source)) == set(places(onto, source)) - chosen
    assert set(places(onto, result)) == chosen


@laws
@given(picked())
def test_picking_twice_is_picking_once(
    given_: tuple[Document, Document, set[tuple[str, str]]],
) -> None:
    onto, source, chosen = given_
    once = pick(onto, source, chosen)
    # What was taken out neither has any more.
    left = chosen - {(hunk.element, hunk.key) for hunk in removed(onto, source)}
    assert canonical(pick(once, source, left)) == canonical(once)


@laws
@given(revised_journeys(), st.data())
def test_the_order_of_picking_does_not_matter(
    pair: tuple[Document, Document], data: st.DataObject
) -> None:
    onto, source = pair
    order = data.draw(st.permutations(places(onto, source)))
    result = normalise(onto)
    for place in order:
        result = pick(result, source, [place])
    assert canonical(result) == canonical(normalise(source))


@laws
@given(journeys(), journeys())
def test_what_neither_has_is_refused(onto: Document, source: Document) -> None:
    for place in (("steps", "nowhere"), ("chapters", "welcome"), ("", "welcome")):
        with pytest.raises(UnknownElement):
            pick(onto, source, [place])


@laws
@given(journeys(), st.data())
def test_what_is_left_out_is_all_that_goes(document: Document, data: st.DataObject) -> None:
    known = [(name, item["key"]) for name in ("steps", "stages") for item in document[name]]
    gone = data.draw(st.sets(st.sampled_from(known))) if known else set()
    result = without(document, gone)
    assert set(places(document, result)) == gone
    assert without(document, [("steps", "nowhere")]) == document
