"""Queues in PostgreSQL: addresses, and that nothing is lost whatever is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import kombu
import psycopg
import pytest

from cjops.embedded import broker, places, postgres, server

CHECKOUT = Path(__file__).resolve().parent.parent.parent
TASKS = 100


def test_address_keeps_what_libpq_needs_and_hides_the_password():
    address = broker.url("postgres://me:secret@db.example:5433/portal?sslmode=require")
    assert address == "postgresql://me:secret@db.example:5433/portal?sslmode=require"
    connection = kombu.Connection(address, transport_options=broker.options(address))
    assert connection.transport.address == address
    assert "secret" not in connection.as_uri()


@pytest.mark.parametrize(
    ("address", "is_database"),
    [
        ("postgres://x/y", True),
        ("postgresql://x/y", True),
        ("redis://x/0", False),
        ("amqp://x//", False),
    ],
)
def test_other_brokers_are_left_alone(address: str, is_database: bool):
    assert broker.is_database(address) is is_database
    assert ("visibility_timeout" in broker.options(address)) is is_database


@pytest.mark.parametrize("scheme", ["postgres", "redis", "amqp"])
def test_nobody_waits_long_for_a_broker_that_is_away(scheme: str, monkeypatch: pytest.MonkeyPatch):
    address = broker.url("postgres://127.0.0.1:9/gone") if scheme == "postgres" else ""
    address = address or f"{scheme}://127.0.0.1:9//"
    slept: list[float] = []
    monkeypatch.setattr("kombu.utils.functional.sleep", slept.append)
    with (
        kombu.Connection(address, transport_options=broker.options(address)) as connection,
        pytest.raises(kombu.exceptions.OperationalError),
    ):
        connection.Producer().publish({}, routing_key="tests")
    assert sum(slept) < 0.5


@pytest.mark.servers
def test_message_of_a_living_consumer_is_not_handed_out_twice(used_root: Path):
    with postgres.lease(used_root, durable=False) as url:
        address = broker.url(url)
        options = broker.options(address) | {"visibility_timeout": 1}
        first = kombu.Connection(address, transport_options=options)
        second = kombu.Connection(address, transport_options=options)
        with first, second:
            queue = first.SimpleQueue("slow")
            queue.put({"n": 1})
            message = queue.get(timeout=5)
            with pytest.raises(queue.Empty):
                second.SimpleQueue("slow").get(timeout=3)
            message.ack()
            with pytest.raises(queue.Empty):
                second.SimpleQueue("slow").get(timeout=2)


@pytest.mark.servers
def test_rejected_message_comes_back_after_a_pause(used_root: Path):
    with postgres.lease(used_root, durable=False) as url:
        address = broker.url(url)
        with kombu.Connection(address, transport_options=broker.options(address)) as connection:
            queue = connection.SimpleQueue("again")
            queue.put({"n": 1})
            begin = time.monotonic()
            queue.get(timeout=5).requeue()
            queue.get(timeout=10).ack()
            assert time.monotonic() - begin > broker.REQUEUE_AFTER - 1


@pytest.mark.servers
def test_nothing_is_lost_when_worker_and_server_are_killed(
    used_root: Path, monkeypatch: pytest.MonkeyPatch
):
    with postgres.lease(used_root, durable=False) as url:
        monkeypatch.setenv("KILL_TEST_DATABASE_URL", url)
        from tests.embedded.kill_app import note  # noqa: PLC0415 - reads the address at once

        with psycopg.connect(url) as connection:
            connection.execute("DROP TABLE IF EXISTS done")
            connection.execute("CREATE TABLE done (number int, at timestamptz)")
        worker = start_worker(used_root)
        try:
            for number in range(TASKS):
                publish(lambda: note.apply_async(kwargs={"number": number}, retry=False), used_root)  # noqa: B023
                if number in (30, 70, TASKS - 1):
                    os.killpg(worker.pid, signal.SIGKILL)
                    worker.wait()
                    worker = start_worker(used_root)
                if number in (50, 70):
                    pid = server._server_pid(places.home(used_root))
                    assert pid
                    os.kill(pid, signal.SIGKILL)
            done = wait_for_all(url, used_root)
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        assert done == set(range(TASKS)), (used_root / "worker.log").read_text()[-3000:]
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM pgmq.q_celery").fetchone() == (0,)


def start_worker(root: Path) -> "subprocess.Popen[bytes]":
    flags = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    # The worker is to know of the queues only.
    environment = {name: value for name, value in os.environ.items() if "DJANGO" not in name}
    with (root / "worker.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "tests.embedded.kill_app", "worker",
             "--concurrency", "2", "--loglevel", "WARNING", *flags],
            cwd=CHECKOUT, env=environment, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip


def publish(send: Callable[[], object], root: Path) -> None:
    """As a caller that hears of the failure and tries again."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            send()
        except (psycopg.OperationalError, kombu.exceptions.OperationalError):
            postgres.revive(root, durable=False)
        else:
            return
    pytest.fail("the broker did not come back")


def wait_for_all(url: str, root: Path) -> set[int]:
    deadline = time.monotonic() + 60
    done: set[int] = set()
    while len(done) < TASKS and time.monotonic() < deadline:
        postgres.revive(root, durable=False)
        with psycopg.connect(url) as connection:
            done = {row[0] for row in connection.execute("SELECT number FROM done")}
        time.sleep(0.2)
    return done
