"""Somebody can always go on: nobody is asked in vain, and where nobody is left that is said."""

import pytest
from django.contrib.auth.models import Permission

import people.services
from cjops.core.errors import Conflict
from governance import queries
from governance.models import Halt, LedgerEntry, Notification
from governance.policies import can
from governance.services import halt, reask, take
from governance.services.breaking import LOOK_BACK, mind_after_review
from governance.transitions import Action, State
from journeys.models import Journey
from people import granting
from people.models import Channel, Role, Team, User
from tests.cast import propose, reach
from tests.cast import take as taken
from tests.governance.enforcing import need, only, policy
from tests.governance.test_who_may_decide import hand_on, submitted

FIRST_OVERLAPS = policy(
    "four-eyes",
    need("first", reviewers=[{"team": "email"}, {"owner": True}], distinct="eyes"),
    need("second", reviewers=[{"owner": True}], distinct="eyes"),
)
APART = policy(
    "four-eyes",
    need("first", reviewers=[{"team": "email"}], distinct="eyes"),
    need("second", reviewers=[{"owner": True}], distinct="eyes"),
)


def fresh(user):
    return User.objects.get(pk=user.pk)


def may(user, codename):
    user.user_permissions.add(Permission.objects.get(codename=codename))
    return fresh(user)


def unmet(change):
    rows = change.requirements.filter(revision=change.revision, met_at=None)
    return {one.key: one for one in rows}


def told(kind, change):
    rows = Notification.objects.filter(kind=kind, change=change).select_related("user")
    return {row.user.email.partition("@")[0] for row in rows}


def leave(cast, *names):
    for name in names:
        for team in Team.objects.filter(memberships__user=cast.named(name)):
            people.services.remove_membership(team=team, user=cast.named(name), actor=cast.omar)


# --- different people -----------------------------------------------------------------------------


def test_who_could_decide_twice_counts_where_nobody_else_could(cast):
    only(FIRST_OVERLAPS)
    change = submitted(cast)

    taken(change, Action.APPROVE, cast.ana)

    assert set(unmet(change)) == {"four-eyes.first"}
    assert queries.count_waiting(fresh(cast.tom)) == 1
    taken(change, Action.APPROVE, cast.tom)
    change.refresh_from_db()
    assert change.state == State.APPROVED


def test_the_page_says_that_somebody_else_has_to_decide(cast, client):
    only(FIRST_OVERLAPS)
    change = submitted(cast)
    taken(change, Action.APPROVE, cast.ana)
    client.force_login(cast.tom)
    page = client.get(f"/changes/{change.number}/").content.decode()
    assert "here somebody else has to decide" in page


def test_in_the_other_order_it_is_approved_as_well(cast):
    only(FIRST_OVERLAPS)
    change = submitted(cast)
    taken(change, Action.APPROVE, cast.nora)
    assert set(unmet(change)) == {"four-eyes.second"}
    taken(change, Action.APPROVE, cast.ana)
    change.refresh_from_db()
    assert change.state == State.APPROVED


def test_one_of_the_different_people_does_not_stand_in_for_another(cast):
    only(APART)
    hand_on(cast, "ana", "tom")
    change = submitted(cast)

    taken(change, Action.APPROVE, fresh(cast.tom))

    assert set(unmet(change)) == {"four-eyes.second"}
    assert queries.count_waiting(fresh(cast.tom)) == 0
    assert not can(fresh(cast.tom), change, Action.APPROVE)
    assert queries.count_waiting(cast.ana) == 1
    taken(change, Action.APPROVE, cast.ana)
    change.refresh_from_db()
    assert change.state == State.APPROVED


def test_who_is_none_of_them_may_stand_in(cast):
    only(APART)
    hand_on(cast, "ana", "tom")
    change = submitted(cast)
    taken(change, Action.APPROVE, cast.nora)
    assert queries.count_waiting(fresh(cast.tom)) == 1
    taken(change, Action.APPROVE, fresh(cast.tom))
    change.refresh_from_db()
    assert change.state == State.APPROVED


# --- nobody is left -------------------------------------------------------------------------------


def test_decision_that_moved_to_an_empty_place_is_told_at_once(cast):
    only(policy("x", need("x", reviewers=[{"team": "email"}])))
    change = submitted(cast)
    taken(change, Action.APPROVE, cast.tom)
    leave(cast, "jun")
    only(policy("x", need("x", reviewers=[{"team": "sms"}])))

    entry = reask(number=change.number)

    change.refresh_from_db()
    assert change.state == State.IN_REVIEW
    assert entry.data["stuck"] == ["x"]
    assert unmet(change)["x"].stuck_at is not None
    assert {"mei", "omar"} <= told("stuck", change)
    # Once.
    assert reask(number=change.number) is None
    assert unmet(change)["x"].stuck_at is not None


def test_resubmitting_such_a_change_is_refused(cast):
    only(policy("x", need("x", reviewers=[{"team": "email"}]), need("y")))
    change = submitted(cast)
    taken(change, Action.APPROVE, cast.tom)
    take(action=Action.REQUEST_CHANGES, number=change.number, actor=cast.ana, comment="Shorter.")
    leave(cast, "jun")
    only(policy("x", need("x", reviewers=[{"team": "sms"}]), need("y")))
    with pytest.raises(Conflict, match="Nobody may decide") as refused:
        taken(change, Action.SUBMIT, cast.mei)
    assert refused.value.code == "nobody_eligible"


