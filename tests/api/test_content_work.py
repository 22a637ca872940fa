"""Comments on passages, campaigns of changes, and files in and out, by program."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from content.models import Asset
from governance.models import Campaign, Change
from governance.services import campaigning
from tests.api.conftest import CONTENT, V1, Bank, as_outermost, is_problem
from tests.cast import email_document

SUBJECT = {"place": "steps/welcome-email/body/en", "passage": "field:subject", "text": "All?"}
PAGE = b'<html lang="en"><title>Spring</title><body><p>Hi</p></body></html>'
EXPORT = "/assets/onboarding-welcome/versions/1/export/"
PLACES = [{"journey": "account-opening", "step": "welcome-email", "slot": "body"}]
CAMPAIGN = {"asset": "onboarding-welcome", "version": 1, "places": PLACES, "title": "Everywhere"}


@pytest.fixture
def remarks(bank: Bank) -> str:
    """The address of the comments on a change of Mei's that gives the e-mail other words."""
    body = {
        "slot": "body",
        "asset": "onboarding-welcome",
        "document": email_document("Welcome, all"),
        "rationale": "Warmer",
    }
    answer = bank.mei.call(CONTENT, body)
    assert answer.status_code == 201, answer.content
    return f"/changes/{answer.json()['number']}/remarks/"


def bring(client: Any, data: bytes = PAGE, name: str = "spring.html", **more: Any) -> Any:
    sent = {"file": SimpleUploadedFile(name, data, content_type="text/html"), "team": "email"}
    headers = more.pop("headers", {})
    with as_outermost():
        return client.post(f"{V1}/library/import/", {**sent, **more}, headers=headers)


# --- comments -----------------------------------------------------------------------------------


def test_a_comment_is_made_and_listed(bank: Bank, remarks: str) -> None:
    answer = bank.tom.call(remarks, SUBJECT)
    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert (row["quote"], row["text"], row["state"]) == ("Welcome, all", "All?", "open")
    assert row["author"]["email"] == "tom@bank.example"
    assert bank.mei.read(remarks).json()["results"] == [row]
    assert bank.mei.read(f"{remarks}?place=steps/other/body/en").json()["results"] == []


def test_a_draft_is_seen_by_its_author_alone(bank: Bank, remarks: str) -> None:
    kept = bank.tom.call(remarks, {**SUBJECT, "draft": True}).json()
    assert kept["draft"] is True
    assert bank.mei.read(remarks).json()["results"] == []
    is_problem(bank.mei.send("DELETE", f"{remarks}{kept['id']}/"), 404)
    assert bank.tom.send("DELETE", f"{remarks}{kept['id']}/").status_code == 204
    assert bank.tom.read(remarks).json()["results"] == []


def test_what_was_sent_is_not_discarded(bank: Bank, remarks: str) -> None:
    sent = bank.tom.call(remarks, SUBJECT).json()
    is_problem(bank.tom.send("DELETE", f"{remarks}{sent['id']}/"), 409)


def test_a_thread_is_answered_settled_and_opened_again(bank: Bank, remarks: str) -> None:
    first = bank.tom.call(remarks, SUBJECT).json()["id"]
    answer = bank.mei.call(f"{remarks}{first}/answers/", {"text": "All of them."}).json()
    assert (answer["thread"], answer["quote"]) == (first, "Welcome, all")
    settled = bank.mei.call(f"{remarks}{first}/resolve/", {}).json()
    assert (settled["state"], settled["resolved_by"]["email"]) == ("resolved", "mei@bank.example")
    states = [one["state"] for one in bank.tom.read(remarks).json()["results"]]
    assert states == ["resolved", "resolved"]
    opened = bank.tom.call(f"{remarks}{first}/reopen/", {}).json()
    assert (opened["state"], opened["resolved_by"]) == ("open", None)


@pytest.mark.parametrize("wrong", [{"passage": "s-gone"}, {"text": " "}, {"text": None}, {"x": 1}])
def test_a_comment_on_nothing_is_refused(bank: Bank, remarks: str, wrong: dict[str, Any]) -> None:
    answer = bank.tom.call(remarks, {**SUBJECT, **wrong})
    assert answer.status_code in (400, 422)
    assert bank.tom.read(remarks).json()["results"] == []


