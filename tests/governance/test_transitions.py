"""The life of a change, state by state: what the table allows happens, all else is a conflict."""

import pytest

from cjops.core.errors import Conflict, Forbidden, Invalid, NotFound
from governance.models import LedgerEntry, Notification
from governance.services import edit_change, take
from governance.transitions import TRANSITIONS, Action, State, Who
from tests.cast import propose, reach, rename
from tests.cast import take as taken

# Somebody whose right the action needs, so that a refusal can only come from the state.
ABLE = {
    Who.AUTHOR: "mei",
    Who.EDITOR: "mei",
    Who.REVIEWER: "tom",
    Who.DECIDER: "tom",
    Who.READER: "tom",
    Who.MANAGER: "ana",
    Who.PUBLISHER: "ana",
    Who.LEAD: "omar",
    Who.BREAKER: "omar",
    Who.AFTER_REVIEWER: "tom",
}
STEPS = [action for action in TRANSITIONS if action is not Action.EDIT]
UNLISTED = [
    (state, action)
    for action in STEPS
    for state in State
    if state not in TRANSITIONS[action].sources
]


@pytest.mark.parametrize(("state", "action"), UNLISTED)
def test_unlisted_pair_is_a_conflict_and_leaves_no_trace(cast, state, action):
    change = reach(cast, state)
    entries, messages = LedgerEntry.objects.count(), Notification.objects.count()
    actor = cast.named(ABLE[TRANSITIONS[action].who])

    with pytest.raises(Conflict):
        take(action=action, number=change.number, actor=actor, comment="Because")

    change.refresh_from_db()
    assert change.state == state
    assert (LedgerEntry.objects.count(), Notification.objects.count()) == (entries, messages)


@pytest.mark.parametrize("state", [s for s in State if s not in TRANSITIONS[Action.EDIT].sources])
def test_only_drafts_and_returned_changes_are_edited(cast, state):
    change = reach(cast, state)

    with pytest.raises(Conflict):
        edit_change(number=change.number, actor=cast.mei, edits=[rename("Other")])


@pytest.mark.parametrize(
    ("state", "action", "actor", "then"),
    [
        ("draft", Action.SUBMIT, "mei", State.IN_REVIEW),
        ("changes_requested", Action.SUBMIT, "mei", State.IN_REVIEW),
        ("in_review", Action.APPROVE, "tom", State.IN_REVIEW),
        ("in_review", Action.REQUEST_CHANGES, "ana", State.CHANGES_REQUESTED),
        ("approved", Action.REQUEST_CHANGES, "ana", State.CHANGES_REQUESTED),
        ("draft", Action.COMMENT, "tom", State.DRAFT),
        ("in_review", Action.COMMENT, "jun", State.IN_REVIEW),
        ("in_review", Action.REJECT, "ana", State.REJECTED),
        ("scheduled", Action.REJECT, "ana", State.REJECTED),
        ("scheduled", Action.WITHDRAW, "mei", State.WITHDRAWN),
        ("scheduled", Action.UNSCHEDULE, "ana", State.APPROVED),
        ("approved", Action.PUBLISH, "ana", State.PUBLISHED),
        ("scheduled", Action.PUBLISH, "ana", State.PUBLISHED),
        ("published", Action.ROLL_BACK, "ana", State.PUBLISHED),
        ("draft", Action.BREAK_GLASS, "omar", State.PUBLISHED),
        ("in_review", Action.BREAK_GLASS, "omar", State.PUBLISHED),
    ],
)
def test_listed_step_moves_the_change_and_is_in_the_ledger(cast, state, action, actor, then):
    change = reach(cast, state)

    entry = taken(change, action, cast.named(actor), comment="Because")

    assert change.state == then
    assert (entry.action, entry.from_state, entry.to_state) == (action, state, then)
    assert entry.actor == cast.named(actor)
    assert entry.digest == change.digest


@pytest.mark.parametrize(
    ("state", "action", "actor"),
    [
        ("draft", Action.SUBMIT, "tom"),
        ("in_review", Action.APPROVE, "mei"),
        ("in_review", Action.APPROVE, "jun"),
        ("in_review", Action.APPROVE, "omar"),
        ("in_review", Action.APPROVE, "ida"),
        ("in_review", Action.REQUEST_CHANGES, "mei"),
        ("in_review", Action.REJECT, "tom"),
        ("in_review", Action.WITHDRAW, "ana"),
        ("approved", Action.PUBLISH, "tom"),
        ("approved", Action.PUBLISH, "mei"),
        ("approved", Action.SCHEDULE, "mei"),
        ("published", Action.ROLL_BACK, "mei"),
        ("in_review", Action.APPOINT, "ana"),
        ("in_review", Action.BREAK_GLASS, "ana"),
    ],
)
def test_lack_of_right_is_forbidden_with_a_reason(cast, state, action, actor):
    change = reach(cast, state)

    with pytest.raises(Forbidden) as refused:
        take(action=action, number=change.number, actor=cast.named(actor), comment="Because")

    assert refused.value.message


@pytest.mark.parametrize(
    ("state", "action"),
    [
        ("in_review", Action.REQUEST_CHANGES),
        ("in_review", Action.COMMENT),
        ("in_review", Action.REJECT),
    ],
)
def test_step_that_needs_words_is_refused_without_them(cast, state, action):
    change = reach(cast, state)

    with pytest.raises(Invalid) as refused:
        take(action=action, number=change.number, actor=cast.ana, comment="  ")

    assert "comment" in refused.value.errors


def test_somebody_who_does_not_see_the_journey_gets_not_found(cast):
    change = reach(cast, "in_review")

    with pytest.raises(NotFound):
        take(action=Action.COMMENT, number=change.number, actor=cast.zoe, comment="Hello")


def test_change_that_changes_nothing_cannot_be_submitted(cast):
    change = propose(cast, rename("A warm welcome"), rename("Welcome e-mail"))

    with pytest.raises(Conflict, match="does not change anything"):
        take(action=Action.SUBMIT, number=change.number, actor=cast.mei)
