"""Calls that are sent twice with one Idempotency-Key."""

import pytest

from content.models import Asset
from governance.models import Change
from tests.api.conftest import is_problem

CHANGE = {"subject": {"kind": "journey", "key": "account-opening"}, "title": "Warmer"}
JOURNEY = {"key": "loan", "name": "Loan"}
ASSET = {"key": "goodbye", "kind": "sms", "team": "email", "name": "Goodbye"}
CALLS = [("/changes/", CHANGE), ("/journeys/", JOURNEY), ("/assets/", ASSET)]


@pytest.mark.parametrize(("path", "body"), CALLS)
def test_a_repeat_leads_to_what_the_first_call_made(bank, path, body):
    first = bank.mei.call(path, body, idempotency_key="one")
    made = Change.objects.count(), Asset.objects.count()
    second = bank.mei.call(path, body, idempotency_key="one")

    assert first.status_code == second.status_code == 201, second.content
    assert second.json() == first.json()
    assert second["Location"] == first["Location"]
    assert (Change.objects.count(), Asset.objects.count()) == made


@pytest.mark.parametrize(("path", "body"), CALLS)
def test_a_key_used_for_something_else_is_refused(bank, path, body):
    assert bank.mei.call("/changes/", {**CHANGE, "title": "First"}, idempotency_key="one")

    is_problem(bank.mei.call(path, body, idempotency_key="one"), 409, "conflict")


def test_keys_belong_to_the_person(bank):
    first = bank.mei.call("/changes/", CHANGE, idempotency_key="one")
    second = bank.tom.call("/changes/", CHANGE, idempotency_key="one")

    assert second.status_code == 201
    assert first.json()["number"] != second.json()["number"]


def test_a_refused_call_is_not_remembered(bank):
    is_problem(bank.mei.call("/changes/", {**CHANGE, "title": ""}, idempotency_key="one"), 400)

    assert bank.mei.call("/changes/", CHANGE, idempotency_key="one").status_code == 201


def test_an_odd_key_is_refused(bank):
    is_problem(bank.mei.call("/assets/", ASSET, idempotency_key="x" * 201), 400)
