"""Ticks and suggested edits by program."""

import pytest

from governance.models import Suggestion
from tests.api.conftest import RENAME, is_problem

CALM = [{**RENAME[0], "fields": {"name": "A calm welcome"}}]


@pytest.fixture
def number(submitted):
    return submitted()


def digest_of(bank, number):
    return bank.tom.read(f"/changes/{number}/diff/").json()["hunks"][0]["digest"]


def suggest(bank, number, edits=None, by="jun", **more):
    body = {"edits": CALM if edits is None else edits, "comment": "Less heat"}
    return getattr(bank, by).call(f"/changes/{number}/suggestions/", body, **more)


# --- ticks -------------------------------------------------------------------------------------


def test_a_hunk_is_ticked_listed_and_taken_back(bank, number):
    digest = digest_of(bank, number)
    address = f"/changes/{number}/viewed/"

    answer = bank.tom.send("PUT", f"{address}{digest}/")
    assert answer.json() == {"digest": digest, "viewed": True, "done": 1, "total": 1}
    assert bank.tom.read(address).json()["viewed"] == [digest]
    assert bank.ana.read(address).json()["viewed"] == []

    answer = bank.tom.send("DELETE", f"{address}{digest}/")
    assert (answer.json()["viewed"], answer.json()["done"]) == (False, 0)
    assert bank.tom.read(address).json()["viewed"] == []


@pytest.mark.parametrize(
    ("digest", "status"), [("x", 400), ("A" * 64, 400), ("0" * 64, 409), ("9" * 2_000, 400)]
)
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_what_is_no_hunk_of_the_change_is_refused(bank, number, method, digest, status):
    is_problem(bank.tom.send(method, f"/changes/{number}/viewed/{digest}/"), status)


# --- suggestions -------------------------------------------------------------------------------


def test_a_suggestion_is_listed_with_its_fields(bank, number):
    answer = suggest(bank, number)

    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["edits"] == CALM
    assert made["changes"] == [
        {"op": "edit", "field": ["name"], "before": "A warm welcome", "after": "A calm welcome"}
    ]
    assert (made["state"], made["is_outdated"], made["decided_by"]) == ("open", False, None)
    assert bank.tom.read(f"/changes/{number}/suggestions/").json()["results"] == [made]


def test_the_author_applies_it(bank, number):
    pk = suggest(bank, number).json()["id"]

    answer = bank.mei.call(f"/changes/{number}/suggestions/{pk}/apply/", {})

    assert answer.status_code == 200, answer.content
    assert answer.json()["entry"]["action"] == "apply"
    document = bank.mei.read(f"/changes/{number}/document/").json()
    assert document["steps"][0]["name"] == "A calm welcome"
    (listed,) = bank.mei.read(f"/changes/{number}/suggestions/").json()["results"]
    assert (listed["state"], listed["decided_by"]["name"]) == ("applied", "Mei")


def test_the_author_declines_it_in_words(bank, number):
    pk = suggest(bank, number).json()["id"]
    address = f"/changes/{number}/suggestions/{pk}/decline/"

    is_problem(bank.mei.call(address, {}), 400)
    assert bank.mei.call(address, {"comment": "Warm it is"}).status_code == 200
    is_problem(bank.mei.call(address, {"comment": "Warm it is"}), 409, "suggestion_answered")


def test_what_has_changed_since_is_outdated(bank, number):
    first, second = (suggest(bank, number, by=name).json()["id"] for name in ("jun", "tom"))
    assert bank.mei.call(f"/changes/{number}/suggestions/{first}/apply/", {}).status_code == 200

    listed = bank.mei.read(f"/changes/{number}/suggestions/").json()["results"]
    assert [one["is_outdated"] for one in listed] == [False, True]
    answer = bank.mei.call(f"/changes/{number}/suggestions/{second}/apply/", {})
    is_problem(answer, 409, "suggestion_outdated")


def test_a_digest_that_is_no_longer_right_is_refused(bank, number):
    pk = suggest(bank, number).json()["id"]
    old = {"digest": "0" * 64}

    is_problem(bank.mei.call(f"/changes/{number}/suggestions/{pk}/apply/", old), 412)
    body = {"edits": CALM, **old}
    is_problem(bank.tom.call(f"/changes/{number}/suggestions/", body), 412)


def test_repeats_do_nothing_twice(bank, number):
    first = suggest(bank, number, idempotency_key="one")
    assert suggest(bank, number, idempotency_key="one").json() == first.json()
    assert Suggestion.objects.count() == 1

    address = f"/changes/{number}/suggestions/{first.json()['id']}/apply/"
    applied = bank.mei.call(address, {}, idempotency_key="two")
    assert bank.mei.call(address, {}, idempotency_key="two").json() == applied.json()


def test_whoever_made_it_takes_it_back(bank, number):
    pk = suggest(bank, number).json()["id"]
    address = f"/changes/{number}/suggestions/{pk}/withdraw/"

    for other in (bank.mei, bank.tom):
        is_problem(other.call(address, {}), 403)
    is_problem(bank.zoe.call(address, {}), 404)
    taken = bank.jun.call(address, {}, idempotency_key="back")
    assert taken.status_code == 200
    assert bank.jun.call(address, {}, idempotency_key="back").json() == taken.json()
    is_problem(bank.jun.call(address, {}), 409, "suggestion_answered")
    (listed,) = bank.tom.read(f"/changes/{number}/suggestions/").json()["results"]
    assert (listed["state"], listed["decided_by"]["name"]) == ("withdrawn", "Jun")


@pytest.mark.parametrize("name", ["tom", "ana", "ida"])
def test_only_the_author_answers(bank, number, name):
    pk = suggest(bank, number).json()["id"]
    for answer, body in (("apply", {}), ("decline", {"comment": "x"})):
        address = f"/changes/{number}/suggestions/{pk}/{answer}/"
        is_problem(getattr(bank, name).call(address, body), 403)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"edits": None},
        {"edits": "x"},
        {"edits": []},
        {"edits": [7]},
        {"edits": [{}]},
        {
            "edits": [
                {"op": "update", "element": "steps", "key": "nowhere", "fields": {"name": "x"}}
            ]
        },
        {"edits": [{"op": "update", "element": [], "key": "x", "fields": {}}]},
        {"edits": [{"op": "update", "element": "header", "fields": {"steps": []}}]},
        {"edits": [{"op": "remove", "element": "steps", "key": "call"}]},
        {"edits": RENAME},
        {"edits": CALM, "comment": 7},
        {"edits": CALM, "comment": "x" * 20_000},
        {"edits": CALM, "digest": "x"},
        {"edits": CALM, "more": 1},
        b"no json",
        b"[1]",
    ],
)
def test_bad_input_is_refused_in_words(bank, number, body):
    answer = bank.jun.call(f"/changes/{number}/suggestions/", body)

    is_problem(answer, 400)
    assert not Suggestion.objects.exists()


def test_what_does_not_fit_the_schema_says_where(bank, number):
    edits = [{**RENAME[0], "fields": {"name": "x" * 5_000}}]

    body = is_problem(suggest(bank, number, edits), 422)

    assert body["findings"]


def test_a_suggestion_that_is_not_there_is_not_found(bank, number):
    for pk in ("0", "999999", "9" * 30):
        is_problem(bank.mei.call(f"/changes/{number}/suggestions/{pk}/apply/", {}), 404)
