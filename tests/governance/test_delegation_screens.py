"""Stand-ins: who decides for whom, as the page and the API let people say it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import people.services
from governance import services, tasks
from governance.models import Delegation, Notification
from journeys.models import Journey
from people import granting
from people.models import Role, Team
from tests.api.conftest import ApiClient
from tests.cast import reach
from tests.governance.delegations import hand_on

LIST = "/delegations/"


def times(start=0, days=3):
    now = timezone.localtime()
    first = now + timedelta(days=start)
    last = first + timedelta(days=days)
    return {"starts_at": f"{first:%Y-%m-%dT%H:%M}", "ends_at": f"{last:%Y-%m-%dT%H:%M}"}


def send(client, user, **sent):
    client.force_login(user)
    return client.post(LIST, {"taker": "jun@bank.example", **times(), **sent})


def page(client, user):
    client.force_login(user)
    return client.get(LIST).content.decode()


def test_person_lets_somebody_decide_and_both_read_so(client, cast):
    assert send(client, cast.tom, reason="On leave").status_code == 302

    found = Delegation.objects.get()
    assert (found.giver, found.taker, found.reason) == (cast.tom, cast.jun, "On leave")
    assert "<b>Jun</b>" in page(client, cast.tom)
    assert "<b>Tom</b>" in page(client, cast.jun)
    assert "Nobody decides for you." in page(client, cast.jun)
    assert LIST in client.get("/").content.decode()


def test_scope_and_journey_limit_it(client, cast):
    send(client, cast.tom, scope="channel:email")
    assert "on the channel E-mail" in page(client, cast.tom)

    send(client, cast.nora, scope="team:email")
    assert "for the team Email" in page(client, cast.nora)

    send(client, cast.ana, journey="account-opening")
    assert "on the journey Account opening" in page(client, cast.ana)


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"taker": "nobody@bank.example"}, "taker", "There is nobody with this address."),
        ({"taker": "tom@bank.example"}, "taker", "Choose somebody else."),
        ({"ends_at": "2020-01-01T10:00"}, "ends_at", "Choose an end that is after"),
        ({"journey": "no-such-journey"}, "journey", "There is no such journey"),
        ({"scope": "channel:email", "journey": "account-opening"}, "scope", "Choose one channel"),
        ({"scope": "team:sms"}, "scope", "Select a valid choice"),
        ({"reason": "a\u202eb"}, "reason", "invisible character"),
    ],
)
def test_refusal_stands_at_its_field(client, cast, sent, field, words):
    answer = send(client, cast.tom, **sent)

    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert not Delegation.objects.exists()


def test_circle_is_refused_at_the_person(client, cast):
    hand_on(cast.jun, cast.tom)

    answer = send(client, cast.tom)

    assert answer.status_code == 422
    assert "go round in a circle" in str(answer.context["form"].errors["taker"])


def test_only_a_governance_lead_hands_on_for_others(client, cast):
    send(client, cast.tom, giver="ana@bank.example")
    assert Delegation.objects.get().giver == cast.tom

    assert send(client, cast.omar, giver="ana@bank.example").status_code == 302
    assert Delegation.objects.filter(giver=cast.ana, created_by=cast.omar).exists()
    assert "Jun for Ana" in page(client, cast.omar)
    assert "Jun for Ana" not in page(client, cast.tom)


def test_giver_is_warned_of_what_the_stand_in_does_not_see(client, cast):
    hand_on(cast.ana, cast.zoe)

    assert "They do not see: Account opening." in page(client, cast.ana)

    role = Role.objects.get(key="viewer")
    journey = Journey.objects.get(key="account-opening")
    granting.give(on=granting.on(journey), role=role, user=cast.zoe, actor=None)
    assert "They do not see" not in page(client, cast.ana)


def test_chain_is_told(client, cast):
    hand_on(cast.ana, cast.tom)
    hand_on(cast.tom, cast.jun)

    assert "Ana, through Tom" in page(client, cast.jun)


def test_it_is_ended_by_those_it_concerns(client, cast):
    found = hand_on(cast.tom, cast.jun)
    address = reverse("delegation-end", args=[found.pk])

    client.force_login(cast.ana)
    assert client.post(address).status_code == 404
    client.force_login(cast.tom)
    assert client.post(address).status_code == 302

    shown = page(client, cast.tom)
    assert "End now" not in shown
    assert "Jun for Tom" in shown
    assert client.post(address).status_code == 409


def test_both_are_told_by_mail_and_in_the_inbox(client, cast, mailoutbox):
    Notification.objects.all().delete()
    now = timezone.now()
    services.delegate(
        giver=cast.tom,
        taker=cast.jun,
        starts_at=now,
        ends_at=now + timedelta(days=2),
        actor=cast.omar,
    )

    tasks.deliver(notifications=list(Notification.objects.values_list("pk", flat=True)))

    assert {tuple(mail.to): mail.subject.split(" from ")[0] for mail in mailoutbox} == {
        ("jun@bank.example",): "You decide for Tom",
        ("tom@bank.example",): "Jun decides for you",
    }
    assert all("/delegations/" in mail.body for mail in mailoutbox)
    client.force_login(cast.jun)
    assert "You decide for Tom until" in client.get("/").content.decode()


# --- the API ---------------------------------------------------------------------------------


def api(user):
    return ApiClient(people.services.issue_token(user=user))


def body(**more):
    now = timezone.now()
    return {
        "taker": "jun@bank.example",
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(days=2)).isoformat(),
        **more,
    }


def test_program_adds_lists_and_ends_one(cast):
    tom = api(cast.tom)

    made = tom.call(LIST, body(channel="email", reason="On leave"))

    assert made.status_code == 201
    assert made.json()["channel"] == "email"
    assert made.json()["giver"] == {"email": "tom@bank.example", "name": "Tom"}
    assert [one["id"] for one in tom.read(LIST).json()["results"]] == [made.json()["id"]]
    assert api(cast.ana).read(LIST).json()["results"] == []
    assert len(api(cast.omar).read(LIST).json()["results"]) == 1
    assert api(cast.ana).send("DELETE", made["Location"]).status_code == 404
    assert tom.send("DELETE", made["Location"]).status_code == 200
    assert tom.send("DELETE", made["Location"]).status_code == 409


@pytest.mark.parametrize(
    ("more", "status", "field"),
    [
        ({"taker": "nobody@bank.example"}, 400, "taker"),
        ({"channel": "no-such"}, 400, "channel"),
        ({"team": "email", "channel": "email"}, 400, "scope"),
        ({"starts_at": "tomorrow"}, 400, "starts_at"),
        ({"giver": "ana@bank.example"}, 403, ""),
    ],
)
def test_program_is_refused_with_the_field(cast, more, status, field):
    answer = api(cast.tom).call(LIST, body(**more))

    assert answer.status_code == status
    assert not field or field in answer.json()["errors"]
    assert not Delegation.objects.exists()


def test_unseen_journey_is_like_a_missing_one(cast):
    zoe = api(cast.zoe)

    hidden = zoe.call(LIST, body(journey="account-opening")).json()["errors"]
    missing = zoe.call(LIST, body(journey="no-such-journey")).json()["errors"]

    assert hidden == missing


def test_stand_in_of_a_team_sees_no_more_teams(client, cast):
    """The form of somebody who keeps no rules names their own teams only."""
    client.force_login(cast.tom)
    choices = str(client.get(LIST).context["form"]["scope"])

    assert "team:email" in choices
    assert f"team:{Team.objects.get(key='sms').key}" not in choices


def test_waiting_decision_of_another_leads_to_the_change(client, cast):
    change = reach(cast, "in_review")
    hand_on(cast.ana, cast.jun)
    cast.jun.refresh_from_db()

    client.force_login(cast.jun)
    assert change.title in client.get("/").content.decode()
