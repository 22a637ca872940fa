"""Who decides over the API: what is asked and why, what would make it less, and the steps."""

from collections.abc import Callable
from typing import Any

import people.services
from governance import services
from people.models import Team
from tests.api.conftest import Bank
from tests.cast import propose, reach, rename, wait_for
from tests.governance.enforcing import enforce, need, policy

JUN = [{"people": ["jun@bank.example"]}]
TIMING = {"fact": "kinds", "op": "any_of", "value": ["timing"]}


def requirements(bank: Bank, number: int) -> dict[str, Any]:
    found = bank.mei.read(f"/changes/{number}/requirements/").json()
    return {**found, "by_key": {one["key"]: one for one in found["requirements"]}}


def test_preview_tells_policy_and_what_would_be_less(bank: Bank) -> None:
    enforce(policy("legal", need("legal", name="Legal", reviewers=JUN, round=2), when=TIMING))
    change = propose(bank.cast, rename("Hello"), wait_for(9))

    found = requirements(bank, change.number)

    legal = found["by_key"]["legal"]
    assert (legal["label"], legal["policy"], legal["version"], legal["round"]) == (
        "Legal",
        "legal",
        1,
        2,
    )
    assert found["by_key"]["steward:email"]["label"] == "Channel team: E-mail"
    assert {
        "why": "Without the edits of the kind “timing”, Legal is not needed.",
        "without": {"kind": "timing", "element": "", "key": ""},
        "requirements": ["legal"],
    } in found["smaller"]


def test_submitted_change_tells_who_gave_it_for_whom(bank: Bank) -> None:
    change = reach(bank.cast, "in_review")
    from_to = {"starts_at": change.submitted_at, "ends_at": change.due_at}
    services.delegate(
        giver=bank.cast.ana,
        taker=bank.cast.jun,
        actor=bank.cast.ana,
        **from_to,  # type: ignore[arg-type]
    )
    assert bank.jun.act(change.number, "approve").status_code == 200

    found = requirements(bank, change.number)

    assert found["smaller"] == []
    assert found["by_key"]["owner"]["given_by"] == [
        {
            "email": "jun@bank.example",
            "name": "Jun",
            "on_behalf_of": {"email": "ana@bank.example", "name": "Ana"},
        }
    ]
    assert found["by_key"]["steward:email"]["is_open"]
    assert not found["by_key"]["steward:email"]["is_stuck"]


def test_governance_lead_appoints(bank: Bank) -> None:
    change = reach(bank.cast, "in_review")
    for user in (bank.cast.tom, bank.cast.nora):
        people.services.remove_membership(
            team=Team.objects.get(key="email"), user=user, actor=bank.cast.omar
        )
    body = {"requirement": "steward:email", "person": "jun@bank.example", "comment": "On leave"}

    assert bank.ana.act(change.number, "appoint", body).status_code == 403
    wrong = bank.omar.act(change.number, "appoint", {**body, "person": "zoe@bank.example"})
    assert list(wrong.json()["errors"]) == ["person"]
    assert bank.omar.act(change.number, "appoint", body).status_code == 200
    assert requirements(bank, change.number)["by_key"]["steward:email"]["people"] == [
        {"email": "jun@bank.example", "name": "Jun"}
    ]


def test_glass_is_broken_and_looked_at_afterwards(bank: Bank) -> None:
    change = reach(bank.cast, "in_review")

    assert bank.omar.act(change.number, "break-glass", {}).status_code == 400
    assert bank.ana.act(change.number, "break-glass", {"comment": "x"}).status_code == 403
    done = bank.omar.act(change.number, "break-glass", {"comment": "Wrong number"})
    assert (done.status_code, done.json()["state"]) == (200, "published")

    item = bank.tom.read("/inbox/").json()["results"][0]
    assert (item["number"], item["wants"]) == (change.number, "after-review")
    assert item["after_review_due_at"]
    assert item["decisions"][0]["label"] == "Channel team: E-mail"
    assert bank.tom.act(change.number, "object", {"comment": "No"}).status_code == 200
    assert bank.tom.act(change.number, "stand-by").status_code == 200
    assert bank.ana.act(change.number, "stand-by").status_code == 200
    assert bank.mei.read(f"/changes/{change.number}/").json()["after_review_due_at"] is None


def test_looking_at_it(bank: Bank, submitted: Callable[[], int]) -> None:
    address = f"/changes/{submitted()}/pick-up/"

    assert bank.mei.send("PUT", address).status_code == 403
    assert bank.tom.send("PUT", address).json()["looked_at_by"][0]["name"] == "Tom"
    assert bank.ana.read("/inbox/").json()["results"][0]["looked_at_by"][0]["name"] == "Tom"
    assert bank.tom.send("DELETE", address).json()["looked_at_by"] == []


def test_emergency_is_a_field(bank: Bank) -> None:
    about = {"subject": {"kind": "journey", "key": "account-opening"}, "title": "Wrong number"}
    made = bank.mei.call("/changes/", {**about, "emergency": True}).json()
    address = f"/changes/{made['number']}/"

    assert made["emergency"] is True
    assert bank.mei.send("PATCH", address, {"title": "Right number"}).json()["emergency"] is True
    assert bank.mei.send("PATCH", address, {"emergency": False}).json()["emergency"] is False
    assert bank.mei.send("PATCH", address, {"emergency": "no"}).status_code == 400
