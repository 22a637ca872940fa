"""Who decides, asked again when policies or people are others, and told to whom it concerns."""

from datetime import timedelta

import pytest
from django.utils import timezone

import people.services
from cjops.core.errors import Conflict, Forbidden, Invalid
from governance import queries, schedules
from governance.models import Appointment, LedgerEntry, Notification, Requirement
from governance.services import escalate, reask, remind, take, to_escalate, to_remind
from governance.transitions import Action, State
from people import granting
from people.models import MembershipRole, Team
from tests.cast import propose, reach, wait_for
from tests.cast import take as taken
from tests.governance.enforcing import enforce, need, only, policy

LEGAL = policy("legal", need("legal", reviewers=[{"people": ["jun@bank.example"]}]))


def keys(change):
    return {one.key for one in change.requirements.filter(revision=change.revision)}


def told(kind):
    rows = Notification.objects.filter(kind=kind).select_related("user")
    return {row.user.email.partition("@")[0] for row in rows}


def leave(cast, *names):
    """These people leave the e-mail team."""
    team = Team.objects.get(key="email")
    for name in names:
        people.services.remove_membership(team=team, user=cast.named(name), actor=cast.omar)


def test_new_policy_asks_for_more_and_keeps_what_was_decided(cast):
    change = reach(cast, "approved")
    enforce(LEGAL)

    entry = reask(number=change.number)

    change.refresh_from_db()
    assert change.state == State.IN_REVIEW
    assert entry.data["added"] == ["legal"]
    met = {one.key for one in change.requirements.all() if one.met_at}
    assert met == {"steward:email", "owner"}
    assert "jun" in told("decision_wanted")
    assert told("retaken") == {"mei", "tom", "ana"}


def test_ended_policy_takes_its_question_back_and_the_change_is_approved(cast):
    enforce(LEGAL)
    change = reach(cast, "approved")
    assert change.state == State.IN_REVIEW
    only(*[row.active.definition for row in queries_policies() if row.key != "legal"])

    entry = reask(number=change.number)

    change.refresh_from_db()
    assert change.state == State.APPROVED
    assert entry.data["removed"] == ["legal"]


def queries_policies():
    from governance.models import Policy  # noqa: PLC0415

    return list(Policy.objects.filter(active__isnull=False).select_related("active"))


def test_same_policies_leave_no_trace(cast):
    change = reach(cast, "in_review")
    before = LedgerEntry.objects.count()

    assert reask(number=change.number) is None
    assert LedgerEntry.objects.count() == before


def test_scheduled_change_leaves_the_calendar_when_more_is_asked(cast):
    change = reach(cast, "scheduled")
    enforce(LEGAL)

    reask(number=change.number)

    change.refresh_from_db()
    assert (change.state, change.scheduled_for) == (State.IN_REVIEW, None)


def test_stale_approval_is_not_published_before_the_worker_came(cast):
    """A policy was activated and its task is still waiting: publishing asks first."""
    change = reach(cast, "approved")
    enforce(LEGAL)

    with pytest.raises(Conflict):
        take(action=Action.PUBLISH, number=change.number, actor=cast.ana)

    change.refresh_from_db()
    assert change.state == State.IN_REVIEW


def test_due_change_is_not_published_by_old_policies(cast):
    change = reach(cast, "scheduled")
    type(change).objects.filter(pk=change.pk).update(scheduled_for=timezone.now())
    enforce(LEGAL)

    schedules.publish_due()

    change.refresh_from_db()
    assert change.state == State.IN_REVIEW


def test_change_that_no_policy_is_about_any_more_waits(cast):
    change = reach(cast, "approved")
    only()

    entry = reask(number=change.number)

    change.refresh_from_db()
    assert change.state == State.IN_REVIEW
    assert entry.data["blocked"] is True
    assert told("stuck") == {"mei", "omar"}
    with pytest.raises(Conflict):
        take(action=Action.PUBLISH, number=change.number, actor=cast.ana)


