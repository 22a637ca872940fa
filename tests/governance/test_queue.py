"""Queued behind another change: what goes live in which order, and what ends a queue."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cjops.core.errors import Conflict, Forbidden, Invalid
from governance import schedules, services
from governance.models import Change, NotificationKind
from governance.transitions import Action, State
from tests.cast import approved, propose, reach, rename, take, wait_for

pytestmark = pytest.mark.django_db


def queue(change, ahead, cast, by="mei"):
    return take(change, Action.QUEUE, cast.named(by), after=ahead.number if ahead else 0)


@pytest.fixture
def pair(cast):
    """An approved change, and one that is approved too and waits for it."""
    first, second = reach(cast, "approved"), approved(cast, wait_for(3))
    queue(second, first, cast)
    return first, second


def test_queued_change_is_not_published_before_its_turn(cast, pair):
    first, second = pair

    with pytest.raises(Conflict, match=f"CR-{first.number}"):
        services.take(action=Action.PUBLISH, number=second.number, actor=cast.ana)


def test_queued_change_can_be_published_after_the_other(cast, pair):
    first, second = pair
    take(first, Action.PUBLISH, cast.ana)

    take(second, Action.PUBLISH, cast.ana)

    assert (first.published_number, second.published_number) == (2, 3)


def test_scheduled_without_a_time_it_goes_live_right_after_the_other(cast, pair):
    first, second = pair
    take(second, Action.SCHEDULE, cast.ana)
    assert (second.state, second.scheduled_for) == (State.SCHEDULED, None)
    schedules.publish_due()
    second.refresh_from_db()
    assert second.state == State.SCHEDULED

    take(first, Action.PUBLISH, cast.ana)
    schedules.publish_due()

    second.refresh_from_db()
    assert (second.state, second.published_number) == (State.PUBLISHED, 3)


def test_time_that_comes_before_its_turn_waits_for_the_turn(cast, pair):
    first, second = pair
    take(second, Action.SCHEDULE, cast.ana, publish_at=timezone.now() + timedelta(days=1))
    Change.objects.filter(pk=second.pk).update(scheduled_for=timezone.now())

    schedules.publish_due()
    second.refresh_from_db()
    assert second.state == State.SCHEDULED
    take(first, Action.PUBLISH, cast.ana)
    schedules.publish_due()

    second.refresh_from_db()
    assert second.state == State.PUBLISHED


def test_schedule_without_a_time_needs_a_queue(cast):
    change = reach(cast, "approved")

    with pytest.raises(Invalid) as refused:
        services.take(action=Action.SCHEDULE, number=change.number, actor=cast.ana)

    assert "publish_at" in refused.value.errors


@pytest.mark.parametrize(("end", "by"), [(Action.WITHDRAW, "mei"), (Action.REJECT, "ana")])
def test_change_that_waits_for_one_that_ended_waits_no_more_and_is_told(cast, pair, end, by):
    first, second = pair
    take(second, Action.SCHEDULE, cast.ana)
    take(first, end, cast.named(by), comment="Not now")

    schedules.mind_queues()
    schedules.mind_queues()

    second.refresh_from_db()
    assert (second.queued_behind, second.state) == (None, State.APPROVED)
    (entry,) = second.ledger.filter(action=Action.QUEUE, actor=None)
    assert entry.reason
    told = second.notifications.filter(kind=NotificationKind.UNQUEUED)
    assert {notification.user for notification in told} == {cast.mei, cast.ana}


def test_change_with_a_time_keeps_it_when_its_queue_ends(cast, pair):
    first, second = pair
    when = timezone.now() + timedelta(days=1)
    take(second, Action.SCHEDULE, cast.ana, publish_at=when)
    take(first, Action.WITHDRAW, cast.mei)

    schedules.mind_queues()

    second.refresh_from_db()
    assert (second.state, second.scheduled_for) == (State.SCHEDULED, when)


def test_wait_is_taken_back_by_hand(cast, pair):
    _first, second = pair
    take(second, Action.SCHEDULE, cast.ana)

    queue(second, None, cast, by="ana")

    assert (second.queued_behind, second.state) == (None, State.APPROVED)
    take(second, Action.PUBLISH, cast.ana)


def test_circle_is_refused(cast, pair):
    first, second = pair
    third = propose(cast, rename("Third", "end"))
    queue(third, second, cast)

    with pytest.raises(Conflict) as refused:
        services.take(action=Action.QUEUE, number=first.number, actor=cast.mei, after=third.number)

    assert refused.value.code == "queue_circle"


@pytest.mark.parametrize("after", [None, -1, 999_999, 2**70])
def test_change_that_is_not_there_cannot_be_waited_for(cast, after):
    change = propose(cast)

    with pytest.raises(Invalid) as refused:
        services.take(action=Action.QUEUE, number=change.number, actor=cast.mei, after=after)

    assert "after" in refused.value.errors


def test_change_cannot_wait_for_itself(cast):
    change = propose(cast)

    with pytest.raises(Invalid):
        queue(change, change, cast)


def test_change_cannot_wait_for_one_that_has_ended(cast):
    ended, change = reach(cast, "withdrawn"), propose(cast)

    with pytest.raises(Conflict, match="Withdrawn"):
        queue(change, ended, cast)


def test_change_the_person_does_not_see_looks_like_none(cast):
    hidden = services.create_journey(
        key="secret", actor=cast.zoe, raw={"name": "Secret"}, is_restricted=True
    )
    change = propose(cast)

    with pytest.raises(Invalid) as refused:
        queue(change, hidden, cast)

    with pytest.raises(Invalid) as missing:
        services.take(action=Action.QUEUE, number=change.number, actor=cast.mei, after=999_999)
    assert refused.value.errors == missing.value.errors


def test_reader_may_not_queue(cast, pair):
    first, second = pair

    with pytest.raises(Forbidden):
        queue(first, second, cast, by="ida")


@pytest.mark.parametrize("after", ["none", "another"])
def test_only_a_publisher_moves_what_is_scheduled(cast, pair, after):
    first, second = pair
    third = propose(cast, rename("Third", "end"))
    take(second, Action.SCHEDULE, cast.ana)
    number = third.number if after == "another" else 0

    with pytest.raises(Forbidden):
        services.take(action=Action.QUEUE, number=second.number, actor=cast.mei, after=number)

    second.refresh_from_db()
    assert (second.state, second.queued_behind) == (State.SCHEDULED, first)


def test_second_time_the_same_is_refused(cast, pair):
    first, second = pair

    with pytest.raises(Conflict, match="already"):
        queue(second, first, cast)


def test_broken_queue_does_not_hold_up_the_next(cast, pair, monkeypatch):
    first, second = pair
    third = propose(cast, rename("Third", "end"))
    queue(third, first, cast)
    take(first, Action.WITHDRAW, cast.mei)
    leave = services.leave_queue

    def stumble(*, number):
        if number == second.number:
            raise RuntimeError("the disk is full")
        return leave(number=number)

    monkeypatch.setattr(services, "leave_queue", stumble)
    schedules.mind_queues()

    third.refresh_from_db()
    assert third.queued_behind is None
