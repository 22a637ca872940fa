"""Who may approve, through pages and API alike: editors, stand-ins, rounds, different people.

Each row prepares a change under review and says how an approval by somebody ends: both doors give
the same answer, and after a refusal nothing has changed.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import people.services
from cjops.core.errors import Conflict
from governance import queries
from governance.models import Change, LedgerEntry, Review
from governance.services import delegate, edit_change, end_delegation, take
from governance.transitions import Action, State
from people import granting
from people.models import Channel, MembershipRole, Role, Team, User
from tests.api.conftest import ApiClient
from tests.cast import Cast, propose, rename
from tests.cast import take as taken
from tests.governance.enforcing import enforce, need, only, policy

DAY = timedelta(days=1)
TWO_OF_TEAM = policy("two", need("two", reviewers=[{"team": "email"}], quorum=2))
SIX_EYES = policy(
    "six-eyes",
    need("first", reviewers=[{"team": "email"}], distinct="six-eyes"),
    need("second", reviewers=[{"team": "email"}, {"owner": True}], distinct="six-eyes"),
)
LATER = policy("later", need("owner", round=2))


def submitted(cast: Cast, *edits: dict[str, Any], by: str = "mei") -> Change:
    change = propose(cast, *edits, by=by)
    taken(change, Action.SUBMIT, cast.named(by))
    return change


def hand_on(cast: Cast, giver: str, taker: str, **said: Any) -> Any:
    now = timezone.now()
    times = {"starts_at": now - DAY, "ends_at": now + DAY} | said
    user = cast.named(giver)
    return delegate(giver=user, taker=cast.named(taker), actor=user, **times)


def plain(cast: Cast) -> Change:
    return submitted(cast)


def edited_by_tom(cast: Cast) -> Change:
    change = propose(cast)
    edit_change(number=change.number, actor=cast.tom, edits=[rename("By Tom")])
    change.refresh_from_db()
    taken(change, Action.SUBMIT, cast.mei)
    return change


def edited_by_tom_once(cast: Cast) -> Change:
    """Tom's revision is not the last one: his work is still in it."""
    change = propose(cast)
    edit_change(number=change.number, actor=cast.tom, edits=[rename("By Tom")])
    edit_change(number=change.number, actor=cast.mei, edits=[rename("By Mei again")])
    change.refresh_from_db()
    taken(change, Action.SUBMIT, cast.mei)
    return change


def approved_then_edited_by_tom(cast: Cast) -> Change:
    """The last-push rule: he approved, it came back, he edited, it is submitted once more."""
    change = submitted(cast)
    taken(change, Action.APPROVE, cast.tom)
    taken(change, Action.REQUEST_CHANGES, cast.ana, comment="Shorter")
    edit_change(number=change.number, actor=cast.tom, edits=[rename("By Tom")])
    change.refresh_from_db()
    taken(change, Action.SUBMIT, cast.mei)
    return change


def approved_by_tom(cast: Cast) -> Change:
    change = submitted(cast)
    taken(change, Action.APPROVE, cast.tom)
    return change


def tom_left(cast: Cast) -> Change:
    change = submitted(cast)
    people.services.remove_membership(
        team=Team.objects.get(key="email"), user=cast.tom, actor=cast.omar
    )
    return change


def tom_demoted(cast: Cast) -> Change:
    change = submitted(cast)
    people.services.set_membership(
        team=Team.objects.get(key="email"),
        user=cast.tom,
        role=MembershipRole.CONTRIBUTOR,
        actor=cast.omar,
    )
    return change


def zoe_joined(cast: Cast) -> Change:
    """A lead of the team from after the change was submitted on."""
    change = submitted(cast)
    people.services.set_membership(
        team=Team.objects.get(key="email"),
        user=cast.zoe,
        role=MembershipRole.LEAD,
        actor=cast.omar,
    )
    return change


