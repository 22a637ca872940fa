"""What pages say about who decides: why, how far, who stands in, what can be done when stuck."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

import people.services
from governance import services
from governance.models import Change, LedgerEntry, Requirement
from governance.services import escalate, reask
from governance.transitions import Action, State
from people.models import Team
from tests.cast import propose, reach, rename, wait_for
from tests.cast import take as taken
from tests.governance.delegations import hand_on
from tests.governance.enforcing import enforce, need, only, policy

JUN = [{"people": ["jun@bank.example"]}]
TIMING = {"fact": "kinds", "op": "any_of", "value": ["timing"]}
LEGAL = policy("legal", need("legal", name="Legal", reviewers=JUN), when=TIMING)


def page(client, user, name, *arguments):
    client.force_login(user)
    return client.get(reverse(name, args=arguments)).content.decode()


def act(client, user, change, action, **sent):
    client.force_login(user)
    address = reverse("change-take", args=[change.number, action])
    return client.post(address, {"digest": change.digest, **sent})


def leave(cast, *names):
    team = Team.objects.get(key="email")
    for name in names:
        people.services.remove_membership(team=team, user=cast.named(name), actor=cast.omar)


def stuck(cast):
    change = reach(cast, "in_review")
    leave(cast, "tom", "nora")
    reask(number=change.number)
    change.refresh_from_db()
    return change


# --- the list --------------------------------------------------------------------------------


def test_each_decision_has_its_name_people_reason_and_policy(client, cast):
    change = reach(cast, "in_review")

    shown = page(client, cast.mei, "change-detail", change.number)

    assert "<b>Channel team: E-mail</b>" in shown
    assert "Nora, Tom" in shown
    assert "Because this change touches the channel “E-mail”." in shown
    assert f'href="{reverse("policy-detail", args=["steward"])}"' in shown


def test_several_approvals_are_counted_and_rounds_named(client, cast):
    pair = need("pair", name="Pair", reviewers=[{"team": "email"}], quorum=2)
    last = need("last", name="Last", reviewers=JUN, round=2)
    only(policy("both", pair, last))
    change = reach_review(cast)
    taken(change, Action.APPROVE, cast.tom)

    shown = page(client, cast.mei, "change-detail", change.number)

    assert "1 of 2 given" in shown
    assert "Approved by Tom so far." in shown
    assert "Comes after: Pair." in shown


def reach_review(cast):
    change = propose(cast, rename("Hello"))
    taken(change, Action.SUBMIT, cast.mei)
    return change


def test_late_decision_says_who_is_asked_as_well(client, cast):
    change = reach(cast, "in_review")
    one = change.requirements.get(key="owner")
    early = timezone.now() - timedelta(days=9)
    Requirement.objects.filter(pk=one.pk).update(due_at=early, escalate_at=early, reminded_at=early)
    escalate(requirement=one.pk)

    shown = page(client, cast.mei, "change-detail", change.number)
    story = client.get(f"{reverse('change-detail', args=[change.number])}?tab=conversation")

    assert "Was due" in shown
    assert "Reminded" in shown
    assert "so these are asked as well: lead of Journey-operations." in shown
    assert "asked others as well, since “Owner” is late" in story.content.decode()


def test_stand_in_is_named_and_so_is_whom_they_approved_for(client, cast):
    change = reach(cast, "in_review")
    hand_on(cast.ana, cast.jun)

    assert "Jun stands in for Ana until" in page(client, cast.mei, "change-detail", change.number)
    cast.jun.refresh_from_db()
    assert "You decide for Ana." in page(client, cast.jun, "change-detail", change.number)

    taken(change, Action.APPROVE, cast.jun)
    shown = page(client, cast.mei, "change-detail", change.number)
    assert "Jun for Ana" in shown
    story = client.get(f"{reverse('change-detail', args=[change.number])}?tab=conversation")
    assert "approved for Ana" in story.content.decode()


def test_stand_in_for_another_scope_is_not_named(client, cast):
    change = reach(cast, "in_review")
    hand_on(cast.ana, cast.jun, team=Team.objects.get(key="sms"))

    assert "stands in" not in page(client, cast.mei, "change-detail", change.number)


@pytest.mark.parametrize(
    ("leavers", "words"),
    [
        ("stand", "the policy lets the approval stand"),
        ("fall", "the approval no longer counts"),
    ],
)
def test_approver_who_left_is_named(client, cast, leavers, words):
    pair = need("pair", reviewers=[{"team": "email"}], leavers=leavers)
    rest = need("rest", reviewers=JUN)
    only(policy("both", pair, rest))
    change = reach_review(cast)
    taken(change, Action.APPROVE, cast.tom)
    leave(cast, "tom")

    shown = page(client, cast.mei, "change-detail", change.number)

    assert f"Tom has left the place they decided from; {words}" in shown


# --- stuck -----------------------------------------------------------------------------------


def test_stuck_decision_says_what_can_be_done(client, cast):
    change = stuck(cast)

    shown = page(client, cast.mei, "change-detail", change.number)

    assert "Nobody may decide" in shown
    assert "Name a lead in a team that looks after E-mail." in shown
    assert "A governance lead can name somebody for this change: Omar." in shown
    assert "Let them decide" not in shown


def test_governance_lead_names_somebody_on_the_page(client, cast):
    change = stuck(cast)

    assert "Let them decide" in page(client, cast.omar, "change-detail", change.number)
    sent = {"requirement": "steward:email", "person": "jun@bank.example", "comment": "On leave"}
    answer = act(client, cast.omar, change, "appoint", **sent)

    assert answer.status_code == 302
    shown = page(client, cast.jun, "change-detail", change.number)
    assert "Your decision is wanted." in shown
    story = client.get(f"{reverse('change-detail', args=[change.number])}?tab=conversation")
    assert "named Jun to decide on “Channel team: E-mail”" in story.content.decode()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"person": "nobody@bank.example", "comment": "x"}, "There is nobody with this address."),
        ({"person": "mei@bank.example", "comment": "x"}, "They edited this change"),
        ({"person": "jun@bank.example", "comment": ""}, "This field is required."),
    ],
)
def test_wrong_appointment_comes_back_with_its_reason(client, cast, sent, words):
    change = stuck(cast)

    answer = act(client, cast.omar, change, "appoint", requirement="steward:email", **sent)

    assert answer.status_code in (400, 422)
    assert words in answer.content.decode()
    assert not change.appointments.exists()


def test_asking_anew_is_told_with_what_came(client, cast):
    change = reach(cast, "in_review")
    enforce(policy("legal", need("legal", name="Legal", reviewers=JUN)))
    reask(number=change.number)

    client.force_login(cast.mei)
    story = client.get(f"{reverse('change-detail', args=[change.number])}?tab=conversation")

    assert "asked anew who decides" in story.content.decode()
    assert "Needed now: Legal." in story.content.decode()


# --- before it is submitted ------------------------------------------------------------------


def test_draft_fetches_who_would_have_to_approve(client, cast):
    change = propose(cast)
    address = reverse("change-deciders", args=[change.number])

    for name in ("change-detail", "change-edit"):
        assert f'hx-get="{address}"' in page(client, cast.mei, name, change.number)

    whole = page(client, cast.mei, "change-deciders", change.number)
    panel = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in panel
    for shown in (whole, panel):
        assert "Who will have to approve, and why" in shown
        assert "Channel team: E-mail" in shown


def test_panel_says_what_would_take_fewer_people(client, cast):
    enforce(LEGAL)
    change = propose(cast, rename("Hello"), wait_for(9))

    shown = page(client, cast.mei, "change-deciders", change.number)

    assert "Without the edits of the kind “timing”, Legal is not needed." in shown


def test_panel_begins_with_what_blocks(client, cast):
    only(LEGAL)
    change = propose(cast)

    shown = page(client, cast.mei, "change-deciders", change.number)

    assert "No policy says who decides on all of this change" in shown


# --- emergencies -----------------------------------------------------------------------------


def test_emergency_is_marked_shown_and_in_the_ledger(client, cast):
    client.force_login(cast.mei)
    address = reverse("change-open", args=["journey", cast.journey.key])
    about = {"title": "Wrong number", "rationale": "People call a stranger"}
    client.post(address, {**about, "emergency": "on"})
    change = Change.objects.get(title="Wrong number")

    assert change.is_emergency
    for name, arguments in (("change-detail", [change.number]), ("change-list", []), ("inbox", [])):
        assert "Emergency" in page(client, cast.mei, name, *arguments)

    client.post(reverse("change-describe", args=[change.number]), about)
    change.refresh_from_db()
    assert not change.is_emergency
    entry = LedgerEntry.objects.filter(change=change).first()
    assert (entry.action, entry.data) == (Action.EDIT, {"emergency": False})
    story = client.get(f"{reverse('change-detail', args=[change.number])}?tab=conversation")
    assert "opened this change as an emergency" in story.content.decode()
    assert "said that it is no emergency" in story.content.decode()


def test_policy_asks_others_in_an_emergency(cast):
    urgent = {"fact": "emergency", "op": "is", "value": True}
    enforce(policy("urgent", need("urgent", reviewers=JUN), when=urgent))
    change = propose(cast)
    services.describe_change(number=change.number, actor=cast.mei, emergency=True)

    taken(change, Action.SUBMIT, cast.mei)

    assert change.requirements.filter(key="urgent").exists()


def test_submitted_change_is_not_made_an_emergency(client, cast):
    change = reach(cast, "in_review")

    client.force_login(cast.mei)
    about = {"title": "x", "rationale": "x", "emergency": "on"}
    answer = client.post(reverse("change-describe", args=[change.number]), about)

    assert answer.status_code == 409
    change.refresh_from_db()
    assert not change.is_emergency


# --- breaking glass --------------------------------------------------------------------------


def broken(client, cast):
    change = reach(cast, "in_review")
    act(client, cast.omar, change, "break-glass", comment="Wrong number in every mail")
    change.refresh_from_db()
    return change


def test_breaking_glass_warns_and_names_who_was_not_asked(client, cast):
    change = reach(cast, "in_review")

    assert "Break glass" in page(client, cast.omar, "change-detail", change.number)
    assert "Break glass" not in page(client, cast.tom, "change-detail", change.number)
    shown = page(client, cast.omar, "change-take", change.number, "break-glass")

    assert "without the approvals that it needs" in shown
    assert "“Channel team: E-mail” is not decided: Nora, Tom." in shown
    assert "authenticator" not in shown


def test_breaking_glass_takes_a_reason(client, cast):
    change = reach(cast, "in_review")

    answer = act(client, cast.omar, change, "break-glass", comment="")

    assert answer.status_code == 422
    change.refresh_from_db()
    assert change.state == State.IN_REVIEW


def test_banner_stands_on_the_change_and_its_journey_until_it_is_looked_at(client, cast):
    change = broken(client, cast)

    for name, argument in (("change-detail", change.number), ("journey-detail", cast.journey.key)):
        shown = page(client, cast.ana, name, argument)
        assert "Published without approval by Omar on" in shown
        assert "Wrong number in every mail" in shown

    assert act(client, cast.tom, change, "stand-by").status_code == 302
    assert act(client, cast.ana, change, "stand-by").status_code == 302
    shown = page(client, cast.mei, "journey-detail", cast.journey.key)
    assert "Published without approval" not in shown
    client.force_login(cast.mei)
    story = client.get(f"{reverse('change-detail', args=[change.number])}?tab=conversation")
    assert "broke glass: published it as version 2 without the approvals" in story.content.decode()
    assert "stood by it; with that" in story.content.decode()


def test_inbox_has_what_is_looked_at_afterwards(client, cast):
    change = broken(client, cast)

    shown = page(client, cast.tom, "inbox")
    assert "Live without approval" in shown
    assert change.title in shown
    assert "due in" in shown
    assert "Stand by it" in page(client, cast.tom, "change-detail", change.number)
    assert "Stand by it" not in page(client, cast.mei, "change-detail", change.number)


def test_overdue_look_is_marked(client, cast):
    change = broken(client, cast)
    Change.objects.filter(pk=change.pk).update(after_review_due_at=timezone.now() - timedelta(1))

    assert "It was to be looked at by" in page(client, cast.mei, "change-detail", change.number)


def test_objection_takes_words_and_stays_in_the_story(client, cast):
    change = broken(client, cast)

    assert act(client, cast.tom, change, "object", comment="").status_code == 400
    assert act(client, cast.tom, change, "object", comment="Too harsh").status_code == 302
    client.force_login(cast.mei)
    story = client.get(f"{reverse('change-detail', args=[change.number])}?tab=conversation")
    assert "objected to it" in story.content.decode()


def test_whoever_was_not_asked_does_not_stand_by_it(client, cast):
    change = broken(client, cast)

    assert act(client, cast.mei, change, "stand-by").status_code == 403


# --- looking at it ---------------------------------------------------------------------------


def test_looking_at_it_shows_to_others_until_it_ends(client, cast):
    change = reach(cast, "in_review")
    client.force_login(cast.tom)

    answer = client.post(reverse("change-pick-up", args=[change.number]), {"back": "inbox"})

    assert answer.url == reverse("inbox")
    assert "You are looking at it until" in page(client, cast.tom, "change-detail", change.number)
    assert "Tom is looking at it until" in page(client, cast.ana, "change-detail", change.number)
    assert "Tom is looking at it until" in page(client, cast.ana, "inbox")
    assert reverse("change-put-down", args=[change.number]) in page(client, cast.tom, "inbox")

    client.post(reverse("change-put-down", args=[change.number]))
    assert "is looking at it" not in page(client, cast.ana, "change-detail", change.number)


def test_author_has_no_button_to_look_at_it(client, cast):
    change = reach(cast, "in_review")

    assert "I am looking at it" not in page(client, cast.mei, "change-detail", change.number)
    client.force_login(cast.mei)
    assert client.post(reverse("change-pick-up", args=[change.number])).status_code == 403


def test_second_factor_is_asked_of_whoever_has_one(client, cast, monkeypatch):
    monkeypatch.setattr("people.second_factor.is_set_up", lambda _user: True)
    cast.ana.user_permissions.add(Permission.objects.get(codename="break_glass"))
    change = reach(cast, "in_review")

    assert "authenticator" in page(client, cast.ana, "change-take", change.number, "break-glass")
    answer = act(client, cast.ana, change, "break-glass", comment="Now")

    assert answer.status_code == 422
    change.refresh_from_db()
    assert change.state == State.IN_REVIEW
