"""Marks on open changes when live moves under them: in lists, in the news, by one job."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import content.services
from cjops.core import reactions
from governance import queries, schedules, services
from governance.integration import integration_of
from governance.models import Change, Notification, NotificationKind
from governance.services import marking, publishing
from governance.transitions import Action, State
from journeys.models import JourneyVersion
from tests.cast import (
    approved,
    email_document,
    go_live,
    propose,
    reach,
    rename,
    take,
    wait_for,
)

pytestmark = pytest.mark.django_db


def mark(cast):
    return services.mark_moved(kind="journey", subject=cast.journey.pk)


def test_open_changes_are_marked_with_version_and_conflicts(cast):
    clashing, free = propose(cast), propose(cast, wait_for(3))
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))

    assert mark(cast) == 2

    clashing.refresh_from_db()
    free.refresh_from_db()
    assert (clashing.live_moved_to, clashing.conflict_count) == (2, 1)
    assert (free.live_moved_to, free.conflict_count) == (2, 0)


def test_authors_are_told_once_for_each_change_and_version(cast):
    first, second = propose(cast), propose(cast, wait_for(3))
    go_live(cast, rename("The end", "end"))

    mark(cast)
    mark(cast)

    told = Notification.objects.filter(kind=NotificationKind.LIVE_MOVED)
    assert sorted(told.values_list("user", "change")) == [
        (cast.mei.pk, first.pk),
        (cast.mei.pk, second.pk),
    ]


def test_ended_changes_are_left_alone(cast):
    ended = reach(cast, "withdrawn")
    go_live(cast, wait_for(3))

    assert mark(cast) == 0

    ended.refresh_from_db()
    assert ended.live_moved_to is None


def test_mark_goes_when_the_change_takes_the_version(cast):
    change = propose(cast)
    go_live(cast, wait_for(3))
    mark(cast)
    change.refresh_from_db()

    take(change, Action.REBASE, cast.mei)

    assert (change.live_moved_to, change.conflict_count) == (None, 0)


def test_mark_goes_when_live_is_again_what_it_was(cast):
    change = propose(cast)
    other = go_live(cast, wait_for(3))
    mark(cast)
    entry = take(other, Action.ROLL_BACK, cast.ana)
    back = Change.objects.get(pk=entry.data["opened"])
    take(back, Action.APPROVE, cast.omar)
    take(back, Action.PUBLISH, cast.ana)

    mark(cast)

    change.refresh_from_db()
    assert change.live_moved_to is None


def test_edit_that_gives_way_takes_the_conflict_off_the_mark(cast):
    change = propose(cast)
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))
    mark(cast)

    services.edit_change(
        number=change.number, actor=cast.mei, edits=[rename("Another welcome"), wait_for(9)]
    )

    change.refresh_from_db()
    assert (change.live_moved_to, change.conflict_count) == (2, 0)


def test_stored_resolution_takes_the_conflict_off_the_mark(cast):
    change = propose(cast)
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))
    mark(cast)

    (conflict,) = integration_of(Change.objects.get(pk=change.pk)).merge.conflicts
    services.resolve(
        number=change.number,
        actor=cast.mei,
        resolutions=[{"conflict": conflict.fingerprint, "choice": "mine"}],
    )

    change.refresh_from_db()
    assert change.conflict_count == 0


def test_lost_job_is_made_up_for(cast):
    change = propose(cast)
    go_live(cast, wait_for(3))

    schedules.mark_all_moved()

    change.refresh_from_db()
    assert change.live_moved_to == 2
    assert not queries.to_be_marked(kind="journey").exists()


def test_one_that_breaks_does_not_hold_up_the_others(cast, monkeypatch):
    broken, sound = propose(cast), propose(cast, wait_for(3))
    go_live(cast, rename("The end", "end"))

    look = marking.integration_of

    def stumble(change):
        if change.pk == broken.pk:
            raise RuntimeError("no such number")
        return look(change)

    monkeypatch.setattr(marking, "integration_of", stumble)
    mark(cast)

    sound.refresh_from_db()
    assert sound.live_moved_to == 2


def test_publishing_asks_for_one_job_however_many_changes_are_open(
    cast, django_capture_on_commit_callbacks, monkeypatch
):
    change = reach(cast, "approved")
    for _ in range(5):
        propose(cast, wait_for(3))
    asked = []

    monkeypatch.setattr(
        reactions.current_app,
        "send_task",
        lambda name, *_args, **said: asked.append((name, said.get("kwargs"))),
    )
    with django_capture_on_commit_callbacks(execute=True):
        take(change, Action.PUBLISH, cast.ana)

    marks = [said for name, said in asked if name == "governance.schedules.mark_moved"]
    entry = change.ledger.get(action=Action.PUBLISH)
    assert marks == [{"kind": "journey", "subject": cast.journey.pk, "entry": entry.pk}]


def test_change_of_content_is_marked_when_a_journey_makes_a_version_live(cast, monkeypatch):
    open_change = services.open_change(
        kind="asset", key=cast.asset.key, title="Warmer words", actor=cast.mei
    )
    bound = content.services.add_version(
        asset=cast.asset, document=email_document("Another subject"), actor=cast.mei
    )
    binding = {"slots/body/version": bound.number, "slots/body/digest": bound.digest}
    step = {"op": "update", "element": "steps", "key": "welcome-email", "fields": binding}
    asked = []
    monkeypatch.setattr(publishing, "after_commit", lambda name, **said: asked.append((name, said)))
    go_live(cast, step, by=("tom", "ana"))

    marks = [said for name, said in asked if said.get("kind") == "asset"]
    assert [said["subject"] for said in marks] == [cast.asset.pk]
    services.mark_moved(**marks[0])
    services.mark_moved(**marks[0])
    open_change.refresh_from_db()
    assert open_change.live_moved_to == 2
    told = open_change.notifications.filter(kind=NotificationKind.LIVE_MOVED)
    assert [notification.user for notification in told] == [cast.mei]


def test_mark_goes_on_where_an_older_publication_was_told_of(cast):
    change = propose(cast)
    go_live(cast, wait_for(3))
    mark(cast)
    # Live moves by a way that leaves no publication of the journey.
    cast.journey.refresh_from_db()
    first = cast.journey.versions.get(number=1)
    cast.journey.live_version = JourneyVersion.objects.create(
        subject=cast.journey,
        number=3,
        document={**first.document, "market": "business"},
        digest="0" * 64,
        created_at=timezone.now(),
        created_by=cast.omar,
    )
    cast.journey.save(update_fields=["live_version"])

    assert mark(cast) == 1

    change.refresh_from_db()
    assert change.live_moved_to == 3


def queries_to_publish(cast, change):
    with CaptureQueriesContext(
        connection,
    ) as counted:
        services.take(action=Action.PUBLISH, number=change.number, actor=cast.ana)
    return len(counted)


def test_publishing_takes_no_more_queries_with_a_hundred_open_changes(cast):
    alone = queries_to_publish(cast, approved(cast, wait_for(3)))
    change = approved(cast, wait_for(4))
    for number in range(100):
        propose(cast, rename(f"Welcome {number}"))

    assert queries_to_publish(cast, change) <= alone + 1


def test_scheduled_change_with_decisions_missing_goes_back_into_review(cast):
    change = approved(cast, rename("Thank-you call", "call"), by=("jun", "ana"))

    take(change, Action.SCHEDULE, cast.ana, publish_at=timezone.now() + timedelta(days=1))
    to_email = {"channel": "email", "team": "email"}
    go_live(
        cast,
        {"op": "update", "element": "steps", "key": "call", "fields": to_email},
        by=("jun", "tom", "ana"),
    )
    Change.objects.filter(pk=change.pk).update(scheduled_for=timezone.now())

    schedules.publish_due()

    change.refresh_from_db()
    assert (change.state, change.scheduled_for) == (State.IN_REVIEW, None)
    waiting = change.requirements.filter(revision=change.revision, met_at=None)
    assert [requirement.key for requirement in waiting] == ["steward:email"]
    told = set(change.notifications.values_list("user__name", "kind"))
    assert {("Tom", "decision_wanted"), ("Mei", "failed"), ("Ana", "failed")} <= told