def test_a_repeated_call_says_it_once(bank: Bank, remarks: str) -> None:
    first, again = (bank.tom.call(remarks, SUBJECT, Idempotency_Key="one") for _ in range(2))
    assert first.json() == again.json()
    assert len(bank.tom.read(remarks).json()["results"]) == 1


# --- campaigns ----------------------------------------------------------------------------------


def test_a_campaign_is_started_and_followed(bank: Bank) -> None:
    answer = bank.mei.call("/campaigns/", {**CAMPAIGN, "rationale": "Fresh"})
    assert answer.status_code == 202, answer.content
    assert [part["state"] for part in answer.json()["parts"]] == ["waiting"]
    with as_outermost():
        campaigning.carry_out(campaign=answer.json()["id"])
    (part,) = bank.ana.read(answer["Location"]).json()["parts"]
    # It shows that version already.
    assert (part["journey"], part["state"], part["change"]) == ("account-opening", "refused", None)
    assert part["refusals"]


def test_a_campaign_in_journeys_that_are_not_open_to_the_reader_is_not_there(bank: Bank) -> None:
    made = bank.mei.call("/campaigns/", CAMPAIGN).json()
    is_problem(bank.zoe.read(f"/campaigns/{made['id']}/"), 404)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"places": []}, 400),
        ({"places": [{"journey": "account-opening"}]}, 400),
        ({"version": 99}, 400),
        ({"asset": "no-such"}, 404),
        ({"places": [{"journey": "no-such", "step": "x", "slot": "y"}]}, 404),
        ({"replaces": "no-such"}, 404),
    ],
)
def test_a_campaign_of_nothing_is_refused(bank: Bank, wrong: dict[str, Any], status: int) -> None:
    is_problem(bank.mei.call("/campaigns/", {**CAMPAIGN, **wrong}), status)
    assert not Campaign.objects.exists()


def test_a_repeated_call_starts_it_once(bank: Bank) -> None:
    first, again = (bank.mei.call("/campaigns/", CAMPAIGN, Idempotency_Key="x") for _ in range(2))
    assert first.json() == again.json()
    assert Campaign.objects.count() == 1


# --- files --------------------------------------------------------------------------------------


def test_a_page_becomes_a_draft(bank: Bank) -> None:
    answer = bring(bank.mei)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["asset"] == "spring"
    assert bank.mei.read(answer["Location"]).json()["state"] == "draft"


def test_the_same_file_twice_by_key_is_one_change(bank: Bank) -> None:
    first, again = (bring(bank.mei, headers={"Idempotency-Key": "x"}) for _ in range(2))
    assert first.json()["number"] == again.json()["number"]
    assert Change.objects.filter(asset__key__startswith="spring").count() == 1


@pytest.mark.parametrize(
    ("data", "name", "more", "status"),
    [
        (b"", "x.html", {}, 400),
        (b"hello", "x.txt", {}, 400),
        (b"PK\x03\x04broken", "x.zip", {}, 400),
        (PAGE, "x.html", {"team": "no-such"}, 400),
        (PAGE, "x.html", {"team": "sms"}, 403),
        (PAGE, "x.html", {"key": "Not a key"}, 400),
        (b"<p>Hi</p>", "x.html", {"language": "<script>"}, 422),
    ],
)
def test_what_is_no_mail_of_ones_own_is_refused(
    bank: Bank, data: bytes, name: str, more: dict[str, str], status: int
) -> None:
    before = Change.objects.count(), Asset.objects.count()
    is_problem(bring(bank.mei, data, name, **more), status)
    assert (Change.objects.count(), Asset.objects.count()) == before


def test_a_version_is_taken_along(bank: Bank) -> None:
    answer = bank.mei.call(EXPORT, {})
    assert answer["Content-Type"] == "application/zip"
    assert "onboarding-welcome-v1.zip" in answer["Content-Disposition"]
    names = zipfile.ZipFile(io.BytesIO(answer.getvalue())).namelist()
    assert "manifest.json" in names


def test_a_version_there_is_not_is_not_taken_along(bank: Bank) -> None:
    is_problem(bank.mei.call(EXPORT.replace("/1/", "/99/"), {}), 404)
