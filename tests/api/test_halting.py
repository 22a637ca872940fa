"""Pausing, stopping and going on, over the API."""

from typing import Any

import pytest

from tests.api.conftest import Bank, is_problem

HERE = "/journeys/account-opening/"


def test_a_journey_is_halted_and_goes_on(bank: Bank) -> None:
    assert bank.ana.read(HERE).json()["halts"] == []

    answer = bank.ana.call(f"{HERE}halt/", {"kind": "stop", "reason": "Wrong rate"})

    assert answer.status_code == 200, answer.content
    (told,) = answer.json()["halts"]
    assert (told["kind"], told["step"], told["reason"]) == ("stop", "", "Wrong rate")
    assert told["by"]["email"] == "ana@bank.example"
    assert bank.mei.read(HERE).json()["halts"] == [told]
    assert bank.ana.call(f"{HERE}resume/", {}).json()["halts"] == []
    row = bank.ana.read("/ledger/").json()["results"][0]
    assert (row["action"], row["change"], row["to_state"]) == ("resume", None, "")
    assert row["subject"]["key"] == "account-opening"


def test_a_step_is_halted_by_a_lead_of_its_team(bank: Bank) -> None:
    answer = bank.tom.call(f"{HERE}halt/", {"kind": "pause", "step": "welcome-email"})
    assert answer.status_code == 200, answer.content
    is_problem(bank.tom.call(f"{HERE}halt/", {"kind": "pause"}), 403)
    is_problem(bank.ana.call(f"{HERE}halt/", {"kind": "pause", "step": "welcome-email"}), 409)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"kind": "freeze"}, 400),
        ({"kind": None}, 400),
        ({"kind": "pause", "step": 7}, 400),
        ({"kind": "pause", "step": "nowhere"}, 404),
        ({"kind": "pause", "reason": "x" * 10_001}, 400),
        ({"kind": "pause", "reason": "a\u202eb"}, 400),
        ({"kind": "pause", "colour": "red"}, 400),
        ([], 400),
    ],
)
def test_bad_bodies_are_refused(bank: Bank, body: Any, status: int) -> None:
    is_problem(bank.ana.call(f"{HERE}halt/", body), status)
    assert bank.ana.read(HERE).json()["halts"] == []


def test_the_same_key_halts_once(bank: Bank) -> None:
    first = bank.ana.call(f"{HERE}halt/", {"kind": "pause"}, Idempotency_Key="k")
    again = bank.ana.call(f"{HERE}halt/", {"kind": "pause"}, Idempotency_Key="k")
    assert first.json() == again.json()
