"""Processes that die in the middle of the loop: nothing is lost, and nothing happens twice."""

import contextlib
import json
import os
import re
import signal
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from cjops.embedded import places, postgres, process_table, server

pytestmark = pytest.mark.servers


class Client:
    """Somebody with an API token."""

    def __init__(self, portal, name):
        self.url = f"{portal.url}/api/v1"
        self.token = portal.manage("api_token", f"{name}@bank.example").stdout.strip()

    def call(self, path, body=None):
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def act(self, number, action, **body):
        return self.call(f"/changes/{number}/actions/{action}/", body)


@pytest.fixture(scope="module")
def people(demo):
    return {name: Client(demo, name) for name in ("mei", "tom", "ana")}


@pytest.fixture
def change(people):
    """A change to the welcome e-mail's step, still a draft."""
    opened = people["mei"].call(
        "/changes/",
        {
            "subject": {"kind": "journey", "key": "account-opening"},
            "title": "Survives anything",
            "rationale": "To be killed for.",
        },
    )
    people["mei"].call(
        f"/changes/{opened['number']}/edits/",
        [{"op": "update", "element": "steps", "key": "welcome-email",
          "fields": {"purpose": f"Said at {datetime.now(UTC):%H:%M:%S.%f}"}}],
    )  # fmt: skip
    return opened["number"]


def pids(portal, word):
    return [pid for pid in portal.processes() if word in process_table._command(pid)]


def kill(portal, *, runner=False):
    """SIGKILL for web, worker, beat and PostgreSQL, which carries the broker too.

    With the runner too nobody brings them back, as when a machine loses its power.
    """
    server_pid = server._server_pid(places.home(portal.var))
    if runner:
        portal.process.kill()
        portal.process.wait()
    for pid in portal.processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    os.kill(server_pid, signal.SIGKILL)


def rows(portal, query, *values):
    """Rows of the portal's database; waits while the server is coming back."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with psycopg.connect(postgres.url(portal.var)) as connection:
                return connection.execute(query, values).fetchall()
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def wait_for(condition, seconds):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.3)


def mails_about(portal, change):
    """How many messages about the change went out."""
    sent = "".join(path.read_text() for path in sorted((portal.var / "mail").iterdir()))
    return len(re.findall(rf"^Subject: .*\(CR-{change}\)", sent, re.MULTILINE))


def test_loop_goes_on_where_everything_died_and_was_started_again(demo, people, change):
    mei, tom, ana = people["mei"], people["tom"], people["ana"]
    before = ana.call("/journeys/account-opening/")["live_version"]
    # The worker stands still: what is queued from here on is committed, and not delivered.
    for pid in pids(demo, " worker "):
        os.kill(pid, signal.SIGSTOP)
    mei.act(change, "submit")
    tom.act(change, "approve")
    notified = "SELECT id, mailed_at FROM governance_notification WHERE change_id = %s"
    waiting = rows(demo, notified, change)
    assert {row[1] for row in waiting} == {None}

    kill(demo, runner=True)
    demo.start()
    demo.wait_until_ready(90)

    # What was answered for is there: the same step again is refused, the next one is taken.
    with pytest.raises(urllib.error.HTTPError, match="409"):
        mei.act(change, "submit")
    ana.act(change, "approve")
    ana.act(change, "publish")
    assert ana.call("/journeys/account-opening/")["live_version"] == before + 1
    entries = ana.call(f"/ledger/?change={change}")["results"]
    assert sorted(entry["action"] for entry in entries) == [
        "approve", "approve", "edit", "open", "publish", "submit",
    ]  # fmt: skip
    wait_for(lambda: all(row[1] for row in rows(demo, notified, change)), 90)
    time.sleep(3)
    told = rows(demo, notified, change)
    assert len(told) > len(waiting) > 0
    assert mails_about(demo, change) == len(told)


def test_scheduled_change_is_published_once_when_everything_dies_at_its_time(demo, people, change):
    """And what the runner keeps comes back by itself, the web too."""
    ana = people["ana"]
    before = ana.call("/journeys/account-opening/")["live_version"]
    people["mei"].act(change, "submit")
    people["tom"].act(change, "approve")
    ana.act(change, "approve")
    moment = datetime.now(UTC) + timedelta(seconds=2)
    ana.act(change, "schedule", publish_at=moment.isoformat())

    time.sleep(2)
    kill(demo)

    state = "SELECT state FROM governance_change WHERE number = %s"
    wait_for(lambda: rows(demo, state, change) == [("published",)], 90)
    demo.wait_until_ready(60)
    time.sleep(16)  # beat's next round
    assert ana.call("/journeys/account-opening/")["live_version"] == before + 1
    entries = ana.call(f"/ledger/?change={change}")["results"]
    assert [entry["action"] for entry in entries].count("publish") == 1
