"""The laws of the document engine, over journeys and over any JSON."""

import copy
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cjops.documents import (
    Change,
    Document,
    DoesNotApply,
    apply,
    canonical,
    diff,
    digest,
    hunks,
    invert,
    normalise,
)

from .strategies import JSON, STEP_FIELDS, documents, elements, journeys, pairs, revised_journeys

laws = settings(deadline=None)


def assert_same(left: Document, right: Document) -> None:
    """Equal as Python values, lists in order, and equal as JSON, where true is not 1."""
    assert left == right
    assert canonical(left) == canonical(right)


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same JSON value with the members of its objects in another order."""
    if isinstance(value, dict):
        names = list(value)
        chance.shuffle(names)
        return {name: shuffled(value[name], chance) for name in names}
    if isinstance(value, list):
        return [shuffled(item, chance) for item in value]
    return value


@laws
@given(pairs())
def test_applying_the_difference_gives_the_other_document(
    pair: tuple[Document, Document],
) -> None:
    base, other = pair
    assert_same(apply(base, diff(base, other)), normalise(other))


@laws
@given(journeys() | documents())
def test_a_document_does_not_differ_from_itself(document: Document) -> None:
    assert diff(document, copy.deepcopy(document)) == []


@laws
@given(pairs())
def test_the_inverse_leads_back(pair: tuple[Document, Document]) -> None:
    base, other = pair
    assert_same(apply(other, invert(diff(base, other))), normalise(base))


@laws
@given(pairs())
def test_the_inverse_is_the_difference_the_other_way_round(
    pair: tuple[Document, Document],
) -> None:
    base, other = pair

    def by_place(change: Change) -> tuple[str, str, tuple[str, ...]]:
        return change.element, change.key, change.field

    there_and_back = sorted(invert(diff(base, other)), key=by_place)
    assert there_and_back == sorted(diff(other, base), key=by_place)


@laws
@given(pairs())
def test_documents_differ_exactly_where_their_digests_do(
    pair: tuple[Document, Document],
) -> None:
    base, other = pair
    assert (diff(base, other) == []) == (digest(base) == digest(other))


@laws
@given(pairs())
def test_arguments_stay_as_they_were(pair: tuple[Document, Document]) -> None:
    base, other = pair
    before = copy.deepcopy(pair)
    changes = diff(base, other)
    hunks(changes)
    apply(base, changes)
    apply(other, invert(changes))
    digest(base)
    assert pair == before


@laws
@given(pairs(), st.randoms(use_true_random=False))
def test_the_order_of_members_does_not_matter(
    pair: tuple[Document, Document], chance: random.Random
) -> None:
    base, other = pair
    assert digest(shuffled(base, chance)) == digest(base)
    # Only the order of the collections follows the document, not what is said of each.
    found = {hunk.digest for hunk in hunks(diff(shuffled(base, chance), shuffled(other, chance)))}
    assert found == {hunk.digest for hunk in hunks(diff(base, other))}


@laws
@given(revised_journeys(), st.randoms(use_true_random=False))
def test_the_order_in_which_elements_are_listed_does_not_matter(
    pair: tuple[Document, Document], chance: random.Random
) -> None:
    base, other = pair
    relisted = dict(base)
    for name in ("stages", "steps", "transitions"):
        relisted[name] = chance.sample(base[name], len(base[name]))
    assert digest(relisted) == digest(base)
    assert diff(relisted, other) == diff(base, other)


@laws
@given(revised_journeys(), elements(STEP_FIELDS), st.sampled_from(["stages", "transitions"]))
def test_a_hunk_is_not_touched_by_changes_elsewhere(
    pair: tuple[Document, Document], steps: list[dict[str, Any]], emptied: str
) -> None:
    base, other = pair
    elsewhere = {**other, "name": "another name", "steps": steps, emptied: []}
    for name in {"stages", "transitions"} - {emptied}:

        def digests(target: Document, name: str = name) -> dict[str, str]:
            return {
                hunk.key: hunk.digest for hunk in hunks(diff(base, target)) if hunk.element == name
            }

        assert digests(elsewhere) == digests(other)


@laws
@given(revised_journeys())
def test_hunks_hold_every_change_once(pair: tuple[Document, Document]) -> None:
    changes = diff(*pair)
    found = hunks(changes)
    assert [change for hunk in found for change in hunk.changes] == changes
    assert len({(hunk.element, hunk.key) for hunk in found}) == len(found)
    assert len({hunk.digest for hunk in found}) == len(found)


@laws
@given(pairs())
def test_any_hunk_applies_alone(pair: tuple[Document, Document]) -> None:
    base, other = pair
    changes = diff(base, other)
    for hunk in hunks(changes):
        alone = apply(base, hunk.changes)
        assert {(hunk.element, hunk.key)} == {
            (change.element, change.key) for change in diff(base, alone)
        }


@laws
@given(pairs())
def test_changes_survive_json(pair: tuple[Document, Document]) -> None:
    for change in diff(*pair):
        assert Change.from_json(change.to_json()) == change


@laws
@given(pairs())
def test_what_was_already_applied_does_not_apply_again(
    pair: tuple[Document, Document],
) -> None:
    base, other = pair
    for change in diff(base, other):
        try:
            apply(other, [change])
        except DoesNotApply:
            continue
        raise AssertionError(f"applied twice: {change}")


@laws
@given(journeys() | documents())
def test_normalising_twice_is_normalising_once(document: Document) -> None:
    assert_same(normalise(normalise(document)), normalise(document))


@laws
@given(JSON)
def test_digest_names_any_json_value(value: object) -> None:
    assert len(digest(value)) == 64