def test_team_that_lost_its_last_lead_is_told_of_at_once(cast):
    change = reach(cast, "in_review")
    leave(cast, "tom", "nora")

    schedules.mind_places(teams=[Team.objects.get(key="email").pk])

    requirement = change.requirements.get(key="steward:email")
    assert requirement.stuck_at is not None
    assert told("stuck") == {"mei", "omar"}


def test_it_is_told_once(cast):
    change = reach(cast, "in_review")
    leave(cast, "tom", "nora")
    reask(number=change.number)
    before = Notification.objects.count()

    assert reask(number=change.number) is None
    assert Notification.objects.count() == before


def test_new_lead_ends_it(cast):
    change = reach(cast, "in_review")
    leave(cast, "tom", "nora")
    reask(number=change.number)
    team = Team.objects.get(key="email")
    people.services.set_membership(
        team=team, user=cast.tom, role=MembershipRole.LEAD, actor=cast.omar
    )

    schedules.mind_places(teams=[team.pk])

    assert change.requirements.get(key="steward:email").stuck_at is None


def test_submitting_what_nobody_could_decide_tells_governance_leads_once(cast):
    leave(cast, "tom", "nora")
    change = propose(cast)

    for _time in range(2):
        with pytest.raises(Conflict) as refused:
            take(action=Action.SUBMIT, number=change.number, actor=cast.mei)

    assert refused.value.code == "nobody_eligible"
    assert Notification.objects.filter(kind="stuck").count() == 1
    assert told("stuck") == {"omar"}


def test_role_taken_away_falls_back_on_operations(cast):
    change = propose(cast, wait_for(9))
    taken(change, Action.SUBMIT, cast.mei)
    grant = cast.journey.grants.get(user=cast.ana)
    granting.take_back(grant=grant, actor=cast.omar)

    reask(number=change.number)

    assert keys(change) == {"owner/otherwise"}


# --- appointing ------------------------------------------------------------------------------


def stuck(cast):
    change = reach(cast, "in_review")
    leave(cast, "tom", "nora")
    reask(number=change.number)
    change.refresh_from_db()
    return change


def appoint(cast, change, person="jun@bank.example", by="omar", key="steward:email"):
    return take(
        action=Action.APPOINT,
        number=change.number,
        actor=cast.named(by),
        comment="The team has no lead this week",
        requirement=key,
        person=person,
    )


def test_governance_lead_names_somebody_who_then_decides(cast):
    change = stuck(cast)

    entry = appoint(cast, change)
    taken(change, Action.APPROVE, cast.jun)

    assert entry.data == {"requirement": "steward:email", "person": cast.jun.pk}
    assert change.requirements.get(key="steward:email").met_at is not None
    assert "jun" in told("appointed")


def test_who_was_named_stays_named_when_it_is_asked_anew(cast):
    change = stuck(cast)
    appoint(cast, change)
    enforce(LEGAL)

    reask(number=change.number)

    able = queries.deciders(
        list(change.requirements.filter(key="steward:email").prefetch_related("sources")), change
    )
    assert [user.name for users in able.values() for user in users] == ["Jun"]


@pytest.mark.parametrize(
    ("person", "field"),
    [
        ("omar@bank.example", "person"),
        ("mei@bank.example", "person"),
        ("zoe@bank.example", "person"),
        ("nobody@bank.example", "person"),
    ],
)
def test_nobody_names_themselves_an_editor_or_somebody_who_does_not_see_it(cast, person, field):
    change = stuck(cast)

    with pytest.raises(Invalid) as refused:
        appoint(cast, change, person)

    assert field in refused.value.errors
    assert not Appointment.objects.exists()


def test_only_a_governance_lead_names_somebody(cast):
    change = stuck(cast)

    with pytest.raises(Forbidden):
        appoint(cast, change, by="ana")


def test_nobody_is_named_where_somebody_may_decide(cast):
    change = reach(cast, "in_review")

    with pytest.raises(Conflict) as refused:
        appoint(cast, change)

    assert refused.value.code == "not_stuck"


# --- leavers ---------------------------------------------------------------------------------