def mei_became_manager(cast: Cast) -> Change:
    change = submitted(cast)
    role = Role.objects.get(key="journey-manager")
    granting.give(on=granting.on(cast.journey), role=role, user=cast.mei, actor=cast.omar)
    return change


def jun_for_tom(cast: Cast) -> Change:
    hand_on(cast, "tom", "jun")
    return submitted(cast)


def jun_for_tom_over(cast: Cast) -> Change:
    """The delegation ran out: as if it had been given some days ago."""
    made = hand_on(cast, "tom", "jun")
    type(made).objects.filter(pk=made.pk).update(ends_at=timezone.now() - timedelta(minutes=1))
    return submitted(cast)


def jun_for_tom_later(cast: Cast) -> Change:
    now = timezone.now()
    hand_on(cast, "tom", "jun", starts_at=now + DAY, ends_at=now + 2 * DAY)
    return submitted(cast)


def jun_for_tom_ended(cast: Cast) -> Change:
    end_delegation(pk=hand_on(cast, "tom", "jun").pk, actor=cast.tom)
    return submitted(cast)


def jun_for_tom_on_email(cast: Cast) -> Change:
    hand_on(cast, "tom", "jun", channel=Channel.objects.get(key="email"))
    return submitted(cast)


def jun_for_tom_on_sms(cast: Cast) -> Change:
    hand_on(cast, "tom", "jun", channel=Channel.objects.get(key="sms"))
    return submitted(cast)


def jun_for_tom_in_team(cast: Cast) -> Change:
    hand_on(cast, "tom", "jun", team=Team.objects.get(key="email"))
    return submitted(cast)


def jun_for_tom_in_other_team(cast: Cast) -> Change:
    hand_on(cast, "tom", "jun", team=Team.objects.get(key="web"))
    return submitted(cast)


def jun_for_ana_here(cast: Cast) -> Change:
    hand_on(cast, "ana", "jun", journey=cast.journey)
    return submitted(cast)


def mei_for_tom(cast: Cast) -> Change:
    """The author stands in for somebody who decides."""
    hand_on(cast, "tom", "mei")
    return submitted(cast)


def jun_for_tom_who_edited(cast: Cast) -> Change:
    hand_on(cast, "tom", "jun")
    return edited_by_tom(cast)


def jun_for_mei(cast: Cast) -> Change:
    """Whoever stands in for somebody who may not decide may not either."""
    hand_on(cast, "mei", "jun")
    return submitted(cast)


def jun_over_three(cast: Cast) -> Change:
    hand_on(cast, "ana", "omar")
    hand_on(cast, "omar", "ida")
    hand_on(cast, "ida", "jun")
    return submitted(cast)


def zoe_for_tom(cast: Cast) -> Change:
    """She does not see the journey."""
    hand_on(cast, "tom", "zoe")
    return submitted(cast)


def two_of_team(cast: Cast) -> Change:
    only(TWO_OF_TEAM)
    return submitted(cast)


def two_of_team_tom_did(cast: Cast) -> Change:
    change = two_of_team(cast)
    taken(change, Action.APPROVE, cast.tom)
    return change


def two_of_team_tom_for_nora(cast: Cast) -> Change:
    """Tom has approved himself: that he stands in for Nora makes him no second person."""
    only(TWO_OF_TEAM)
    hand_on(cast, "nora", "tom")
    change = submitted(cast)
    taken(change, Action.APPROVE, cast.tom)
    return change


def two_of_team_jun_for_tom(cast: Cast) -> Change:
    """Tom has approved himself: his stand-in makes no second person of him."""
    only(TWO_OF_TEAM)
    hand_on(cast, "tom", "jun")
    change = submitted(cast)
    taken(change, Action.APPROVE, cast.tom)
    return change


def six_eyes_tom_did(cast: Cast) -> Change:
    only(SIX_EYES)
    change = submitted(cast)
    taken(change, Action.APPROVE, cast.tom)
    return change


