"""The whole loop by API: propose, edit, submit, two approvals, publish, roll back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from governance.models import LedgerEntry
from tests.api.conftest import CONTENT, RENAME, Bank
from tests.cast import email_document


def step(client: Any, version: int) -> dict[str, Any]:
    """The first step of a version, as the API shows it."""
    answer = client.read(f"/journeys/account-opening/versions/{version}/")
    return next(s for s in answer.json()["document"]["steps"] if s["key"] == "welcome-email")


def test_a_change_goes_live_and_back(bank: Bank) -> None:
    opened = bank.mei.call(
        "/changes/",
        {
            "subject": {"kind": "journey", "key": "account-opening"},
            "title": "Warmer words",
            "rationale": "The first line reads cold.",
        },
    )
    assert opened.status_code == 201
    change = opened.json()
    number = change["number"]
    assert opened["Location"] == f"/api/v1/changes/{number}/"
    assert (change["state"], change["revision"]) == ("draft", 1)
    assert change["base"]["number"] == 1

    edited = bank.mei.call(f"/changes/{number}/edits/", RENAME)
    assert edited.status_code == 200, edited.content
    assert edited["ETag"] == f'"{edited.json()["digest"]}"'
    assert edited.json()["revision"] == 2

    assert bank.mei.act(number, "submit").json()["state"] == "in_review"
    assert bank.tom.act(number, "approve").json()["state"] == "in_review"
    assert bank.ana.act(number, "approve").json()["state"] == "approved"
    published = bank.ana.act(number, "publish").json()
    assert published["state"] == "published"
    assert published["published_number"] == 2
    assert step(bank.mei, 2)["name"] == "A warm welcome"

    rolled = bank.ana.act(number, "roll-back", {"comment": "Worse numbers"}).json()
    back = rolled["opened"]
    assert rolled["state"] == "published"
    assert bank.tom.act(back, "approve").json()["state"] == "approved"
    assert bank.ana.act(back, "publish").json()["published_number"] == 3
    assert step(bank.mei, 3)["name"] == "Welcome e-mail"
    versions = bank.mei.read("/journeys/account-opening/versions/").json()["results"]
    assert [version["number"] for version in versions] == [3, 2, 1]
    assert versions[0]["digest"] == versions[2]["digest"]
    assert versions[0]["parent_digest"] == versions[1]["digest"]


def test_every_step_is_in_the_ledger(bank: Bank, submitted: Callable[[], int]) -> None:
    number = submitted()
    bank.tom.act(number, "approve", {"comment": "Good"})
    entries = bank.mei.read(f"/ledger/?change={number}").json()["results"]
    assert [entry["action"] for entry in entries] == ["approve", "submit", "edit", "open"]
    newest = entries[0]
    assert newest["actor"]["email"] == "tom@bank.example"
    assert (newest["from_state"], newest["to_state"]) == ("in_review", "in_review")
    assert newest["reason"] == "Good"
    assert newest["subject"]["key"] == "account-opening"


def test_the_answer_names_the_entry(bank: Bank, submitted: Callable[[], int]) -> None:
    number = submitted()
    body = bank.tom.act(number, "approve").json()
    entry = LedgerEntry.objects.get(pk=body["entry"]["id"])
    assert (entry.change_id, entry.action) == (number, "approve")
    assert body.keys() == {"number", "state", "revision", "digest", "entry"}


def test_content_is_submitted_in_one_call(bank: Bank) -> None:
    answer = bank.mei.call(
        CONTENT,
        {
            "slot": "body",
            "asset": "onboarding-welcome",
            "document": email_document("A warm welcome"),
            "rationale": "Friendlier",
        },
    )
    assert answer.status_code == 201, answer.content
    change = answer.json()
    assert change["state"] == "in_review"
    for person in ("tom", "ana"):
        assert getattr(bank, person).act(change["number"], "approve").status_code == 200
    assert bank.ana.act(change["number"], "publish").json()["published_number"] == 2
    assert step(bank.mei, 2)["slots"]["body"]["version"] == 2
    assert bank.mei.read("/assets/onboarding-welcome/").json()["live_version"] == 2


def test_an_existing_version_is_submitted_as_a_draft(bank: Bank) -> None:
    written = bank.mei.call(
        "/assets/onboarding-welcome/versions/", {"document": email_document("Second")}
    )
    assert written.status_code == 201, written.content
    answer = bank.mei.call(
        CONTENT,
        {
            "slot": "body",
            "asset": "onboarding-welcome",
            "version": 2,
            "rationale": "x",
            "as_draft": True,
        },
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["state"] == "draft"


def test_a_schedule_is_set_and_cancelled(bank: Bank, submitted: Callable[[], int]) -> None:
    number = submitted()
    bank.tom.act(number, "approve")
    bank.ana.act(number, "approve")
    moment = (timezone.now() + timedelta(days=30)).replace(microsecond=0)
    body = bank.ana.act(number, "schedule", {"publish_at": moment.isoformat()}).json()
    assert body["state"] == "scheduled"
    shown = bank.mei.read(f"/changes/{number}/").json()
    assert datetime.fromisoformat(shown["scheduled_for"]) == moment
    assert bank.ana.act(number, "unschedule").json()["state"] == "approved"
    assert bank.mei.read(f"/changes/{number}/").json()["scheduled_for"] is None


def test_a_new_journey_starts_with_its_first_change(bank: Bank) -> None:
    answer = bank.mei.call(
        "/journeys/", {"key": "card-activation", "name": "Card activation", "market": "private"}
    )
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert answer["Location"] == "/api/v1/journeys/card-activation/"
    assert body["live_version"] is None
    document = bank.mei.read(f"/changes/{body['change']['number']}/document/").json()
    assert (document["name"], document["market"]) == ("Card activation", "private")
