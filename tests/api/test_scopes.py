"""What a token is allowed: every endpoint says which scopes let a token write there."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import URLPattern

import cjops.api
import people.services
from cjops.core.api.scoping import scopes_of
from cjops.core.scopes import Scope
from governance.api.actions import ACTIONS, SCOPES, ChangeAction
from tests.api.access import CALLS
from tests.api.conftest import ApiClient, Bank, is_problem

WRITING = ("post", "put", "patch", "delete")
WRITES = [row for row in CALLS if row[0] != "GET"]
IDS = [f"{method} {path}" for method, path, *_ in WRITES]


def writers() -> Iterator[tuple[type, str]]:
    for pattern in cjops.api.v1:
        assert isinstance(pattern, URLPattern)
        view = pattern.callback.cls  # type: ignore[attr-defined]
        for method in WRITING:
            if hasattr(view, method):
                yield view, method


@pytest.mark.parametrize(
    ("view", "method"), list(writers()), ids=lambda value: getattr(value, "__name__", value)
)
def test_every_endpoint_that_writes_says_what_a_token_needs(view: Any, method: str) -> None:
    if view is ChangeAction:
        return
    needed = scopes_of(view(), method.upper())
    assert needed
    assert Scope.READ not in needed


def test_every_step_of_a_change_says_what_a_token_needs() -> None:
    assert set(SCOPES) == set(ACTIONS.values())
    assert all(needed and Scope.READ not in needed for needed in SCOPES.values())


def token_for(bank: Bank, name: str, *scopes: str) -> ApiClient:
    return ApiClient(people.services.issue_token(user=bank.user(name), scopes=scopes))


@pytest.mark.parametrize(("method", "path", "body"), [row[:3] for row in WRITES], ids=IDS)
def test_a_token_that_only_reads_writes_nowhere(
    bank: Bank, draft: Callable[[], int], method: str, path: str, body: Any
) -> None:
    client = token_for(bank, "mei")
    problem = is_problem(client.send(method, path.format(n=draft()), body), 403, "scope_missing")
    assert problem["scopes"]
    assert "It needs the scope" in problem["detail"]


@pytest.mark.parametrize(
    ("method", "path"), [row[:2] for row in CALLS if row[0] == "GET"], ids=lambda value: value
)
def test_a_token_that_only_reads_reads_what_its_person_may(
    bank: Bank, draft: Callable[[], int], method: str, path: str
) -> None:
    client = token_for(bank, "mei")
    address = path.format(n=draft())
    assert client.read(address).status_code == bank.mei.read(address).status_code


def test_who_may_propose_does_not_approve(bank: Bank, submitted: Callable[[], int]) -> None:
    number = submitted()
    proposing, reviewing = token_for(bank, "tom", "propose"), token_for(bank, "tom", "review")
    refused = is_problem(proposing.act(number, "approve"), 403, "scope_missing")
    assert refused["scopes"] == ["review"]
    assert reviewing.act(number, "approve").status_code == 200
    # Words are for both.
    assert proposing.act(number, "comment", {"comment": "Hm"}).status_code == 200


def test_a_scope_gives_no_right_that_the_person_has_not(bank: Bank, draft: Any) -> None:
    publishing = token_for(bank, "zoe", "publish", "review", "propose")
    is_problem(publishing.act(draft(), "publish"), 404, "not_found")


def test_what_is_not_there_is_not_there_for_any_token(bank: Bank) -> None:
    reading = token_for(bank, "mei")
    is_problem(reading.send("POST", "/no/such/address/", {}), 404, "not_found")
    is_problem(reading.act(1, "no-such-step"), 404, "not_found")


def test_the_description_tells_of_scopes(anonymous: ApiClient) -> None:
    described = json.loads(anonymous.read("/api/schema/", Accept="application/json").content)
    assert "scopes" in described["components"]["schemas"]["Problem"]["properties"]
