"""Ways around the people whose decision counts, each of them closed."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

import people.leaving
import people.services
from cjops.core.errors import Conflict, Forbidden, Invalid
from governance import queries, schedules
from governance.models import LedgerEntry
from governance.ruling.definitions import complete, load
from governance.ruling.evaluating import Rule, covers
from governance.services import delegate, edit_change, reask, take
from governance.transitions import Action, State
from people.models import Team, User
from tests.cast import propose, reach, rename, wait_for
from tests.cast import take as taken
from tests.governance.enforcing import enforce, leaf, need, only, policy

JUN = [{"people": ["jun@bank.example"]}]
ANA = [{"people": ["ana@bank.example"]}]
TEAM = [{"team": "email"}]


def hand_on(cast, giver, taker, by=None):
    now = timezone.now()
    return delegate(
        giver=cast.named(giver),
        taker=cast.named(taker),
        actor=cast.named(by or giver),
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=1),
    )


def as_of_now(user):
    return User.objects.get(pk=user.pk)


def submitted(cast, *edits, by="mei"):
    change = propose(cast, *edits, by=by)
    taken(change, Action.SUBMIT, cast.named(by))
    return change


def leave(cast, *names):
    for name in names:
        people.services.remove_membership(
            team=Team.objects.get(key="email"), user=cast.named(name), actor=cast.omar
        )


# --- policies and facts that change ------------------------------------------------------------


def test_approval_under_the_same_key_does_not_count_for_other_people(cast):
    only(policy("content", need("content", reviewers=TEAM)))
    change = submitted(cast)
    taken(change, Action.APPROVE, cast.tom)
    enforce(policy("content", need("content", reviewers=JUN)))

    with pytest.raises(Conflict):
        take(action=Action.PUBLISH, number=change.number, actor=cast.ana)

    change.refresh_from_db()
    assert change.state == State.IN_REVIEW
    taken(change, Action.APPROVE, cast.jun)
    assert change.state == State.APPROVED


def test_it_does_not_count_again_when_the_change_is_submitted_anew(cast):
    only(policy("content", need("content", reviewers=TEAM)))
    change = submitted(cast)
    taken(change, Action.APPROVE, cast.tom)
    enforce(policy("content", need("content", reviewers=JUN)))
    reask(number=change.number)
    change.refresh_from_db()
    taken(change, Action.REQUEST_CHANGES, cast.jun, comment="Shorter")

    taken(change, Action.SUBMIT, cast.mei)

    assert change.state == State.IN_REVIEW


def test_another_version_that_asks_the_same_people_keeps_approvals(cast):
    only(policy("content", need("content", reviewers=TEAM)))
    change = submitted(cast)
    taken(change, Action.APPROVE, cast.tom)
    enforce(policy("content", need("content", reviewers=TEAM, hours=5), name="Other words"))

    taken(change, Action.PUBLISH, cast.ana)

    assert change.state == State.PUBLISHED


def test_what_goes_live_on_a_weekend_is_asked_about_then(cast):
    enforce(policy("weekend", need("weekend", reviewers=JUN), when=leaf("weekend", "is", True)))
    with patch("governance.freezes.is_off", return_value=False):
        change = reach(cast, "approved")

    with (
        patch("governance.freezes.is_off", return_value=True),
        pytest.raises(Conflict),
    ):
        take(action=Action.PUBLISH, number=change.number, actor=cast.ana)

    change.refresh_from_db()
    assert change.state == State.IN_REVIEW


def test_scheduled_change_is_asked_about_when_its_time_is_a_weekend(cast):
    enforce(policy("weekend", need("weekend", reviewers=JUN), when=leaf("weekend", "is", True)))
    with patch("governance.freezes.is_off", return_value=False):
        change = reach(cast, "scheduled")
    type(change).objects.filter(pk=change.pk).update(scheduled_for=timezone.now())

    with patch("governance.freezes.is_off", return_value=True):
        schedules.publish_due()

    change.refresh_from_db()
    assert change.state == State.IN_REVIEW


def test_weekend_that_passes_by_is_no_news(cast):
    enforce(policy("weekend", need("weekend", reviewers=JUN), when=leaf("weekend", "is", True)))
    with patch("governance.freezes.is_off", return_value=False):
        change = reach(cast, "in_review")
    asked, before = timezone.now(), LedgerEntry.objects.count()

    with patch("governance.freezes.is_off", side_effect=lambda moment, _zone: moment > asked):
        schedules.retake_all()

    assert LedgerEntry.objects.count() == before
    assert change.requirements.filter(key="weekend").count() == 0


def test_stewards_alone_are_no_catch_all():
    only_stewards = policy("s", need("s", reviewers=[{"stewards": True}]))
    rules = [Rule(load(complete(only_stewards)), 1)]

    assert not covers(rules, {"subject": frozenset({"journey"})})


# --- standing in -----------------------------------------------------------------------------


def test_author_in_the_middle_of_a_chain_chooses_nobody(cast):
    only(policy("content", need("content", reviewers=ANA)))
    hand_on(cast, "ana", "mei")
    hand_on(cast, "mei", "jun")
    change = submitted(cast)
    jun = as_of_now(cast.jun)

    assert not queries.waiting_for(jun).filter(pk=change.pk).exists()
    with pytest.raises(Forbidden):
        take(action=Action.APPROVE, number=change.number, actor=jun)


def test_governance_lead_hands_nobodys_decisions_to_themselves(cast):
    with pytest.raises(Invalid):
        hand_on(cast, "ana", "omar", by="omar")


def test_author_who_arranged_it_for_somebody_else_gains_nothing_by_it(cast):
    only(policy("content", need("content", reviewers=ANA)))
    hand_on(cast, "ana", "jun", by="omar")
    change = submitted(cast, by="omar")

    with pytest.raises(Forbidden):
        take(action=Action.APPROVE, number=change.number, actor=as_of_now(cast.jun))


def test_governance_lead_names_nobody_for_their_own_change(cast):
    only(policy("content", need("content", reviewers=TEAM)))
    change = submitted(cast, by="omar")
    leave(cast, "tom", "nora")
    reask(number=change.number)

    with pytest.raises(Forbidden):
        take(
            action=Action.APPOINT,
            number=change.number,
            actor=cast.omar,
            comment="Nobody is there",
            requirement="content",
            person="jun@bank.example",
        )


def test_request_for_changes_names_both(cast):
    hand_on(cast, "tom", "jun")
    change = submitted(cast)

    entry = taken(change, Action.REQUEST_CHANGES, as_of_now(cast.jun), comment="Shorter")

    assert change.reviews.get().on_behalf_of == cast.tom
    entry.refresh_from_db()
    assert entry.data["on_behalf_of"] == {str(cast.tom.pk): ["steward:email"]}


# --- people who left -----------------------------------------------------------------------------


def test_standing_approval_keeps_a_decision_from_being_stuck(cast):
    only(policy("two", need("two", reviewers=TEAM, quorum=2)))
    change = submitted(cast)
    taken(change, Action.APPROVE, cast.tom)
    leave(cast, "tom")

    reask(number=change.number)

    assert change.requirements.get().stuck_at is None
    taken(change, Action.APPROVE, cast.nora)
    assert change.state == State.APPROVED


def test_approved_change_goes_live_though_those_who_approved_have_left(cast):
    change = reach(cast, "approved")
    leave(cast, "tom", "nora")
    other = propose(cast, wait_for(9))
    taken(other, Action.SUBMIT, cast.mei)
    taken(other, Action.APPROVE, cast.ana)
    taken(other, Action.PUBLISH, cast.ana)

    taken(change, Action.PUBLISH, cast.ana)

    assert change.state == State.PUBLISHED


def test_decision_made_when_it_was_late_outlives_another_policy(cast):
    only(
        policy(
            "owner",
            need(
                "owner",
                leavers="fall",
                escalate={"after": 0, "to": [{"team_kind": "journey_operations"}]},
            ),
        )
    )
    change = submitted(cast, wait_for(9))
    change.requirements.update(escalate_at=timezone.now())
    schedules.remind_and_escalate()
    taken(change, Action.APPROVE, cast.omar)
    enforce(policy("legal", need("legal", reviewers=JUN)))

    reask(number=change.number)

    waiting = change.requirements.filter(met_at=None)
    assert [one.key for one in waiting] == ["legal"]


# --- after the glass was broken -----------------------------------------------------------------


def test_edited_roll_back_does_not_end_the_review_of_what_it_keeps(cast):
    only(policy("content", need("content", reviewers=JUN)))
    change = propose(cast)
    taken(change, Action.BREAK_GLASS, cast.omar, comment="Now")
    taken(change, Action.ROLL_BACK, cast.ana, comment="Back")
    back = change.reverted_by.get()
    taken(back, Action.REQUEST_CHANGES, cast.jun, comment="Keep the name")
    edit_change(number=back.number, actor=cast.ana, edits=[rename("A warm welcome"), wait_for(9)])
    back.refresh_from_db()
    taken(back, Action.SUBMIT, cast.ana)
    taken(back, Action.APPROVE, cast.jun)

    taken(back, Action.PUBLISH, cast.ana)

    change.refresh_from_db()
    assert change.after_review_due_at is not None


def test_governance_leads_look_at_it_when_nobody_is_left(cast):
    only(policy("content", need("content", reviewers=JUN)))
    change = propose(cast)
    taken(change, Action.BREAK_GLASS, cast.omar, comment="Now")
    people.leaving.deactivate(person=cast.jun.pk, actor=cast.omar)
    people.services.create_person(
        email="lea@bank.example", name="Lea", actor=None, is_superuser=True
    )

    schedules.retake_all()

    lea = User.objects.get(email="lea@bank.example")
    assert queries.waiting_for(lea).filter(pk=change.pk).exists()
    taken(change, Action.STAND_BY, lea)
    assert change.after_review_due_at is None