def test_roll_back_that_nobody_could_decide_on_stays_as_a_draft(cast):
    change = reach(cast, "published")
    only(policy("x", need("x", reviewers=[{"people": ["ana@bank.example"]}])))

    entry = take(action=Action.ROLL_BACK, number=change.number, actor=cast.ana, comment="Wrong.")

    back = change.reverted_by.get()
    assert (back.state, entry.data["refused"]) == (State.DRAFT, "nobody_eligible")
    assert "omar" in told("stuck", back)


# --- a stop is never gated ------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["", "welcome-email"])
def test_what_is_paused_can_be_stopped_at_once(cast, step):
    key = cast.journey.key
    halt(journey_key=key, kind="pause", step=step, actor=cast.omar)
    halt(journey_key=key, kind="stop", step=step, actor=cast.ana)
    first, second = Halt.objects.order_by("pk")
    assert (first.ended_by, second.ended_at, second.kind) == (cast.ana, None, "stop")
    assert LedgerEntry.objects.latest("pk").action == Action.STOP


@pytest.mark.parametrize(("first", "second"), [("pause", "pause"), ("stop", "pause")])
def test_the_same_again_or_less_is_refused(cast, first, second):
    halt(journey_key=cast.journey.key, kind=first, actor=cast.omar)
    with pytest.raises(Conflict, match="halted already"):
        halt(journey_key=cast.journey.key, kind=second, actor=cast.ana)


# --- looked at afterwards -------------------------------------------------------------------------


def broken(cast, *definitions, by):
    only(*definitions)
    change = propose(cast)
    take(action=Action.BREAK_GLASS, number=change.number, actor=may(by, "break_glass"), comment="!")
    change.refresh_from_db()
    return change


def test_who_broke_the_glass_is_not_asked_to_look_at_it(cast):
    change = broken(cast, policy("x", need("x", reviewers=[{"team": "email"}])), by=cast.nora)
    assert queries.count_waiting(fresh(cast.nora)) == 0
    assert queries.count_waiting(fresh(cast.tom)) == 1
    assert not can(fresh(cast.nora), change, Action.STAND_BY)


def test_only_those_look_at_it_who_see_it(cast):
    Journey.objects.filter(pk=cast.journey.pk).update(is_restricted=True)
    may(cast.zoe, "manage_policies")
    User.objects.filter(pk=cast.omar.pk).update(is_superuser=True)
    by_omar = policy("x", need("x", reviewers=[{"people": ["ana@bank.example"]}]))
    change = broken(cast, by_omar, by=cast.ana)
    asked = change.requirements.get(key=LOOK_BACK)
    assert {source.user for source in asked.sources.all()} == {cast.omar}


def test_successors_look_at_it_where_those_named_are_gone(cast):
    User.objects.filter(is_superuser=True).update(is_superuser=False)
    cast.omar.user_permissions.clear()
    cast.omar.groups.clear()
    may(cast.zoe, "manage_policies")
    role = Role.objects.get(key="viewer")
    granting.give(on=granting.on(cast.journey), role=role, user=cast.zoe, actor=cast.omar)
    change = broken(cast, policy("x", need("x", reviewers=[{"people": ["ana@bank.example"]}])),
                    by=cast.ana)  # fmt: skip
    User.objects.filter(pk=cast.zoe.pk).update(is_active=False)
    assert mind_after_review(number=change.number)
    may(cast.tom, "manage_policies")

    mind_after_review(number=change.number)

    assert can(fresh(cast.tom), change, Action.STAND_BY)
    assert "tom" in told("after_review", change)
    taken(change, Action.STAND_BY, fresh(cast.tom))
    change.refresh_from_db()
    assert change.after_review_due_at is None


def test_a_second_place_without_people_is_told_without_telling_twice(cast):
    people_of = [{"people": ["tom@bank.example"]}, {"people": ["nora@bank.example"]}]
    needs = [need(f"n{place}", reviewers=[who]) for place, who in enumerate(people_of)]
    change = broken(cast, policy("x", *needs), by=cast.ana)
    for name in ("tom", "nora"):
        User.objects.filter(pk=cast.named(name).pk).update(is_active=False)
        assert mind_after_review(number=change.number)
    assert Notification.objects.filter(kind="stuck", change=change, user=cast.omar).count() == 1


# --- whoever is away ------------------------------------------------------------------------------


def test_stand_ins_are_told_as_well(cast):
    only(policy("x", need("x")))
    hand_on(cast, "ana", "jun")
    change = submitted(cast)
    assert told("decision_wanted", change) == {"ana", "jun"}


def test_stand_ins_for_something_else_are_not(cast):
    only(policy("x", need("x")))
    hand_on(cast, "ana", "jun", channel=Channel.objects.get(key="sms"))
    change = submitted(cast)
    assert told("decision_wanted", change) == {"ana"}
