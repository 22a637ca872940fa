"""Which database a test works in, and how one that commits leaves it.

Most tests begin with the cast. They work in a database of their own, in which it stands already;
all others begin with what the migrations left.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import TransactionTestCase
from psycopg.sql import SQL, Identifier

from tests import snapshot

ALIAS = "default"
# Whatever commits: what it leaves behind is cleared away by emptying tables.
COMMITTING = {"transactional_db", "django_db_reset_sequences", "live_server"}


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    asked = bool(marker and (marker.kwargs.get("transaction") or marker.args[:1] == (True,)))
    return asked or bool(COMMITTING & set(getattr(item, "fixturenames", ())))


def _shares_a_scene(item: pytest.Item) -> bool:
    """Whether it works on rows that a fixture of its module made in the other database."""
    info = getattr(item, "_fixtureinfo", None)
    found = [] if info is None else list(info.name2fixturedefs.values())
    # Those of plugins have no base: they make no rows.
    return any(
        last.baseid and last.scope != "function" and "django_db_blocker" in last.argnames
        for *_overridden, last in found
    )


def begins_with_the_cast(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    has_template = "TEMPLATE" in settings.DATABASES[ALIAS].get("TEST", {})
    return has_template and "cast" in names and not _commits(item) and not _shares_a_scene(item)


class Stage:
    """The database in which the cast stands, made for the first test that asks for it."""

    def __init__(self) -> None:
        self.wrapper: Any = None
        self.usual: Any = None

    def enter(self) -> None:
        self.usual = connections[ALIAS]
        if self.wrapper is None:
            self.wrapper = self._make()
        connections[ALIAS] = self.wrapper
        snapshot.standing.add("cast")

    def leave(self) -> None:
        if self.usual is not None:
            connections[ALIAS] = self.usual
            self.usual = None
            snapshot.standing.discard("cast")

    def _make(self) -> Any:
        from tests.cast import make  # noqa: PLC0415 - not before Django is set up

        name = f"{self.usual.settings_dict['NAME']}_cast"
        self._server(
            SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)),
            SQL("CREATE DATABASE {} TEMPLATE {}").format(
                Identifier(name), Identifier(settings.DATABASES[ALIAS]["TEST"]["TEMPLATE"])
            ),
        )
        wrapper = self.usual.copy()
        wrapper.settings_dict["NAME"] = name
        connections[ALIAS] = wrapper
        block = transaction.atomic()
        # As in Django's own TestCase: what is durable in earnest may be nested in a test.
        block._from_testcase = True
        with block:
            make()
            # As in a test that rolls back: nothing is told to anybody.
            wrapper.run_on_commit = []
        return wrapper

    def _server(self, *statements: Any) -> None:
        with self.usual._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def close(self) -> None:
        if self.wrapper is not None:
            name = self.wrapper.settings_dict["NAME"]
            self.wrapper.close()
            self.usual = connections[ALIAS]
            self._server(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
            self.wrapper = self.usual = None


stage = Stage()


@pytest.fixture(scope="session")
def _stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Goes before the server's other databases do."""
    yield
    with django_db_blocker.unblock():
        stage.close()


@pytest.fixture(scope="session", autouse=True)
def _clearing() -> Iterator[None]:
    """Tests that commit are cleaned up by bringing back what the migrations left.

    Django would empty every table and make all rights anew, which takes seconds.
    """

    def clear(self: TransactionTestCase) -> None:
        snapshot.clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", clear)
        yield


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> Iterator[None]:
    # The last moment before pytest-django opens the test's transaction.
    if fixturedef.argname == "_django_db_helper" and begins_with_the_cast(request.node):
        request.getfixturevalue("_stage")
        blocker = request.getfixturevalue("django_db_blocker")
        with blocker.unblock():
            stage.enter()
    yield
    if fixturedef.argname == "django_db_setup":
        with request.getfixturevalue("django_db_blocker").unblock():
            snapshot.remember()


@pytest.hookimpl(trylast=True)
def pytest_fixture_post_finalizer(fixturedef: Any, request: Any) -> None:
    # The first moment after it has rolled it back.
    if fixturedef.argname == "_django_db_helper":
        stage.leave()