def owner_later(cast: Cast) -> Change:
    only(policy("steward", need("steward", reviewers=[{"stewards": True}])), LATER)
    return submitted(cast)


def owner_later_now(cast: Cast) -> Change:
    change = owner_later(cast)
    taken(change, Action.APPROVE, cast.tom)
    return change


Prepare = Callable[[Cast], Change]
# What it shows, how the change came about, who approves: status of the API, state afterwards.
ROWS: list[tuple[str, Prepare, str, int, State]] = [
    ("a lead of the channel's team", plain, "tom", 200, State.IN_REVIEW),
    ("the journey manager", plain, "ana", 200, State.IN_REVIEW),
    ("the author", plain, "mei", 403, State.IN_REVIEW),
    ("a lead of another team", plain, "jun", 403, State.IN_REVIEW),
    ("a superuser", plain, "omar", 403, State.IN_REVIEW),
    ("an auditor", plain, "ida", 403, State.IN_REVIEW),
    ("somebody who does not see it", plain, "zoe", 404, State.IN_REVIEW),
    ("an editor of the last revision", edited_by_tom, "tom", 403, State.IN_REVIEW),
    ("an editor of an earlier revision", edited_by_tom_once, "tom", 403, State.IN_REVIEW),
    ("the other lead, after that", edited_by_tom, "nora", 200, State.IN_REVIEW),
    ("who approved and then edited", approved_then_edited_by_tom, "tom", 403, State.IN_REVIEW),
    ("the same decision twice", approved_by_tom, "tom", 409, State.IN_REVIEW),
    ("the last decision", approved_by_tom, "ana", 200, State.APPROVED),
    ("who left the team meanwhile", tom_left, "tom", 404, State.IN_REVIEW),
    ("who leads the team no more", tom_demoted, "tom", 403, State.IN_REVIEW),
    ("who leads it since", zoe_joined, "zoe", 200, State.IN_REVIEW),
    ("the author, made journey manager since", mei_became_manager, "mei", 403, State.IN_REVIEW),
    ("a stand-in", jun_for_tom, "jun", 200, State.IN_REVIEW),
    ("a stand-in whose time is over", jun_for_tom_over, "jun", 403, State.IN_REVIEW),
    ("a stand-in whose time is to come", jun_for_tom_later, "jun", 403, State.IN_REVIEW),
    ("a stand-in who was relieved", jun_for_tom_ended, "jun", 403, State.IN_REVIEW),
    ("a stand-in on the channel", jun_for_tom_on_email, "jun", 200, State.IN_REVIEW),
    ("a stand-in on another channel", jun_for_tom_on_sms, "jun", 403, State.IN_REVIEW),
    ("a stand-in in the team", jun_for_tom_in_team, "jun", 200, State.IN_REVIEW),
    ("a stand-in in another team", jun_for_tom_in_other_team, "jun", 403, State.IN_REVIEW),
    ("a stand-in on the journey", jun_for_ana_here, "jun", 200, State.IN_REVIEW),
    ("the author as a stand-in", mei_for_tom, "mei", 403, State.IN_REVIEW),
    ("a stand-in for an editor", jun_for_tom_who_edited, "jun", 403, State.IN_REVIEW),
    ("a stand-in for the author", jun_for_mei, "jun", 403, State.IN_REVIEW),
    ("a stand-in over three links", jun_over_three, "jun", 200, State.IN_REVIEW),
    ("a stand-in who does not see it", zoe_for_tom, "zoe", 404, State.IN_REVIEW),
    ("the first of two", two_of_team, "tom", 200, State.IN_REVIEW),
    ("the second of two", two_of_team_tom_did, "nora", 200, State.APPROVED),
    ("the first of two once more", two_of_team_tom_did, "tom", 409, State.IN_REVIEW),
    ("the first of two for the second", two_of_team_tom_for_nora, "tom", 409, State.IN_REVIEW),
    ("the stand-in of the first of two", two_of_team_jun_for_tom, "jun", 409, State.IN_REVIEW),
    ("the second person of six eyes", six_eyes_tom_did, "ana", 200, State.APPROVED),
    ("the first person of six eyes again", six_eyes_tom_did, "tom", 409, State.IN_REVIEW),
    ("before their round", owner_later, "ana", 409, State.IN_REVIEW),
    ("in the first round", owner_later, "tom", 200, State.IN_REVIEW),
    ("when their round has come", owner_later_now, "ana", 200, State.APPROVED),
]


