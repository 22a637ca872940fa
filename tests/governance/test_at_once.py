"""Two people at once: one wins, the other is told, and nothing happens twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cjops.core.errors import Conflict, DomainError, Stale
from governance import schedules, services
from governance.models import Change, LedgerEntry, Notification, Review
from governance.services.taking import Repeat
from governance.transitions import Action, State
from journeys.models import JourneyVersion
from tests.cast import build, propose, reach, rename, take
from tests.side_by_side import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return build()


def refusals(outcomes):
    return [type(outcome) for outcome in outcomes if isinstance(outcome, DomainError)]


@pytest.mark.parametrize(
    ("state", "action", "actor"),
    [
        ("draft", Action.SUBMIT, "mei"),
        ("in_review", Action.APPROVE, "tom"),
        ("in_review", Action.REQUEST_CHANGES, "tom"),
        ("in_review", Action.REJECT, "ana"),
        ("in_review", Action.WITHDRAW, "mei"),
        ("approved", Action.PUBLISH, "ana"),
    ],
)
def test_of_two_clicks_one_counts(cast, state, action, actor):
    change = reach(cast, state)

    def click():
        return services.take(
            action=action, number=change.number, actor=cast.named(actor), comment="Because"
        )

    outcomes = at_once(click, click)

    assert refusals(outcomes) == [Conflict]
    assert change.ledger.filter(action=action).count() == 1


def test_two_publishers_make_two_versions_in_a_row(cast):
    first, second = (
        reach(cast, "approved"),
        propose(
            cast, {"op": "update", "element": "steps", "key": "wait", "fields": {"wait": "P3D"}}
        ),
    )
    take(second, Action.SUBMIT, cast.mei)
    take(second, Action.APPROVE, cast.ana)

    outcomes = at_once(
        *(
            lambda number=change.number: services.take(
                action=Action.PUBLISH, number=number, actor=cast.ana
            )
            for change in (first, second)
        )
    )

    assert refusals(outcomes) == []
    chain = list(JourneyVersion.objects.filter(subject=cast.journey).order_by("number"))
    assert [version.number for version in chain] == [1, 2, 3]
    assert [version.parent_digest for version in chain[1:]] == [v.digest for v in chain[:-1]]


def test_rebase_and_publication_of_one_change_at_once_leave_one_outcome(cast):
    change = reach(cast, "approved")
    other = propose(
        cast, {"op": "update", "element": "steps", "key": "wait", "fields": {"wait": "P3D"}}
    )
    take(other, Action.SUBMIT, cast.mei)
    take(other, Action.APPROVE, cast.ana)
    take(other, Action.PUBLISH, cast.ana)

    outcomes = at_once(
        lambda: services.take(action=Action.REBASE, number=change.number, actor=cast.mei),
        lambda: services.take(action=Action.PUBLISH, number=change.number, actor=cast.ana),
    )

    # Whichever comes first: what is published is not rebased, what is rebased is still published.
    assert refusals(outcomes) in ([], [Conflict])
    change.refresh_from_db()
    assert (change.state, change.published_number) == (State.PUBLISHED, 3)
    chain = list(JourneyVersion.objects.filter(subject=cast.journey).order_by("number"))
    assert [version.parent_digest for version in chain[1:]] == [v.digest for v in chain[:-1]]
    steps = {step["key"]: step for step in chain[-1].document["steps"]}
    assert (steps["welcome-email"]["name"], steps["wait"]["wait"]) == ("A warm welcome", "P3D")


def test_two_approvals_at_once_both_count_and_approve_once(cast):
    change = reach(cast, "in_review")

    outcomes = at_once(
        *(
            lambda actor=actor: services.take(
                action=Action.APPROVE, number=change.number, actor=actor
            )
            for actor in (cast.tom, cast.ana)
        )
    )

    assert refusals(outcomes) == []
    change.refresh_from_db()
    assert change.state == State.APPROVED
    assert change.ledger.filter(to_state=State.APPROVED).count() == 1


def test_two_edits_from_the_same_digest_one_is_stale(cast):
    change = propose(cast)

    def save(name):
        return lambda: services.edit_change(
            number=change.number,
            actor=cast.mei,
            edits=[rename(name)],
            expected_digest=change.digest,
        )

    assert refusals(at_once(save("One"), save("Two"))) == [Stale]


def test_two_beats_publish_a_due_change_once(cast):
    change = reach(cast, "scheduled")
    Change.objects.filter(pk=change.pk).update(scheduled_for=timezone.now() - timedelta(1))

    at_once(schedules.publish_due, schedules.publish_due)

    assert change.ledger.filter(action=Action.PUBLISH).count() == 1
    assert JourneyVersion.objects.filter(subject=cast.journey).count() == 2


def test_repeated_request_returns_the_first_entry(cast):
    change = reach(cast, "in_review")
    repeat = Repeat("a-key", "f" * 64)

    def approve():
        return services.take(
            action=Action.APPROVE, number=change.number, actor=cast.tom, repeat=repeat
        )

    outcomes = at_once(approve, approve)

    assert outcomes[0] == outcomes[1]
    assert Review.objects.filter(change=change).count() == 1


def test_same_key_for_another_request_is_refused(cast):
    change = reach(cast, "in_review")
    services.take(
        action=Action.APPROVE,
        number=change.number,
        actor=cast.tom,
        repeat=Repeat("a-key", "f" * 64),
    )

    with pytest.raises(Conflict):
        services.take(
            action=Action.APPROVE,
            number=change.number,
            actor=cast.tom,
            repeat=Repeat("a-key", "e" * 64),
        )


def test_refused_step_tells_nobody(cast):
    change = reach(cast, "in_review")
    told, entries = Notification.objects.count(), LedgerEntry.objects.count()

    with pytest.raises(DomainError):
        services.take(action=Action.APPROVE, number=change.number, actor=cast.mei)

    assert (Notification.objects.count(), LedgerEntry.objects.count()) == (told, entries)
