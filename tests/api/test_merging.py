"""Live moves under a change: what the API says of it, resolutions, rebase and queue."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import Bank, is_problem

Draft = Callable[..., int]


def publish(bank: Bank, number: int, approvers: tuple[str, ...] = ("tom", "ana")) -> None:
    for person, action in (
        ("mei", "submit"),
        *((person, "approve") for person in approvers),
        ("ana", "publish"),
    ):
        answer = getattr(bank, person).act(number, action)
        assert answer.status_code == 200, answer.content


def edited(bank: Bank, number: int, key: str, **fields: Any) -> int:
    edits = [{"op": "update", "element": "steps", "key": key, "fields": fields}]
    assert bank.mei.call(f"/changes/{number}/edits/", edits).status_code == 200
    return number


def test_none_while_the_base_is_live(bank: Bank, submitted: Draft) -> None:
    body = bank.mei.read(f"/changes/{submitted()}/conflicts/").json()
    assert (body["moved"], body["conflicts"]) == ([], [])
    assert body["base"] == body["live"]


def clashing(bank: Bank, draft: Draft) -> int:
    """A change that live has moved under, in one of the two places it touches."""
    mine = edited(bank, draft("Mine"), "welcome-email", name="Mine")
    edited(bank, mine, "wait", wait="P6D")
    theirs = edited(bank, draft("Theirs"), "welcome-email", name="Theirs")
    publish(bank, theirs)
    return mine


def conflict_of(bank: Bank, number: int) -> dict[str, Any]:
    (conflict,) = bank.mei.read(f"/changes/{number}/conflicts/").json()["conflicts"]
    return conflict


def test_what_moved_and_what_no_longer_fits(bank: Bank, draft: Draft) -> None:
    mine = clashing(bank, draft)
    body = bank.mei.read(f"/changes/{mine}/conflicts/").json()
    assert (body["base"]["number"], body["live"]["number"]) == (1, 2)
    assert [(h["element"], h["key"]) for h in body["moved"]] == [("steps", "welcome-email")]
    (conflict,) = body["conflicts"]
    assert (body["open"], conflict["kind"]) == (1, "edit/edit")
    assert (conflict["key"], conflict["field"]) == ("welcome-email", ["name"])
    sides = [conflict[side] for side in ("base", "ours", "theirs")]
    assert sides == ["Welcome e-mail", "Mine", "Theirs"]
    assert "Theirs" in conflict["where"]
    diff = bank.mei.read(f"/changes/{mine}/diff/").json()
    assert conflict["hunk"] in {hunk["digest"] for hunk in diff["hunks"]}


def test_a_clashing_change_is_not_published(bank: Bank, draft: Draft) -> None:
    mine = edited(bank, draft("Mine"), "welcome-email", name="Mine")
    bank.mei.act(mine, "submit")
    for person in ("tom", "ana"):
        getattr(bank, person).act(mine, "approve")
    publish(bank, edited(bank, draft("Theirs"), "welcome-email", name="Theirs"))
    is_problem(bank.ana.act(mine, "publish"), 409, "live_moved")


def test_a_clashing_change_is_not_submitted(bank: Bank, draft: Draft) -> None:
    is_problem(bank.mei.act(clashing(bank, draft), "submit"), 409, "conflicts_open")


def test_rebase_with_a_resolution(bank: Bank, draft: Draft) -> None:
    mine = clashing(bank, draft)
    is_problem(bank.mei.act(mine, "rebase"), 409, "conflicts_open")
    chosen = {"conflict": conflict_of(bank, mine)["fingerprint"], "choice": "mine"}
    taken = bank.mei.act(mine, "rebase", {"resolutions": [chosen]})
    assert taken.status_code == 200, taken.content
    body = bank.mei.read(f"/changes/{mine}/conflicts/").json()
    assert (body["base"], body["conflicts"]) == (body["live"], [])
    document = bank.mei.read(f"/changes/{mine}/document/").json()
    assert document["steps"][0]["name"] == "Mine"


def test_resolution_is_kept_for_later(bank: Bank, draft: Draft) -> None:
    mine = clashing(bank, draft)
    fingerprint = conflict_of(bank, mine)["fingerprint"]
    body = {"resolutions": [{"conflict": fingerprint, "choice": "edited", "value": "Both of us"}]}
    kept = bank.mei.call(f"/changes/{mine}/resolutions/", body)
    assert kept.status_code == 200, kept.content
    assert (kept.json()["open"], kept.json()["conflicts"][0]["resolution"]) == (
        0,
        {"choice": "edited", "value": "Both of us"},
    )
    assert bank.mei.act(mine, "rebase").status_code == 200
    document = bank.mei.read(f"/changes/{mine}/document/").json()
    assert document["steps"][0]["name"] == "Both of us"


@pytest.mark.parametrize(
    ("resolution", "status", "code"),
    [
        ({"conflict": "0" * 64, "choice": "mine"}, 409, "conflict_gone"),
        ({"choice": "mine"}, 400, "bad_resolution"),
        ({"conflict": "FP", "choice": "both"}, 400, "bad_resolution"),
        ({"conflict": "FP", "choice": "edited"}, 400, "bad_resolution"),
        ({"conflict": "FP", "choice": "edited", "value": {"a": 1}}, 422, "document_invalid"),
        ({"conflict": "FP", "choice": "edited", "value": "\u0000"}, 422, "document_invalid"),
    ],
)
def test_bad_resolution_is_refused_and_nothing_is_kept(
    bank: Bank, draft: Draft, resolution: dict[str, Any], status: int, code: str
) -> None:
    mine = clashing(bank, draft)
    fingerprint = conflict_of(bank, mine)["fingerprint"]
    sent = {n: fingerprint if value == "FP" else value for n, value in resolution.items()}
    is_problem(bank.mei.act(mine, "rebase", {"resolutions": [sent]}), status, code)
    assert conflict_of(bank, mine)["resolution"] is None


@pytest.mark.parametrize("resolutions", ["mine", {"a": 1}, 7, [[]], [None], True])
def test_what_is_no_list_of_resolutions_is_refused(
    bank: Bank, draft: Draft, resolutions: Any
) -> None:
    mine = clashing(bank, draft)
    refused = bank.mei.act(mine, "rebase", {"resolutions": resolutions})
    is_problem(refused, 400, "bad_resolution")


def test_queued_change_waits_for_the_other(bank: Bank, draft: Draft) -> None:
    first, second = draft("First"), draft("Second")
    assert bank.mei.act(second, "queue", {"after": first}).status_code == 200
    assert bank.mei.read(f"/changes/{second}/").json()["queued_behind"] == first
    is_problem(bank.mei.act(second, "queue", {"after": second}), 400, "invalid")
    is_problem(bank.mei.act(first, "queue", {"after": second}), 409, "queue_circle")
    assert bank.mei.act(second, "queue", {"after": 0}).status_code == 200
    assert bank.mei.read(f"/changes/{second}/").json()["queued_behind"] is None


def test_edits_elsewhere_do_not_clash(bank: Bank, draft: Draft) -> None:
    mine = edited(bank, draft("Mine"), "wait", wait="P6D")
    publish(bank, edited(bank, draft("Theirs"), "welcome-email", name="Theirs"))
    body = bank.mei.read(f"/changes/{mine}/conflicts/").json()
    assert body["moved"]
    assert body["conflicts"] == []


def test_a_closed_change_has_none(bank: Bank, draft: Draft) -> None:
    number = edited(bank, draft(), "wait", wait="P6D")
    publish(bank, number, ("ana",))
    body = bank.mei.read(f"/changes/{number}/conflicts/").json()
    assert (body["moved"], body["conflicts"]) == ([], [])
