"""Who must decide, what an approval is bound to, and when a change is approved."""

import pytest

from cjops.core.errors import Conflict, DocumentInvalid, Forbidden
from governance import queries
from governance.models import Requirement
from governance.services import edit_change, take
from governance.transitions import Action, State
from people import services as people_services
from people.models import Channel, Membership, Team
from tests.cast import propose, reach, rename
from tests.cast import take as taken

LONGER_WAIT = {"op": "update", "element": "steps", "key": "wait", "fields": {"wait": "P3D"}}


def deciders(change):
    """Names of who may meet each requirement of the current revision."""
    requirements = list(
        change.requirements.filter(revision=change.revision).prefetch_related("sources")
    )
    able = queries.deciders(requirements, change)
    return {r.key: {user.name for user in able[r.pk]} for r in requirements}


def test_wording_needs_a_lead_of_the_channel_team_and_the_journey_manager(cast):
    change = reach(cast, "in_review")

    assert deciders(change) == {"steward:email": {"Tom", "Nora"}, "owner": {"Ana"}}


def test_two_channels_need_both_stewards(cast):
    change = propose(cast, rename("Hello"), rename("Short call", "call"))
    taken(change, Action.SUBMIT, cast.mei)

    assert set(deciders(change)) == {"steward:email", "steward:call-centre", "owner"}


def test_change_without_a_channel_needs_the_journey_manager_alone(cast):
    change = propose(cast, LONGER_WAIT)
    taken(change, Action.SUBMIT, cast.mei)

    assert deciders(change) == {"owner": {"Ana"}}


def test_journey_managers_own_change_goes_to_journey_operations(cast):
    change = propose(cast, LONGER_WAIT, by="ana")
    taken(change, Action.SUBMIT, cast.ana)

    assert deciders(change) == {"owner/otherwise": {"Omar"}}
    with pytest.raises(Forbidden):
        take(action=Action.APPROVE, number=change.number, actor=cast.ana)


def test_lead_who_wrote_a_revision_does_not_decide_but_the_other_does(cast):
    change = propose(cast)
    edit_change(number=change.number, actor=cast.tom, edits=[rename("Toms wording")])
    taken(change, Action.SUBMIT, cast.mei)

    assert deciders(change)["steward:email"] == {"Nora"}
    with pytest.raises(Forbidden, match="edited"):
        take(action=Action.APPROVE, number=change.number, actor=cast.tom)


def test_channel_without_anybody_who_may_decide_blocks_submitting(cast):
    Membership.objects.filter(team__key="email", role="lead").delete()
    change = propose(cast)

    with pytest.raises(Conflict, match="Nobody may decide"):
        take(action=Action.SUBMIT, number=change.number, actor=cast.mei)

    change.refresh_from_db()
    assert change.state == State.DRAFT
    assert not Requirement.objects.filter(change=change).exists()


def test_last_decision_makes_the_change_approved(cast):
    change = reach(cast, "in_review")

    taken(change, Action.APPROVE, cast.ana)
    assert change.state == State.IN_REVIEW
    taken(change, Action.APPROVE, cast.nora)

    assert change.state == State.APPROVED


def test_nobody_approves_the_same_twice(cast):
    change = reach(cast, "in_review")
    taken(change, Action.APPROVE, cast.tom)

    with pytest.raises(Conflict, match="any more"):
        take(action=Action.APPROVE, number=change.number, actor=cast.tom)

    assert change.reviews.count() == 1


def test_nobody_approves_one_hunk_twice(cast):
    change = propose(cast, rename("Hello"), LONGER_WAIT)
    taken(change, Action.SUBMIT, cast.mei)
    one = change.requirements.get(key="steward:email").hunks
    taken(change, Action.APPROVE, cast.ana, hunks=one)

    with pytest.raises(Conflict, match="already"):
        take(action=Action.APPROVE, number=change.number, actor=cast.ana, hunks=one)


