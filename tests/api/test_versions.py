"""Versions through the API: two compared, one brought back."""

import pytest

from tests.api.conftest import is_problem
from tests.cast import rename
from tests.governance.publishing import publish, without_call

JOURNEY = "/journeys/account-opening"
COMPARE = JOURNEY + "/versions/{}/compare/{}/"
RESTORE = JOURNEY + "/versions/{}/restore/"


@pytest.fixture
def versions(bank):
    """1: as it was; 2: without the call; 3: the welcome e-mail has another name."""
    without_call(bank.cast)
    publish(bank.cast, rename("A warm welcome"))
    return bank


def marks(answer):
    return {(one["element"], one["key"]): one["mark"] for one in answer.json()["hunks"]}


def test_two_versions_are_compared_in_words_and_hunk_by_hunk(versions):
    answer = versions.mei.read(COMPARE.format(1, 3))

    assert answer.status_code == 200
    body = answer.json()
    first, third = (versions.cast.journey.versions.get(number=number) for number in (1, 3))
    assert body["from"] == {"number": 1, "digest": first.digest}
    assert body["to"] == {"number": 3, "digest": third.digest}
    assert "1 step removed: Courtesy call." in body["summary"]
    assert marks(answer) == {
        ("steps", "welcome-email"): "edit",
        ("steps", "call"): "remove",
        ("transitions", "wait-call"): "remove",
        ("transitions", "call-end"): "remove",
        ("transitions", "wait-end"): "add",
    }
    renamed = next(one for one in body["hunks"] if one["key"] == "welcome-email")
    assert renamed["changes"] == [
        {"op": "edit", "field": ["name"], "before": "Welcome e-mail", "after": "A warm welcome"}
    ]


def test_the_other_way_round_is_the_way_back(versions):
    there = marks(versions.mei.read(COMPARE.format(1, 3)))
    back = versions.mei.read(COMPARE.format(3, 1))

    turned = {"add": "remove", "remove": "add", "edit": "edit"}
    assert marks(back) == {place: turned[mark] for place, mark in there.items()}
    assert "1 step added: Courtesy call." in back.json()["summary"]


def test_a_version_and_itself_differ_in_nothing(versions):
    body = versions.mei.read(COMPARE.format(2, 2)).json()

    assert (body["summary"], body["hunks"]) == ([], [])
    assert body["from"] == body["to"]


def test_a_path_that_leads_elsewhere_is_rewired(versions):
    publish(
        versions.cast,
        {
            "op": "update",
            "element": "transitions",
            "key": "welcome-email-wait",
            "fields": {"target": "end"},
        },
        {
            "op": "add",
            "element": "transitions",
            "key": "to-wait",
            "fields": {"source": "welcome-email", "target": "wait"},
        },
        decide=("ana",),
    )

    answer = versions.mei.read(COMPARE.format(3, 4))

    assert marks(answer) == {
        ("transitions", "welcome-email-wait"): "rewire",
        ("transitions", "to-wait"): "add",
    }


def test_missing_and_invisible_look_alike(versions):
    paths = (COMPARE.format(1, 9), COMPARE.format(0, 1), COMPARE.format(10**30, 1))
    answers = [versions.mei.read(path) for path in paths]
    answers.append(versions.zoe.read(COMPARE.format(1, 2)))
    answers.append(versions.zoe.read("/journeys/nowhere/versions/1/compare/2/"))

    bodies = [is_problem(answer, 404, "not_found") for answer in answers]

    assert len({body["detail"] for body in bodies}) == 1


def test_a_version_is_restored_by_a_change(versions):
    answer = versions.mei.call(RESTORE.format(1), {"rationale": "Call again"})

    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["state"], body["restores"], body["title"]) == ("draft", 1, "Restore version 1")
    assert body["digest"] == versions.cast.journey.versions.get(number=1).digest
    assert answer["Location"].endswith(f"/changes/{body['number']}/")


def test_or_some_elements_of_it(versions):
    answer = versions.mei.call(
        RESTORE.format(1),
        {
            "elements": [
                {"element": "steps", "key": "call"},
                {"element": "transitions", "key": "wait-call"},
            ],
            "title": "Call again",
        },
    )

    assert answer.status_code == 201, answer.content
    diff = versions.mei.read(f"/changes/{answer.json()['number']}/diff/").json()
    assert {(one["element"], one["key"], one["op"]) for one in diff["hunks"]} == {
        ("steps", "call", "add"),
        ("transitions", "wait-call", "add"),
    }


def test_a_repeat_opens_nothing_twice(versions):
    first, second = (
        versions.mei.call(RESTORE.format(1), {}, Idempotency_Key="again") for _again in range(2)
    )

    assert first.json()["number"] == second.json()["number"]
    is_problem(versions.mei.call(RESTORE.format(2), {}, Idempotency_Key="again"), 409, "conflict")


@pytest.mark.parametrize(
    ("number", "body", "status", "code"),
    [
        (3, {}, 409, "nothing_to_restore"),
        (9, {}, 404, "not_found"),
        (10**30, {}, 404, "not_found"),
        (1, {"elements": []}, 400, "invalid"),
        (1, {"elements": [{"element": "steps", "key": "nowhere"}]}, 400, "invalid"),
        (1, {"elements": [{"element": "steps", "key": "call"}] * 2}, 400, "invalid"),
        (1, {"elements": [{"element": "steps", "key": "wait"}]}, 409, "nothing_to_restore"),
        (1, {"elements": [{"element": "steps"}]}, 400, "invalid"),
        (1, {"elements": [{"key": "call"}]}, 400, ""),
        (1, {"elements": ["steps/call"]}, 400, ""),
        (1, {"elements": {"steps": "call"}}, 400, ""),
        (1, {"elements": [{"element": "steps", "key": "\u0000"}]}, 400, ""),
        (1, {"elements": [{"element": 3, "key": "call"}]}, 400, ""),
        (1, {"title": "x" * 201}, 400, ""),
        (1, {"version": 1}, 400, ""),
        (1, [], 400, ""),
    ],
)
def test_what_cannot_be_restored_is_a_problem_in_words(versions, number, body, status, code):
    answer = versions.mei.call(RESTORE.format(number), body)

    assert is_problem(answer, status, code)["detail"]


def test_who_may_not_propose_may_not_restore(versions):
    is_problem(versions.ida.call(RESTORE.format(1), {}), 403, "forbidden")
    is_problem(versions.zoe.call(RESTORE.format(1), {}), 404, "not_found")


def test_an_asset_is_restored_the_same_way(bank):
    path = "/assets/onboarding-welcome/versions/{}/restore/"
    is_problem(bank.mei.call(path.format(1), {}), 409, "nothing_to_restore")
    is_problem(bank.mei.call(path.format(9), {}), 404, "not_found")
