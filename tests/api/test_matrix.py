"""Everybody at every endpoint with every method, as the table of `access` says."""

import copy
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern

import cjops.api
import people.services
from cjops.core.api import throttling
from governance.api.actions import ACTIONS
from people import granting
from people.models import Role
from tests.api.access import CALLS, PEOPLE, SIGNED_IN, STEPS, outcomes
from tests.api.conftest import ApiClient, as_outermost, is_problem
from tests.cast import Cast, person, reach
from tests.doors import PEOPLE as OTHERS
from tests.test_permission_matrix import proposed

METHODS = ("get", "post", "put", "patch", "delete")
PUBLIC = "/schemas/"
TABLE = [*CALLS, *STEPS]


class Scene:
    """The cast and Vera with their clients, and a change in each state."""

    def __init__(self, cast: Cast, tokens: dict[str, str]) -> None:
        vera = person("vera")
        viewer = Role.objects.get(key="viewer")
        granting.give(on=granting.on(cast.journey), role=viewer, user=vera, actor=None)
        tokens = {**tokens, "vera": people.services.issue_token(user=vera)}
        self.clients = {name: ApiClient(tokens[name]) for name in SIGNED_IN}
        self.clients["nobody"] = ApiClient()
        self.numbers = {"published": reach(cast, "published").number}
        for state in ("draft", "in_review", "approved", "scheduled"):
            self.numbers[state] = proposed(cast, state).number
        self.numbers["n"] = self.numbers["draft"]

    def status(self, name: str, method: str, path: str, body: Any) -> int:
        """What the call is answered with; nothing of what it did stays."""
        throttling._counts.clear()
        with as_outermost():
            if isinstance(body, dict):
                body = {field: self._number(value) for field, value in body.items()}
            answer = self.clients[name].send(method, path.format(**self.numbers), body)
            transaction.set_rollback(True)
        status = int(answer.status_code)
        if status >= 400:
            is_problem(answer, status)
        if status == 401:
            assert answer["WWW-Authenticate"] == "Token"
        return status

    def _number(self, value: Any) -> Any:
        """What stands for the number of a change."""
        known = {f"{{{name}}}": number for name, number in self.numbers.items()}
        return known.get(value, value) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def scene(_built: tuple[Cast, dict[str, str]], django_db_blocker: Any) -> Iterator[Scene]:
    with django_db_blocker.unblock(), as_outermost():
        yield Scene(*copy.deepcopy(_built))
        transaction.set_rollback(True)


def test_everybody_gets_what_the_table_says(scene: Scene, db: None) -> None:
    wrong = []
    for method, path, body, text in TABLE:
        for name, wanted in outcomes(text).items():
            status = scene.status(name, method, path, body)
            if status != wanted:
                wrong.append(f"{method} {path} as {name}: {status} and not {wanted}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_every_method_without_a_row_is_refused(scene: Scene, db: None) -> None:
    """405 before any other question, as by the two who differ most; 401 to who is not signed in."""
    offered: dict[str, dict[str, str]] = {}
    for method, path, _body, _text in CALLS:
        offered.setdefault(_shape(path), {})[method.lower()] = path
    wrong = []
    for methods in offered.values():
        path = next(iter(methods.values()))
        for method in set(METHODS) - methods.keys():
            for name in ("nobody", "zoe", "omar"):
                status = scene.status(name, method.upper(), path, None)
                wanted = 401 if name == "nobody" and not path.startswith(PUBLIC) else 405
                if status != wanted:
                    wrong.append(f"{method} {path} as {name}: {status} and not {wanted}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_wrong_cell_is_named(scene: Scene, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    row = ("GET", "/journeys/account-opening/", None, "200 vera,zoe=404")
    monkeypatch.setattr(sys.modules[__name__], "TABLE", [row])
    with pytest.raises(AssertionError, match="as vera: 200 and not 404") as told:
        test_everybody_gets_what_the_table_says(scene, db)
    assert "zoe" not in str(told.value)


def test_every_endpoint_is_in_the_table() -> None:
    listed = {(method, _shape(path)) for method, path, *_ in CALLS}
    assert set(_routes()) == listed


def test_every_step_of_a_change_is_in_the_table() -> None:
    assert {path.split("/")[4] for _method, path, *_ in STEPS} == set(ACTIONS)


def test_everybody_of_the_other_matrix_is_in_this_one() -> None:
    assert set(PEOPLE) >= set(OTHERS)


def _routes() -> Iterator[tuple[str, str]]:
    for pattern in cjops.api.v1:
        assert isinstance(pattern, URLPattern)
        view = pattern.callback.cls  # type: ignore[attr-defined]
        for method in METHODS:
            if hasattr(view, method):
                yield method.upper(), _shape(f"/{pattern.pattern}")


def _shape(path: str) -> str:
    """The address without what stands for one thing or another."""
    concrete = (
        "account-opening",
        "welcome-email",
        "onboarding-welcome",
        "topics",
        "owner",
        "{n}",
        "comment",
        "0",
        "1",
    )
    parts = path.partition("?")[0].split("/")
    parent = ["", *parts]
    return "/".join(
        "*"
        if part.startswith("<")
        or (part in concrete and parent[at] not in ("", "/"))
        or (part == "email" and parent[at] == "teams")
        else part
        for at, part in enumerate(parts)
    )
