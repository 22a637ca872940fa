"""The two probes: cheap, honest, and silent about what is inside."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from cjops.core import health
from cjops.core.models import Heartbeat
from cjops.core.tasks import WORKER, heartbeat


@pytest.fixture
def beating(db: None) -> None:
    heartbeat()


@pytest.fixture(autouse=True)
def _broker(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health.broker, "check", lambda _: None)


def parts(client, status: int) -> dict[str, str]:
    response = client.get("/health/ready")
    assert response.status_code == status, response.content
    assert "no-store" in response["Cache-Control"]
    return response.json()["parts"]


def test_live_does_not_ask_the_database(client):
    # Without the `db` fixture any query is an error.
    assert client.get("/health/live").json() == {"status": "ok"}


def test_ready_when_everything_works(client, beating, django_assert_max_num_queries):
    assert set(parts(client, 200).values()) == {"ok"}
    with django_assert_max_num_queries(3):
        parts(client, 200)


def test_no_worker_was_ever_there(client, db):
    assert parts(client, 503)["worker"] == "never seen"


def test_worker_fell_silent(client, beating, settings):
    long_ago = timezone.now() - timedelta(seconds=settings.CJOPS["HEARTBEAT_MAX_AGE"] + 5)
    Heartbeat.objects.filter(name=WORKER).update(seen_at=long_ago)
    assert parts(client, 503)["worker"] == "not seen of late"


def test_broker_is_away(client, beating, monkeypatch):
    def refuse(_: str) -> None:
        raise ConnectionRefusedError("redis://:hunter2@broker.example refused")

    monkeypatch.setattr(health.broker, "check", refuse)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["parts"]["broker"] == "unreachable"
    assert b"hunter2" not in response.content


def test_database_is_away(client, beating, monkeypatch):
    def refuse() -> None:
        raise DatabaseError("password authentication failed for hunter2")

    monkeypatch.setitem(health.CHECKS, "database", refuse)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["parts"]["database"] == "unreachable"
    assert b"hunter2" not in response.content


def test_migrations_wait(client, transactional_db):
    heartbeat()
    health._all_applied.cache_clear()
    call_command("migrate", "sessions", "zero", verbosity=0)
    try:
        assert parts(client, 503)["migrations"] == "pending"
    finally:
        call_command("migrate", "sessions", verbosity=0)
    assert parts(client, 200)["migrations"] == "ok"


def test_only_reading_is_allowed(client, db):
    assert client.post("/health/ready").status_code == 405
