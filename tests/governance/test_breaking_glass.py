"""Publishing without the approvals, and the review afterwards."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import Permission

from cjops.core.errors import Conflict, DocumentInvalid, Forbidden, Invalid
from governance import queries
from governance.models import LedgerEntry, Notification
from governance.services import take
from governance.transitions import Action, State
from people.models import User
from tests.cast import propose, reach
from tests.cast import take as taken
from tests.governance.enforcing import only

SECRET = "JBSWY3DPEHPK3PXP"


def break_glass(cast, change, by="omar", **said):
    actor = User.objects.get(pk=cast.named(by).pk)
    entry = take(
        action=Action.BREAK_GLASS,
        number=change.number,
        actor=actor,
        **{"comment": "Wrong phone number in every mail", **said},
    )
    change.refresh_from_db()
    return entry


def may_break(user):
    user.user_permissions.add(Permission.objects.get(codename="break_glass"))


def code_now():
    # The middle one of those that are accepted: the clock may tick before it is checked.
    counter = list(yield_hotp_counters_from_time())[-1]
    return format_hotp_value(hotp_value(SECRET, counter))


@pytest.mark.parametrize("state", ["draft", "in_review", "changes_requested"])
def test_change_goes_live_at_once_and_is_looked_at_afterwards(cast, state):
    change = reach(cast, state)

    entry = break_glass(cast, change)

    assert change.state == State.PUBLISHED
    assert change.after_review_due_at is not None
    assert entry.actor == cast.omar
    assert entry.reason == "Wrong phone number in every mail"
    assert {u.user.name for u in Notification.objects.filter(kind="after_review")} == {
        "Tom",
        "Nora",
        "Ana",
    }
    assert queries.waiting_for(cast.ana).filter(pk=change.pk).exists()
    assert queries.count_waiting(cast.ana) == 1


@pytest.mark.parametrize("name", ["mei", "tom", "ana", "ida"])
def test_it_takes_a_right_of_its_own(cast, name):
    change = reach(cast, "in_review")

    with pytest.raises(Forbidden):
        break_glass(cast, change, by=name)

    change.refresh_from_db()
    assert change.state == State.IN_REVIEW


def test_author_with_the_right_may_but_does_not_look_at_it_afterwards(cast):
    may_break(cast.mei)
    change = reach(cast, "draft")

    break_glass(cast, change, by="mei")

    with pytest.raises(Forbidden):
        take(action=Action.STAND_BY, number=change.number, actor=cast.mei)


def test_journey_manager_who_broke_it_does_not_look_at_it_afterwards(cast):
    may_break(cast.ana)
    change = reach(cast, "in_review")

    break_glass(cast, change, by="ana")

    with pytest.raises(Forbidden):
        take(action=Action.STAND_BY, number=change.number, actor=cast.ana)
    assert "owner/otherwise" in {one.key for one in change.requirements.all()}


def test_it_takes_a_reason(cast):
    change = reach(cast, "in_review")

    with pytest.raises(Invalid) as refused:
        break_glass(cast, change, comment="")

    assert "comment" in refused.value.errors


def test_checks_are_respected(cast):
    broken = {
        "op": "update",
        "element": "transitions",
        "key": "wait-call",
        "fields": {"target": "nowhere"},
    }
    change = propose(cast, broken)

    with pytest.raises(DocumentInvalid):
        break_glass(cast, change)

    change.refresh_from_db()
    assert (change.state, change.after_review_due_at) == (State.DRAFT, None)


def test_approved_change_is_published_and_no_glass_broken(cast):
    change = reach(cast, "approved")

    with pytest.raises(Conflict) as refused:
        break_glass(cast, change)

    assert refused.value.code == "nothing_missing"


def test_second_factor_is_asked_of_those_who_have_one(cast):
    TOTP.activate(cast.omar, SECRET)
    change = reach(cast, "in_review")

    for code in ("", "000000"):
        with pytest.raises(Invalid) as refused:
            break_glass(cast, change, code=code)
        assert "code" in refused.value.errors
    break_glass(cast, change, code=code_now())

    assert change.state == State.PUBLISHED
    assert Authenticator.objects.count() == 1


def test_review_ends_when_all_who_were_not_heard_stand_by_it(cast):
    change = reach(cast, "in_review")
    taken(change, Action.APPROVE, cast.tom)
    break_glass(cast, change)

    entry = taken(change, Action.STAND_BY, cast.ana)

    assert change.after_review_due_at is None
    assert entry.data["over"] is True
    assert not queries.waiting_for(cast.ana).filter(pk=change.pk).exists()


def test_who_was_heard_already_is_not_asked_again(cast):
    change = reach(cast, "in_review")
    taken(change, Action.APPROVE, cast.tom)
    break_glass(cast, change)

    with pytest.raises(Conflict):
        take(action=Action.STAND_BY, number=change.number, actor=cast.tom)


def test_objection_keeps_it_open_until_it_is_rolled_back(cast):
    change = reach(cast, "in_review")
    break_glass(cast, change)
    taken(change, Action.OBJECT, cast.ana, comment="The old number was right")
    assert change.after_review_due_at is not None
    taken(change, Action.ROLL_BACK, cast.ana, comment="Back to the old one")
    back = change.reverted_by.get()
    taken(back, Action.APPROVE, cast.tom)

    taken(back, Action.PUBLISH, cast.ana)

    change.refresh_from_db()
    assert change.after_review_due_at is None


def test_objection_needs_words(cast):
    change = reach(cast, "in_review")
    break_glass(cast, change)

    with pytest.raises(Invalid):
        take(action=Action.OBJECT, number=change.number, actor=cast.ana)


def test_where_no_policy_asks_anybody_governance_leads_look_at_it(cast):
    may_break(cast.ana)
    only()
    change = reach(cast, "draft")

    break_glass(cast, change, by="ana")

    taken(change, Action.STAND_BY, User.objects.get(pk=cast.omar.pk))
    assert change.after_review_due_at is None


def test_nothing_is_left_behind_where_it_is_refused(cast):
    change = reach(cast, "in_review")
    before = LedgerEntry.objects.count()

    with pytest.raises(Forbidden):
        break_glass(cast, change, by="tom")

    change.refresh_from_db()
    assert LedgerEntry.objects.count() == before
    assert change.glass_broken_by is None
