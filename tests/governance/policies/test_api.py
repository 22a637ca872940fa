"""Policies through the API: anybody reads them, governance leads write them."""

import pytest

from governance.models import Policy
from tests.api.conftest import (  # noqa: F401
    _built,
    _fresh_rates,
    anonymous,
    bank,
    is_problem,
)
from tests.governance.policies.writing import clear, definition, make_lead


@pytest.fixture
def lead(bank):  # noqa: F811
    clear()
    make_lead(bank.user("ana"))
    return bank.ana


def send(client, **more):
    return client.call("/policies/", {"definition": definition(**more), "comment": "So be it"})


def test_a_policy_is_proposed_activated_and_read(bank, lead):  # noqa: F811
    answer = send(lead)
    assert answer.status_code == 201, answer.content
    assert answer["Location"] == "/api/v1/policies/letters/"
    version = answer.json()
    assert (version["number"], version["state"]) == (1, "proposed")
    assert version["author"]["email"] == "ana@bank.example"

    answer = lead.call("/policies/letters/versions/1/activate/", {"comment": "Now"})
    assert answer.status_code == 200, answer.content
    assert answer.json()["active"]["number"] == 1

    for path in ("/policies/letters/", "/policies/letters/versions/", "/policies/"):
        assert bank.zoe.read(path).status_code == 200
    shown = bank.zoe.read("/policies/letters/").json()
    assert shown["active"]["definition"]["require"][0]["quorum"] == 1
    assert shown["proposed"] is None


def test_only_governance_leads_write(bank, lead):  # noqa: F811
    send(lead)
    for path, body in (
        ("/policies/", {"definition": definition("mine")}),
        ("/policies/letters/versions/1/activate/", {}),
        ("/policies/letters/versions/1/decline/", {"comment": "x"}),
        ("/policies/letters/end/", {"comment": "x"}),
    ):
        refused = is_problem(bank.mei.call(path, body), 403, "forbidden")
        assert "governance leads" in refused["detail"]
    assert not Policy.objects.filter(key="mine").exists()


def test_what_is_wrong_is_told_with_pointers(lead):
    answer = send(lead, when={"fact": "colour", "op": "is", "value": True})
    body = is_problem(answer, 422, "document_invalid")
    assert [finding["pointer"] for finding in body["findings"]] == ["/when/fact"]


@pytest.mark.parametrize(
    "body", [{}, {"definition": []}, {"definition": "x"}, {"definition": {}, "comment": 3},
             {"definition": {}, "other": 1}, []],
)  # fmt: skip
def test_bodies_that_are_none(lead, body):
    is_problem(lead.call("/policies/", body), 400)


def test_the_last_one_does_not_end(lead):
    send(lead)
    lead.call("/policies/letters/versions/1/activate/", {})
    assert lead.call("/policies/letters/end/", {}).status_code == 400
    assert lead.call("/policies/letters/end/", {"comment": "Old"}).status_code == 201
    answer = lead.call("/policies/letters/versions/2/activate/", {})
    is_problem(answer, 409, "catch_all_needed")


def test_a_proposal_is_withdrawn(lead):
    send(lead)
    answer = lead.call("/policies/letters/versions/1/decline/", {})
    assert answer.json()["state"] == "declined"
    assert lead.call("/policies/letters/versions/1/decline/", {}).status_code == 409


def test_what_is_missing(lead):
    for path in ("/policies/none/", "/policies/none/versions/"):
        is_problem(lead.read(path), 404, "not_found")
    for path in ("none/end/", "none/versions/1/activate/", "none/versions/1/decline/"):
        is_problem(lead.call(f"/policies/{path}", {"comment": "x"}), 404, "not_found")


def test_the_facts_say_what_they_can_be_asked(bank):  # noqa: F811
    facts = {one["name"]: one for one in bank.zoe.read("/facts/").json()["results"]}
    assert facts["kinds"]["ops"] == ["any_of", "all_of", "none_of", "only", "empty"]
    assert {"value": "email", "label": "E-mail"} in facts["channels"]["values"]
    assert facts["key"]["values"] is None
    assert facts["emergency"]["type"] == "truth"
