"""Title and reasons of a change, by the API."""

import pytest

from tests.api.conftest import is_problem


def test_what_is_left_out_stays(bank, draft):
    number = draft()

    answer = bank.mei.send("PATCH", f"/changes/{number}/", {"title": "Warmest words"})

    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["title"], body["rationale"]) == ("Warmest words", "Read better")
    assert (
        bank.mei.send("PATCH", f"/changes/{number}/", {"rationale": ""}).json()["rationale"] == ""
    )


@pytest.mark.parametrize("body", [{"title": ""}, {"title": "x" * 201}, {"state": "published"}, []])
def test_what_is_not_right_is_refused(bank, draft, body):
    is_problem(bank.mei.send("PATCH", f"/changes/{draft()}/", body), 400)


def test_a_change_under_review_says_what_it_said(bank, submitted):
    is_problem(bank.mei.send("PATCH", f"/changes/{submitted()}/", {"title": "Other"}), 409)


def test_only_those_who_may_edit_it(bank, draft):
    number = draft()
    is_problem(bank.ida.send("PATCH", f"/changes/{number}/", {"title": "Other"}), 403)
    is_problem(bank.zoe.send("PATCH", f"/changes/{number}/", {"title": "Other"}), 404)