def by_page(user: User, change: Change) -> int:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    address = f"/changes/{change.number}/take/approve/"
    status = client.post(address, {"digest": change.digest, "comment": "Fine"}).status_code
    return 200 if status == 302 else status


def by_api(user: User, change: Change) -> int:
    client = ApiClient(people.services.issue_token(user=user))
    return client.act(change.number, "approve", {"comment": "Fine"}).status_code


@pytest.mark.parametrize("door", [by_page, by_api], ids=["page", "api"])
@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_approval_counts_or_is_refused(cast, row, door):
    _says, prepare, name, status, state = row
    change = prepare(cast)
    actor = User.objects.get(pk=cast.named(name).pk)
    entries, reviews = LedgerEntry.objects.count(), Review.objects.count()

    assert door(actor, change) == status

    change.refresh_from_db()
    assert change.state == state
    more = (LedgerEntry.objects.count() - entries, Review.objects.count() - reviews)
    assert more == ((1, 1) if status == 200 else (0, 0))


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_it_waits_for_those_whose_approval_would_count(cast, row):
    """Inbox, badge and refusals agree, whichever way somebody came to decide."""
    _says, prepare, name, status, _state = row
    change = prepare(cast)
    actor = User.objects.get(pk=cast.named(name).pk)

    waits = queries.waiting_for(actor).filter(pk=change.pk).exists()

    assert waits is (status == 200)
    assert queries.count_waiting(actor) == queries.waiting_for(actor).count()


def test_ledger_names_both_whoever_acts_and_whom_they_act_for(cast):
    change = jun_for_tom(cast)
    jun = User.objects.get(pk=cast.jun.pk)

    entry = take(action=Action.APPROVE, number=change.number, actor=jun)

    assert entry.actor == jun
    entry.refresh_from_db()
    assert entry.data["on_behalf_of"] == {str(cast.tom.pk): ["steward:email"]}
    assert change.reviews.get(reviewer=jun).on_behalf_of == cast.tom


def test_circle_of_delegations_is_refused(cast):
    hand_on(cast, "tom", "jun")
    hand_on(cast, "jun", "ana")

    with pytest.raises(Conflict) as refused:
        hand_on(cast, "ana", "tom")

    assert refused.value.code == "delegation_circle"


def test_fourth_link_is_refused(cast):
    for giver, taker in (("ana", "nora"), ("nora", "ida"), ("ida", "jun")):
        hand_on(cast, giver, taker)

    with pytest.raises(Conflict) as refused:
        hand_on(cast, "jun", "tom")

    assert refused.value.code == "delegation_chain"


def test_new_policy_leaves_what_was_decided_and_asks_for_the_rest(cast):
    change = approved_by_tom(cast)
    enforce(policy("legal", need("legal", reviewers=[{"people": ["jun@bank.example"]}])))

    with pytest.raises(Conflict):
        take(action=Action.PUBLISH, number=change.number, actor=cast.ana)
    taken(change, Action.APPROVE, cast.ana)
    with pytest.raises(Conflict):
        take(action=Action.PUBLISH, number=change.number, actor=cast.ana)

    change.refresh_from_db()
    assert change.state == State.IN_REVIEW
    waiting = change.requirements.filter(revision=change.revision, met_at=None)
    assert [one.key for one in waiting] == ["legal"]
