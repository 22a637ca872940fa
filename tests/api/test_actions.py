"""The steps of a change by API: repeats, refusals, the digest looked at."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from governance.models import Change, LedgerEntry, Review
from tests.api.conftest import RENAME, Bank, is_problem

Draft = Callable[..., int]


@pytest.mark.parametrize(
    "action",
    ["open", "edit", "suggest", "apply", "outdate", "request_changes", "Approve", "x" * 300],
)
def test_what_is_no_action_is_not_there(bank: Bank, submitted: Draft, action: str) -> None:
    number = submitted()
    assert _told(bank.mei.act(number, action)) == _told(bank.mei.act(999999, "submit"))


def _told(answer: Any) -> dict[str, Any]:
    body = is_problem(answer, 404, "not_found")
    return {**body, "request_id": ""}


@pytest.mark.parametrize("action", ["request-changes", "comment", "reject"])
def test_some_steps_have_to_be_explained(bank: Bank, submitted: Draft, action: str) -> None:
    number = submitted()
    entries = LedgerEntry.objects.count()
    body = is_problem(bank.ana.act(number, action, {"comment": "  "}), 400, "invalid")
    assert "comment" in body["errors"]
    assert LedgerEntry.objects.count() == entries
    assert bank.ana.act(number, action, {"comment": "Because"}).status_code == 200


def test_what_the_state_does_not_allow_is_a_conflict(bank: Bank, draft: Draft) -> None:
    number = draft()
    for person, action in (("tom", "approve"), ("ana", "publish"), ("ana", "roll-back")):
        is_problem(getattr(bank, person).act(number, action), 409, "conflict")
    is_problem(bank.mei.act(number, "submit"), 409)  # it changes nothing yet
    assert Change.objects.get(pk=number).state == "draft"


def test_what_one_may_not_is_refused_with_its_reason(bank: Bank, submitted: Draft) -> None:
    number = submitted()
    assert "edited this change" in is_problem(bank.mei.act(number, "approve"), 403)["detail"]
    assert "Mei" in is_problem(bank.tom.act(number, "withdraw"), 403)["detail"]
    is_problem(bank.tom.act(number, "reject", {"comment": "x"}), 403)
    bank.tom.act(number, "approve")
    bank.ana.act(number, "approve")
    is_problem(bank.mei.act(number, "publish"), 403)


def test_changes_are_requested_and_made(bank: Bank, submitted: Draft) -> None:
    number = submitted()
    body = bank.tom.act(number, "request-changes", {"comment": "Shorter"}).json()
    assert body["state"] == "changes_requested"
    inbox = bank.mei.read("/inbox/").json()["results"]
    assert [(row["number"], row["wants"]) for row in inbox] == [(number, "revision")]
    edits = [{**RENAME[0], "fields": {"name": "Welcome"}}]
    assert bank.mei.call(f"/changes/{number}/edits/", edits).status_code == 200
    assert bank.mei.act(number, "submit").json()["state"] == "in_review"


def test_only_the_hunks_named_are_approved(bank: Bank, draft: Draft) -> None:
    number = draft()
    edits = [
        *RENAME,
        {"op": "update", "element": "steps", "key": "wait", "fields": {"wait": "P4D"}},
    ]
    bank.mei.call(f"/changes/{number}/edits/", edits)
    bank.mei.act(number, "submit")
    hunks = {
        h["key"]: h["digest"] for h in bank.mei.read(f"/changes/{number}/diff/").json()["hunks"]
    }
    assert bank.tom.act(number, "approve").status_code == 200
    one = bank.ana.act(number, "approve", {"hunks": [hunks["wait"]]}).json()
    assert one["state"] == "in_review"
    other = bank.ana.act(number, "approve", {"hunks": [hunks["welcome-email"]]}).json()
    assert other["state"] == "approved"


def test_a_hunk_that_is_not_there_is_a_conflict(bank: Bank, submitted: Draft) -> None:
    number = submitted()
    is_problem(bank.tom.act(number, "approve", {"hunks": ["0" * 64]}), 409)
    is_problem(bank.tom.act(number, "approve", {"hunks": []}), 400)
    assert not Review.objects.exists() or not Review.objects.filter(change=number).exists()


def test_the_digest_looked_at_is_checked(bank: Bank, submitted: Draft) -> None:
    number = submitted()
    is_problem(bank.tom.act(number, "approve", {"digest": "0" * 64}), 412, "stale")
    digest = bank.tom.read(f"/changes/{number}/").json()["digest"]
    assert bank.tom.act(number, "approve", {"digest": digest}).status_code == 200


@pytest.mark.parametrize(
    "moment",
    [
        "yesterday",
        "",
        "2026-02-30T10:00:00Z",
        "2027-01-01T10:00:00",
        "2027-01-01",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        1893456000,
        True,
        ["2027-01-01T10:00:00Z"],
    ],
)
def test_an_odd_time_is_refused(bank: Bank, submitted: Draft, moment: Any) -> None:
    number = submitted()
    bank.tom.act(number, "approve")
    bank.ana.act(number, "approve")
    body = is_problem(bank.ana.act(number, "schedule", {"publish_at": moment}), 400, "invalid")
    assert "publish_at" in body["errors"]
    is_problem(bank.ana.act(number, "schedule"), 400)
    assert Change.objects.get(pk=number).state == "approved"


class TestRepeats:
    def test_the_same_call_does_nothing_twice(self, bank: Bank, submitted: Draft) -> None:
        number = submitted()
        first = bank.tom.act(number, "approve", {"comment": "Fine"}, Idempotency_Key="k-1")
        entries = LedgerEntry.objects.count()
        again = bank.tom.act(number, "approve", {"comment": "Fine"}, Idempotency_Key="k-1")
        assert (again.status_code, again.json()) == (200, first.json())
        assert LedgerEntry.objects.count() == entries

    def test_the_answer_is_that_of_the_first_call(self, bank: Bank, submitted: Draft) -> None:
        number = submitted()
        first = bank.tom.act(number, "approve", Idempotency_Key="k-1")
        bank.ana.act(number, "approve")
        published = bank.ana.act(number, "publish", Idempotency_Key="k-2")
        rolled = bank.ana.act(number, "roll-back", {"comment": "x"}, Idempotency_Key="k-3")
        assert bank.tom.act(number, "approve", Idempotency_Key="k-1").json() == first.json()
        again = bank.ana.act(number, "publish", Idempotency_Key="k-2")
        assert again.json() == published.json()
        changes = Change.objects.count()
        again = bank.ana.act(number, "roll-back", {"comment": "x"}, Idempotency_Key="k-3")
        assert again.json() == rolled.json()
        assert Change.objects.count() == changes

    def test_a_key_stands_for_one_call(self, bank: Bank, submitted: Draft) -> None:
        number, other = submitted("One"), submitted("Two")
        bank.tom.act(number, "approve", Idempotency_Key="k-1")
        is_problem(bank.tom.act(other, "approve", Idempotency_Key="k-1"), 409)
        answer = bank.tom.act(number, "comment", {"comment": "x"}, Idempotency_Key="k-1")
        is_problem(answer, 409)
        # Another person may use the same key.
        assert bank.ana.act(number, "approve", Idempotency_Key="k-1").status_code == 200

    def test_a_refusal_is_not_remembered(self, bank: Bank, submitted: Draft) -> None:
        number = submitted()
        is_problem(bank.ana.act(number, "publish", Idempotency_Key="k-1"), 409)
        bank.tom.act(number, "approve")
        bank.ana.act(number, "approve")
        assert bank.ana.act(number, "publish", Idempotency_Key="k-1").status_code == 200

    def test_two_changes_do_not_share_a_key(self, bank: Bank, submitted: Draft) -> None:
        number, other = submitted("One"), submitted("Two")
        bank.tom.act(number, "approve", Idempotency_Key="k-1")
        is_problem(bank.tom.act(other, "approve", Idempotency_Key="k-1"), 409)
        assert not Review.objects.filter(change=other).exists()

    @pytest.mark.parametrize("key", ["", " ", "x" * 201, "naïve", "a b", "\x7f"])
    def test_an_odd_key_is_refused(self, bank: Bank, submitted: Draft, key: str) -> None:
        body = is_problem(bank.tom.act(submitted(), "approve", Idempotency_Key=key), 400)
        assert "Idempotency-Key" in body["errors"]


def test_a_schedule_far_ahead_is_refused(bank: Bank, submitted: Draft) -> None:
    number = submitted()
    bank.tom.act(number, "approve")
    bank.ana.act(number, "approve")
    for days in (-1, 20 * 365):
        moment = (timezone.now() + timedelta(days=days)).isoformat()
        body = is_problem(bank.ana.act(number, "schedule", {"publish_at": moment}), 400)
        assert "publish_at" in body["errors"]