def test_approval_of_an_untouched_hunk_survives_an_edit(cast):
    change = propose(cast, rename("Hello"), rename("Short call", "call"))
    taken(change, Action.SUBMIT, cast.mei)
    taken(change, Action.APPROVE, cast.tom)
    taken(change, Action.REQUEST_CHANGES, cast.ana, comment="Name the call better")
    edit_change(number=change.number, actor=cast.mei, edits=[rename("Service call", "call")])
    change.refresh_from_db()
    taken(change, Action.SUBMIT, cast.mei)

    met = dict(change.requirements.filter(revision=change.revision).values_list("key", "met_at"))
    assert met["steward:email"] is not None
    assert met["steward:call-centre"] is None
    assert met["owner"] is None


def test_approval_of_a_changed_hunk_no_longer_counts(cast):
    change = reach(cast, "in_review")
    taken(change, Action.APPROVE, cast.tom)
    taken(change, Action.REQUEST_CHANGES, cast.ana, comment="Warmer")
    edit_change(number=change.number, actor=cast.mei, edits=[rename("Warmest welcome")])
    change.refresh_from_db()
    taken(change, Action.SUBMIT, cast.mei)

    assert set(
        change.requirements.filter(revision=change.revision, met_at=None).values_list(
            "key", flat=True
        )
    ) == {"steward:email", "owner"}


def test_whoever_asked_for_changes_has_to_approve_again(cast):
    change = reach(cast, "in_review")
    taken(change, Action.APPROVE, cast.tom)
    taken(change, Action.REQUEST_CHANGES, cast.tom, comment="On second thoughts")
    taken(change, Action.SUBMIT, cast.mei)

    assert change.requirements.get(revision=change.revision, key="steward:email").met_at is None


def test_approval_of_some_hunks_does_not_meet_a_requirement_over_all(cast):
    change = propose(cast, rename("Hello"), LONGER_WAIT)
    taken(change, Action.SUBMIT, cast.mei)
    one = change.requirements.get(key="steward:email").hunks
    taken(change, Action.APPROVE, cast.ana, hunks=one)

    assert change.requirements.get(key="owner").met_at is None
    rest = set(change.requirements.get(key="owner").hunks) - set(one)
    taken(change, Action.APPROVE, cast.ana, hunks=rest)
    assert change.requirements.get(key="owner").met_at is not None


def test_unknown_hunk_cannot_be_approved(cast):
    change = reach(cast, "in_review")

    with pytest.raises(Conflict):
        take(action=Action.APPROVE, number=change.number, actor=cast.tom, hunks=["0" * 64])


def test_failing_check_blocks_submitting_with_its_findings(cast):
    change = propose(cast, {"op": "remove", "element": "transitions", "key": "call-end"})

    with pytest.raises(DocumentInvalid) as refused:
        take(action=Action.SUBMIT, number=change.number, actor=cast.mei)

    assert refused.value.extra["findings"]
    change.refresh_from_db()
    assert change.state == State.DRAFT


def test_waiting_list_holds_what_the_person_can_decide_and_nothing_else(cast):
    change = reach(cast, "in_review")

    waiting = {
        name
        for name, user in cast.everybody().items()
        if queries.waiting_for(user).filter(pk=change.pk).exists()
    }
    assert waiting == {"tom", "nora", "ana"}


def test_new_lead_may_decide_at_once(cast):
    change = reach(cast, "in_review")
    team = Team.objects.get(key="email")
    people_services.set_membership(team=team, user=cast.jun, role="lead", actor=None)

    taken(change, Action.APPROVE, cast.jun)

    assert change.requirements.get(key="steward:email").met_at is not None


def test_new_channel_without_steward_is_named_in_the_refusal(cast):
    channel = Channel.objects.create(key="letter", name="Letter")
    change = propose(
        cast,
        {
            "op": "update",
            "element": "steps",
            "key": "call",
            "fields": {"channel": channel.key},
        },
    )

    with pytest.raises(Conflict, match="Letter"):
        take(action=Action.SUBMIT, number=change.number, actor=cast.mei)
