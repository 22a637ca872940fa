"""The laws of a change on top of what is live, over whole journeys."""

import os

import pytest
from hypothesis import HealthCheck, given, settings

from cjops.documents import Document, diff, digest, hunks
from governance.integration import integrate
from governance.proposals import Proposal
from journeys.models import JourneyVersion
from journeys.validation import NOTHING_KNOWN, validate
from tests.documents.grown import triples

laws = settings(
    deadline=None,
    max_examples=2000 if os.environ.get("CI") else 100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
# What is said beside it.
remarks = settings(laws, max_examples=100)
Triple = tuple[Document, Document, Document]


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """Journeys are checked by themselves: what else there is would be asked 10,000 times."""
    monkeypatch.setattr("journeys.queries.known_for", lambda _document: NOTHING_KNOWN)


def onto(triple: Triple):
    base, ours, theirs = triple
    live = JourneyVersion(number=2, document=theirs, digest=digest(theirs))
    return integrate(Proposal("journey", base, ours), live, {})


def errors(document: Document) -> set[tuple[str, str, str]]:
    found = validate(document, NOTHING_KNOWN)
    return {(one.code, one.element, one.key) for one in found if one.severity == "error"}


@laws
@given(triples())
def test_outcome_is_never_worse_than_both_sides_without_saying_so(triple: Triple) -> None:
    integration = onto(triple)
    _base, ours, theirs = triple

    worse = errors(integration.merge.document) - errors(ours) - errors(theirs)

    said = {(one.code, one.element, one.key) for one in integration.new_errors}
    assert not said or not integration.merge.conflicts
    if not integration.merge.conflicts:
        assert worse <= said <= errors(integration.merge.document) - errors(ours)
        # Of what points at something, nothing comes out pointing at nothing.
        assert not {code for code, _element, _key in worse} & {"step-unknown", "stage-unknown"}


@remarks
@given(triples())
def test_hunks_that_live_did_not_touch_keep_their_digests(triple: Triple) -> None:
    integration = onto(triple)
    touched = {(hunk.element, hunk.key) for hunk in integration.moved}
    clashing = {(one.element, one.key) for one in integration.merge.conflicts}
    clashing |= {one.target for one in integration.merge.conflicts if one.target}

    for hunk in integration.proposal.hunks:
        if (hunk.element, hunk.key) not in touched | clashing:
            assert hunk.digest in integration.outcome.digests


@remarks
@given(triples())
def test_outcome_differs_from_live_by_hunks_of_the_change_only(triple: Triple) -> None:
    integration = onto(triple)
    ours = {(hunk.element, hunk.key) for hunk in integration.proposal.hunks}
    spared = {one.target for one in integration.merge.conflicts if one.target}

    outcome = hunks(diff(integration.live, integration.merge.document))

    assert {(hunk.element, hunk.key) for hunk in outcome} <= ours | spared


def test_of_two_equal_sides_nothing_is_left():
    document = {"name": "One", "entries": [], "exits": [], "stages": [], "steps": []}
    document |= {"transitions": []}
    integration = onto(({**document, "name": "Two"}, document, document))

    assert integration.merge.conflicts == ()
    assert integration.outcome.hunks == []
