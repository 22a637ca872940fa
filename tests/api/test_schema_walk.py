"""The API as its description says: what a tool makes of it, as three people.

No answer is a bug of ours, has a status or a shape that the description does not know, or says a
word of what is hidden.
"""

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections, transaction
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cjops.core.api import throttling
from cjops.wsgi import application
from people import granting
from people.models import Role
from tests.api.conftest import as_outermost
from tests.leaks.scene import FIRST_NUMBER, KEY, NUMBERS, WORD, Scene, build_scene

# Zoe has nothing, Jun answers for an open journey, Ida reads everything.
PEOPLE = ("zoe", "jun", "ida")
EXAMPLES = 5
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
CANARY = re.compile(f"{WORD}|{KEY}|{NUMBERS.pattern}", re.IGNORECASE)
# Half of the calls are about what there is, hidden or not.
KNOWN: dict[str, tuple[object, ...]] = {
    "step": ("welcome-email",),
    "a": (1,),
    "b": (1, 2),
    "action": ("comment", "approve", "submit", "queue"),
    "suggestion": (1,),
    "pk": (1,),
}


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """What is hidden, and Jun as the manager of a journey that is not."""
    with django_db_blocker.unblock(), as_outermost():
        made = build_scene()
        granting.give(
            on=granting.on(made.cast.journey),
            role=Role.objects.get(key="journey-manager"),
            user=made.cast.jun,
            actor=None,
        )
        yield made
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """As Django's own test client does: the end of a request leaves the transaction alone."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


def known(scene: Scene, path: str, name: str) -> tuple[object, ...]:
    """Values of an argument that lead somewhere."""
    if name == "number" and "/changes/" in path:
        open_ones = tuple(change.number for change in scene.open_changes)
        return (*open_ones, FIRST_NUMBER, scene.changes["in_review"].number)
    if name == "number":
        return (1, 2)
    if name == "key":
        by_path = {
            "/assets/": ("onboarding-welcome", scene.asset.key),
            "/taxonomies/": (scene.taxonomy.key,),
            "/teams/": ("email", "vault"),
            "/policies/": ("owner", "watch"),
        }
        found = next((keys for start, keys in by_path.items() if start in path), None)
        return found or ("account-opening", "child", scene.hidden[0].key)
    return KNOWN.get(name, ())


def text_of(answer: Any) -> str:
    """All that an answer says; of a bundle, what is in its files that are text."""
    if "application/zip" not in answer.headers.get("content-type", [""])[0]:
        return str(answer.text)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
        names = [one for one in bundle.namelist() if not one.endswith(".pdf")]
        return "\n".join([*names, *(bundle.read(one).decode() for one in names)])


@pytest.mark.parametrize("person", PEOPLE)
def test_every_operation_does_what_it_says(scene: Scene, db: None, person: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/schema/", application)
    wrong: list[str] = []
    count = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        count += 1
        throttling._counts.clear()
        _try(operation, scene, person, wrong)

    assert not wrong, "\n\n".join(wrong[:30])
    assert count > 60


def _try(operation: Any, scene: Scene, person: str, wrong: list[str]) -> None:
    """Some calls of one operation; the first that goes wrong is noted."""
    headers = {"Authorization": f"Token {scene.tokens[person]}"}

    def note(sender: Any, **_: Any) -> None:
        wrong.append(f"{operation.path}: {sys.exc_info()[1]!r}"[:600])

    @hypothesis.seed(20261122)
    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=False,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(), data=hypothesis.strategies.data())
    def call(case: Any, data: Any) -> None:
        for name in case.path_parameters or ():
            values = known(scene, operation.path, name)
            if values and data.draw(hypothesis.strategies.booleans()):
                case.path_parameters[name] = data.draw(hypothesis.strategies.sampled_from(values))
        with as_outermost():
            answer = case.call(headers=headers)
            transaction.set_rollback(True)
        text = text_of(answer)
        told = CANARY.search(text)
        if told and person != "ida" and not CANARY.search(str(case.query)):
            raise AssertionError(f"told: {text[max(0, told.start() - 80) : told.end()]}")
        case.validate_response(answer, checks=CHECKS)

    signals.got_request_exception.connect(note)
    try:
        call()
    except (Exception, FailureGroup) as error:  # noqa: BLE001 - told with its operation
        wrong.append(f"{operation.method.upper()} {operation.path}: {str(error)[:900]}")
    finally:
        signals.got_request_exception.disconnect(note)
