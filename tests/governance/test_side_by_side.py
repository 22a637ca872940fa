"""Forty changes of four journeys, published by eight people at once: chains without a gap."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connections

import content.services
from cjops.core.errors import DomainError
from cjops.documents import digest
from governance import schedules, services
from governance.models import Change, LedgerEntry
from governance.transitions import Action, State
from journeys.models import Journey, JourneyVersion
from tests.cast import build, email_document, journey_document

pytestmark = pytest.mark.django_db(transaction=True)

JOURNEYS, CHANGES, THREADS = 4, 10, 8


@pytest.fixture
def cast():
    return build()


def decide(change, *people):
    services.take(action=Action.SUBMIT, number=change.number, actor=change.author)
    for person in people:
        services.take(action=Action.APPROVE, number=change.number, actor=person)


def found(cast, key):
    """A journey like that of the cast, live."""
    asset_digest = cast.asset.versions.get(number=1).digest
    raw = journey_document(asset_digest)
    raw["stages"] += [{"key": f"stage-{n}", "name": f"Stage {n}"} for n in range(CHANGES)]
    change = services.create_journey(key=key, actor=cast.mei, raw=raw)
    decide(change, cast.tom, cast.jun, cast.omar)
    services.take(action=Action.PUBLISH, number=change.number, actor=cast.omar)
    return change.journey


def proposed(cast, journey, number):
    """A change of its own stage, and of the content of the one message all journeys show."""
    change = services.open_change(
        kind="journey", key=journey.key, title=f"Change {number}", actor=cast.mei
    )
    fields = {"name": f"Stage {number} of {journey.key}"}
    edits = [{"op": "update", "element": "stages", "key": f"stage-{number}", "fields": fields}]
    if number == 0:
        bound = cast.asset.versions.order_by("number").last()
        slot = {"slots/body/version": bound.number, "slots/body/digest": bound.digest}
        edits.append({"op": "update", "element": "steps", "key": "welcome-email", "fields": slot})
    services.edit_change(number=change.number, actor=cast.mei, edits=edits)
    decide(change, *([cast.tom] if number == 0 else []), cast.omar)
    return change


def at_once(calls):
    """All calls, eight at a time; what each raised, or None."""
    barrier = threading.Barrier(THREADS)

    def work(mine):
        barrier.wait()
        outcomes = []
        try:
            for call in mine:
                try:
                    call()
                    outcomes.append(None)
                except (DomainError, DatabaseError) as error:
                    outcomes.append(error)
        finally:
            connections.close_all()
        return outcomes

    shares = [calls[start::THREADS] for start in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        return [outcome for outcomes in pool.map(work, shares) for outcome in outcomes]


def publish(change, actor):
    return lambda: services.take(action=Action.PUBLISH, number=change.number, actor=actor)


def assert_unbroken(journey):
    """Each version follows the one before it, says what its digest names, and lost nothing."""
    chain = list(JourneyVersion.objects.filter(subject=journey).order_by("number"))
    assert [version.number for version in chain] == list(range(1, CHANGES + 2))
    assert [version.parent_digest for version in chain[1:]] == [v.digest for v in chain[:-1]]
    assert all(digest(version.document) == version.digest for version in chain)
    journey.refresh_from_db()
    assert journey.live_version == chain[-1]
    names = {stage["key"]: stage["name"] for stage in chain[-1].document["stages"]}
    for number in range(CHANGES):
        assert names[f"stage-{number}"] == f"Stage {number} of {journey.key}"
    # The rows say what the document says.
    assert {row.key: row.name for row in journey.stages.all()} == names


@pytest.fixture
def scene(cast):
    journeys = [found(cast, f"journey-{number}") for number in range(JOURNEYS)]
    content.services.add_version(
        asset=cast.asset, document=email_document("A warmer welcome"), actor=cast.mei
    )
    changes = [proposed(cast, journey, number) for number in range(CHANGES) for journey in journeys]
    return cast, journeys, changes


def test_eight_people_publish_forty_changes_of_four_journeys(scene):
    cast, journeys, changes = scene

    outcomes = at_once([publish(change, cast.omar) for change in changes])

    assert [outcome for outcome in outcomes if outcome] == []
    states = Change.objects.filter(pk__in=[change.pk for change in changes])
    assert set(states.values_list("state", flat=True)) == {State.PUBLISHED}
    for journey in journeys:
        assert_unbroken(journey)
    entries = LedgerEntry.objects.filter(action=Action.PUBLISH, change__in=changes)
    assert entries.count() == len(changes)


def test_marks_rebases_and_publications_at_once_lose_nothing(scene):
    cast, journeys, changes = scene

    def rebase_first(change):
        def call():
            try:
                services.take(action=Action.REBASE, number=change.number, actor=cast.mei)
            except DomainError as error:
                # Nothing has moved yet, or it is live already.
                if error.status != 409:
                    raise
            services.take(action=Action.PUBLISH, number=change.number, actor=cast.omar)

        return call

    calls = [rebase_first(change) for change in changes]
    calls[::5] = [
        lambda call=call: (call(), schedules.mark_all_moved(), schedules.publish_due())
        for call in calls[::5]
    ]
    outcomes = at_once(calls)

    assert [outcome for outcome in outcomes if outcome] == []
    for journey in Journey.objects.filter(pk__in=[journey.pk for journey in journeys]):
        assert_unbroken(journey)
