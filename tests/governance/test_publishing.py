"""Publishing, scheduling and rolling back: what becomes live, and what never does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cjops.core.errors import Conflict, Invalid
from cjops.documents import digest
from governance import schedules, services
from governance.models import Change, LedgerEntry, NotificationKind
from governance.transitions import Action, State
from journeys.models import Step
from people import granting
from tests.cast import email_document, propose, reach, rename, take


def live(cast):
    cast.journey.refresh_from_db()
    return cast.journey.live_version


def test_publishing_writes_the_next_version_and_its_rows(cast):
    before = live(cast)
    change = reach(cast, "published")

    after = live(cast)
    assert (after.number, after.parent_digest) == (before.number + 1, before.digest)
    assert after.digest == digest(after.document)
    assert change.published_number == after.number
    assert Step.objects.get(journey=cast.journey, key="welcome-email").name == "A warm welcome"


def test_nothing_is_live_before_it_is_published(cast):
    before = live(cast)
    reach(cast, "approved")

    assert live(cast) == before
    assert Step.objects.get(journey=cast.journey, key="welcome-email").name == "Welcome e-mail"


def test_change_is_laid_onto_a_live_version_that_moved_elsewhere(cast):
    first = reach(cast, "approved")
    other = propose(
        cast, {"op": "update", "element": "steps", "key": "wait", "fields": {"wait": "P3D"}}
    )
    take(other, Action.SUBMIT, cast.mei)
    take(other, Action.APPROVE, cast.ana)
    take(other, Action.PUBLISH, cast.ana)

    take(first, Action.PUBLISH, cast.ana)

    steps = {step["key"]: step for step in live(cast).document["steps"]}
    assert (steps["welcome-email"]["name"], steps["wait"]["wait"]) == ("A warm welcome", "P3D")


def publish_at_once(cast, *edits, by=("tom", "jun", "ana")):
    """Another change of the journey, written, decided and live."""
    change = propose(cast, *edits)
    take(change, Action.SUBMIT, cast.mei)
    for name in by:
        take(change, Action.APPROVE, cast.named(name))
    take(change, Action.PUBLISH, cast.ana)
    return change


def test_what_live_says_already_is_no_conflict(cast):
    fields = {"wait": "P3D"}
    first = propose(
        cast, rename("Hello"), {"op": "update", "element": "steps", "key": "wait", "fields": fields}
    )
    take(first, Action.SUBMIT, cast.mei)
    take(first, Action.APPROVE, cast.tom)
    take(first, Action.APPROVE, cast.ana)
    publish_at_once(
        cast, {"op": "update", "element": "steps", "key": "wait", "fields": fields}, by=("ana",)
    )

    take(first, Action.PUBLISH, cast.ana)

    steps = {step["key"]: step for step in live(cast).document["steps"]}
    assert (steps["welcome-email"]["name"], steps["wait"]["wait"]) == ("Hello", "P3D")


def test_step_that_live_moved_to_another_channel_needs_its_stewards(cast):
    first = propose(cast, rename("Thank-you call", "call"))
    take(first, Action.SUBMIT, cast.mei)
    take(first, Action.APPROVE, cast.jun)
    take(first, Action.APPROVE, cast.ana)
    to_sms = {"channel": "sms"}
    publish_at_once(
        cast,
        {"op": "update", "element": "steps", "key": "call", "fields": to_sms},
        by=("jun", "ana"),
    )
    before = live(cast)

    with pytest.raises(Conflict, match="somebody else has to decide") as refused:
        services.take(action=Action.PUBLISH, number=first.number, actor=cast.ana)

    assert refused.value.code == "decisions_missing"
    assert live(cast) == before


def test_path_to_a_step_that_live_removed_is_refused(cast):
    fields = {"target": "call"}
    first = propose(
        cast,
        {"op": "update", "element": "transitions", "key": "welcome-email-wait", "fields": fields},
        {"op": "remove", "element": "steps", "key": "wait"},
    )
    take(first, Action.SUBMIT, cast.mei)
    take(first, Action.APPROVE, cast.ana)
    publish_at_once(
        cast,
        {"op": "update", "element": "transitions", "key": "wait-call", "fields": {"target": "end"}},
        {"op": "remove", "element": "steps", "key": "call"},
        by=("jun", "ana"),
    )

    with pytest.raises(Conflict) as refused:
        services.take(action=Action.PUBLISH, number=first.number, actor=cast.ana)

    assert refused.value.code == "live_moved"


def test_change_whose_place_moved_is_refused_and_names_it(cast):
    first, second = reach(cast, "approved"), propose(cast, rename("Another welcome"))
    take(second, Action.SUBMIT, cast.mei)
    take(second, Action.APPROVE, cast.tom)
    take(second, Action.APPROVE, cast.ana)
    take(first, Action.PUBLISH, cast.ana)
    before = live(cast)

    with pytest.raises(Conflict, match="A warm welcome") as refused:
        services.take(action=Action.PUBLISH, number=second.number, actor=cast.ana)

    assert refused.value.code == "live_moved"
    assert live(cast) == before
    second.refresh_from_db()
    assert second.state == State.APPROVED


def test_submitted_content_goes_live_with_the_step(cast):
    change = services.submit_content(
        journey_key="account-opening",
        step_key="welcome-email",
        slot="body",
        actor=cast.mei,
        asset_key="onboarding-welcome",
        document=email_document("A warmer welcome"),
        rationale="People drop out here",
    )
    assert change.state == State.IN_REVIEW
    for name in ("tom", "ana"):
        take(change, Action.APPROVE, cast.named(name))
    take(change, Action.PUBLISH, cast.ana)

    cast.asset.refresh_from_db()
    assert cast.asset.live_version.number == 2
    slot = live(cast).document["steps"][0]["slots"]["body"]
    assert slot["version"] == 2
    assert slot["digest"] == cast.asset.live_version.digest


def test_content_for_another_channel_is_refused_and_leaves_nothing(cast):
    before = (Change.objects.count(), cast.asset.versions.count(), LedgerEntry.objects.count())

    with pytest.raises(Invalid):
        services.submit_content(
            journey_key="account-opening",
            step_key="call",
            slot="script",
            actor=cast.mei,
            asset_key="onboarding-welcome",
            document=email_document("Wrong place"),
            rationale="Try",
        )

    after = (Change.objects.count(), cast.asset.versions.count(), LedgerEntry.objects.count())
    assert after == before


def test_roll_back_opens_the_inverse_and_one_other_person_decides(cast):
    before = live(cast)
    change = reach(cast, "published")

    entry = take(change, Action.ROLL_BACK, cast.ana, comment="Complaints went up")

    back = Change.objects.get(pk=entry.data["opened"])
    assert (back.state, back.reverts) == (State.IN_REVIEW, change)
    assert change.state == State.PUBLISHED
    take(back, Action.APPROVE, cast.tom)
    assert back.state == State.APPROVED
    take(back, Action.PUBLISH, cast.ana)
    assert live(cast).digest == before.digest
    assert live(cast).number == before.number + 2


def test_roll_back_keeps_later_changes(cast):
    change = reach(cast, "published")
    later = propose(
        cast, {"op": "update", "element": "steps", "key": "wait", "fields": {"wait": "P3D"}}
    )
    take(later, Action.SUBMIT, cast.mei)
    take(later, Action.APPROVE, cast.ana)
    take(later, Action.PUBLISH, cast.ana)
    entry = take(change, Action.ROLL_BACK, cast.ana)
    back = Change.objects.get(pk=entry.data["opened"])
    take(back, Action.APPROVE, cast.tom)
    take(back, Action.PUBLISH, cast.ana)

    steps = {step["key"]: step for step in live(cast).document["steps"]}
    assert (steps["welcome-email"]["name"], steps["wait"]["wait"]) == ("Welcome e-mail", "P3D")


def test_second_roll_back_of_the_same_change_is_refused(cast):
    change = reach(cast, "published")
    take(change, Action.ROLL_BACK, cast.ana)

    with pytest.raises(Conflict, match="under way"):
        services.take(action=Action.ROLL_BACK, number=change.number, actor=cast.ana)


def test_first_version_cannot_be_rolled_back(cast):
    first = Change.objects.get(journey=cast.journey, published_number=1)

    with pytest.raises(Conflict, match="nothing to go back to"):
        services.take(action=Action.ROLL_BACK, number=first.number, actor=cast.ana)


def later_wait():
    return {"op": "update", "element": "steps", "key": "wait", "fields": {"wait": "P3D"}}


def due(change):
    """Let the time of a scheduled change come."""
    Change.objects.filter(pk=change.pk).update(scheduled_for=timezone.now() - timedelta(seconds=1))


def test_scheduled_change_is_published_when_due_and_only_once(cast):
    change = reach(cast, "scheduled")
    schedules.publish_due()
    change.refresh_from_db()
    assert change.state == State.SCHEDULED

    due(change)
    schedules.publish_due()
    schedules.publish_due()

    change.refresh_from_db()
    assert change.state == State.PUBLISHED
    entries = change.ledger.filter(action=Action.PUBLISH)
    assert [entry.actor for entry in entries] == [None]
    assert entries[0].data["scheduled_by"] == cast.ana.pk
    assert live(cast).number == 2


def test_withdrawn_change_is_not_published_by_its_old_schedule(cast):
    change = reach(cast, "scheduled")
    due(change)
    take(change, Action.WITHDRAW, cast.mei)

    schedules.publish_due()

    assert live(cast).number == 1


def test_scheduled_change_that_no_longer_fits_goes_back_and_tells(cast):
    change = reach(cast, "scheduled")
    other = propose(cast, rename("Another welcome"))
    take(other, Action.SUBMIT, cast.mei)
    take(other, Action.APPROVE, cast.tom)
    take(other, Action.APPROVE, cast.ana)
    take(other, Action.PUBLISH, cast.ana)
    due(change)

    schedules.publish_due()

    change.refresh_from_db()
    assert change.state == State.APPROVED
    told = change.notifications.filter(kind=NotificationKind.FAILED)
    assert {notification.user for notification in told} == {cast.mei, cast.ana}


def test_due_change_that_breaks_does_not_hold_up_the_next(cast, monkeypatch):
    broken, sound = reach(cast, "scheduled"), propose(cast, later_wait())
    take(sound, Action.SUBMIT, cast.mei)
    take(sound, Action.APPROVE, cast.ana)
    take(sound, Action.SCHEDULE, cast.ana, publish_at=timezone.now() + timedelta(days=1))
    due(broken)
    due(sound)
    publish = services.publish_scheduled

    def stumble(*, number):
        if number == broken.number:
            raise RuntimeError("the disk is full")
        return publish(number=number)

    monkeypatch.setattr(services, "publish_scheduled", stumble)
    schedules.publish_due()

    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, sound.state) == (State.SCHEDULED, State.PUBLISHED)
    monkeypatch.undo()
    schedules.publish_due()
    broken.refresh_from_db()
    assert broken.state == State.PUBLISHED


def leaves(cast):
    cast.ana.is_active = False
    cast.ana.save(update_fields=["is_active"])


def loses_the_right(cast):
    grant = cast.journey.grants.get(user=cast.ana)
    granting.take_back(grant=grant, actor=None)


@pytest.mark.parametrize("happens", [leaves, loses_the_right])
def test_schedule_of_somebody_who_may_no_longer_publish_is_taken_back(cast, happens):
    change = reach(cast, "scheduled")
    happens(cast)
    due(change)

    schedules.publish_due()
    schedules.publish_due()

    change.refresh_from_db()
    assert (change.state, change.scheduled_for) == (State.APPROVED, None)
    assert live(cast).number == 1
    entry = change.ledger.get(action=Action.UNSCHEDULE)
    assert entry.actor is None
    assert entry.reason
    told = change.notifications.filter(kind=NotificationKind.FAILED)
    assert cast.mei in {notification.user for notification in told}


@pytest.mark.parametrize("delay", [None, timedelta(seconds=-5)])
def test_schedule_needs_a_time_in_the_future(cast, delay):
    change = reach(cast, "approved")
    at = None if delay is None else timezone.now() + delay

    with pytest.raises(Invalid) as refused:
        services.take(action=Action.SCHEDULE, number=change.number, actor=cast.ana, publish_at=at)

    assert "publish_at" in refused.value.errors
