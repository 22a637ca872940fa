"""The cast, each with a client that speaks to the API by token."""

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

import people.services
from cjops.core.api import throttling
from people.models import User
from tests.cast import Cast, build

V1 = "/api/v1"
READING = ("GET", "HEAD", "OPTIONS")

RENAME = [
    {
        "op": "update",
        "element": "steps",
        "key": "welcome-email",
        "fields": {"name": "A warm welcome"},
    }
]
CONTENT = "/journeys/account-opening/steps/welcome-email/content/"


def as_bytes(body: Any) -> bytes:
    """The body as JSON; nothing for none, and bytes as they are."""
    if body is None:
        return b""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


class ApiClient(Client):
    """Speaks JSON for one person."""

    def __init__(self, token: str = "") -> None:
        super().__init__(raise_request_exception=False)
        if token:
            self.defaults["HTTP_AUTHORIZATION"] = f"Token {token}"

    def send(self, method: str, path: str, body: Any = None, **headers: Any) -> Any:
        """Call an endpoint; `path` counts from /api/v1, headers are named with underscores."""
        with as_outermost():
            return self.generic(
                method,
                path if path.startswith(("/api", "http")) else f"{V1}{path}",
                as_bytes(body),
                content_type="application/json",
                headers={name.replace("_", "-"): value for name, value in headers.items()},
            )

    def read(self, path: str, **headers: Any) -> Any:
        # Outside of any block of ours: queries are counted here.
        path = path if path.startswith(("/api", "http")) else f"{V1}{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.get(path, headers=named)

    def call(self, path: str, body: Any = None, **headers: Any) -> Any:
        return self.send("POST", path, body, **headers)

    def act(self, number: int, action: str, body: Any = None, **headers: Any) -> Any:
        return self.call(f"/changes/{number}/actions/{action}/", body, **headers)


@contextmanager
def as_outermost() -> Iterator[None]:
    """A block that services take for the edge of the world, as they do the test's own."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield


class Bank:
    """The cast and its clients: `bank.mei` speaks for Mei."""

    def __init__(self, cast: Cast, tokens: dict[str, str]) -> None:
        self.cast = cast
        self.tokens = tokens
        self.clients: dict[str, ApiClient] = {}

    def __getattr__(self, name: str) -> ApiClient:
        tokens = self.__dict__.get("tokens", {})
        if name not in tokens:
            raise AttributeError(name)
        if name not in self.clients:
            self.clients[name] = ApiClient(tokens[name])
        return self.clients[name]

    def user(self, name: str) -> User:
        return self.cast.named(name)


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Cast, dict[str, str]]]:
    """The cast, built once for all tests of a module, which each roll back what they do to it."""
    with django_db_blocker.unblock(), as_outermost():
        cast = build()
        tokens = {
            name: people.services.issue_token(user=user) for name, user in cast.everybody().items()
        }
        yield cast, tokens
        transaction.set_rollback(True)


@pytest.fixture
def bank(_built: tuple[Cast, dict[str, str]], db: None) -> Bank:
    """Everybody, and the journey that is live."""
    cast, tokens = copy.deepcopy(_built)
    return Bank(cast, tokens)


@pytest.fixture
def anonymous(db: None) -> ApiClient:
    """Somebody who is not signed in."""
    return ApiClient()


@pytest.fixture(autouse=True)
def _fresh_rates() -> Iterator[None]:
    """No test spends another one's calls."""
    throttling._counts.clear()
    yield
    throttling._counts.clear()


@pytest.fixture
def draft(bank: Bank) -> Callable[..., int]:
    """Opens a draft of Mei's on the journey; its number."""

    def open_draft(title: str = "Warmer words") -> int:
        answer = bank.mei.call(
            "/changes/",
            {
                "subject": {"kind": "journey", "key": "account-opening"},
                "title": title,
                "rationale": "Read better",
            },
        )
        assert answer.status_code == 201, answer.content
        return int(answer.json()["number"])

    return open_draft


@pytest.fixture
def submitted(bank: Bank, draft: Callable[..., int]) -> Callable[..., int]:
    """A change of Mei's that renames the first step and waits for Tom and Ana; its number."""

    def submit(title: str = "Warmer words") -> int:
        number = draft(title)
        assert bank.mei.call(f"/changes/{number}/edits/", RENAME).status_code == 200
        answer = bank.mei.act(number, "submit")
        assert answer.status_code == 200, answer.content
        return number

    return submit


def is_problem(answer: Any, status: int, code: str = "") -> dict[str, Any]:
    """Check that the answer is a problem of that status; its body."""
    assert answer.status_code == status, (answer.status_code, answer.content[:500])
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert {"type", "title", "detail", "code", "request_id"} <= body.keys()
    assert body["title"]
    assert body["type"] == f"urn:cjops:problem:{body['code']}"
    if code:
        assert body["code"] == code
    return body