def leaver(cast, **said):
    only(
        policy("steward", need("steward", reviewers=[{"team": "email"}], **said)),
        policy("owner", need("owner")),
    )
    return reach(cast, "approved")


def test_approval_of_somebody_who_left_stands_by_default(cast):
    change = leaver(cast)
    leave(cast, "tom")

    reask(number=change.number)

    change.refresh_from_db()
    assert change.state == State.APPROVED


def test_approval_of_somebody_who_left_falls_where_the_policy_says_so(cast):
    change = leaver(cast, leavers="fall")
    leave(cast, "tom")

    reask(number=change.number)

    change.refresh_from_db()
    assert change.state == State.IN_REVIEW
    assert change.requirements.get(key="steward").met_at is None


def test_fallen_approval_is_not_published_before_the_worker_came(cast):
    change = leaver(cast, leavers="fall")
    leave(cast, "tom")

    with pytest.raises(Conflict):
        take(action=Action.PUBLISH, number=change.number, actor=cast.ana)


# --- time ------------------------------------------------------------------------------------


def past(change, **fields):
    """As if so much time had gone by."""
    Requirement.objects.filter(change=change).update(**fields)


def test_reminder_goes_once_to_those_who_have_not_decided(cast):
    only(policy("two", need("two", reviewers=[{"team": "email"}], quorum=2, remind_after=4)))
    change = propose(cast)
    taken(change, Action.SUBMIT, cast.mei)
    taken(change, Action.APPROVE, cast.tom)
    assert not to_remind().exists()
    past(change, remind_at=timezone.now() - timedelta(minutes=1))

    schedules.remind_and_escalate()
    schedules.remind_and_escalate()

    assert told("reminder") == {"nora"}
    assert Notification.objects.filter(kind="reminder").count() == 1
    assert remind(requirement=change.requirements.get().pk) is None


def test_late_decision_is_handed_to_others_as_well(cast):
    change = propose(cast, wait_for(9))
    taken(change, Action.SUBMIT, cast.mei)
    with pytest.raises(Forbidden):
        take(action=Action.APPROVE, number=change.number, actor=cast.omar)
    past(change, escalate_at=timezone.now() - timedelta(minutes=1))
    assert to_escalate().count() == 1

    schedules.remind_and_escalate()

    entry = LedgerEntry.objects.get(action=Action.ESCALATE)
    assert entry.actor is None
    assert entry.data["people"] == [cast.omar.pk]
    assert told("escalated") == {"mei", "omar"}
    taken(change, Action.APPROVE, cast.omar)
    assert change.state == State.APPROVED
    assert escalate(requirement=change.requirements.get().pk) is None


def test_hours_are_counted_on_the_calendar_of_the_team(cast):
    only(policy("steward", need("steward", reviewers=[{"stewards": True}], hours=16)))
    team = Team.objects.get(key="email")
    team.calendar = _weekdays()
    people.services.save_team(team=team, actor=cast.omar)
    change = propose(cast)

    taken(change, Action.SUBMIT, cast.mei)

    due = change.requirements.get().due_at
    # Two working days of eight hours: never sooner than a night in between.
    assert due - timezone.now() > timedelta(hours=24)
    assert due.isoweekday() <= 5
    assert change.due_at == due


def _weekdays():
    from people.models import WorkingCalendar  # noqa: PLC0415

    return WorkingCalendar.objects.create(key="office", name="Office")


def test_rounds_open_one_after_the_other(cast):
    only(
        policy("steward", need("steward", reviewers=[{"stewards": True}])),
        policy("owner", need("owner", round=2)),
    )
    change = propose(cast)
    taken(change, Action.SUBMIT, cast.mei)
    assert not change.notifications.filter(user=cast.ana).exists()
    assert change.requirements.get(key="owner").due_at is None

    taken(change, Action.APPROVE, cast.tom)

    later = change.requirements.get(key="owner")
    assert later.opened_at is not None
    assert change.notifications.filter(user=cast.ana, kind="decision_wanted").exists()
    assert change.due_at == later.due_at
