"""Processes that die in the middle of the loop: nothing is lost, and nothing happens twice."""

import json
import os
import re
import signal
import time
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


def kill_everything_behind_the_web(portal):
    for pid in [*pids(portal, " worker "), *pids(portal, " beat ")]:
        os.kill(pid, signal.SIGKILL)
    os.kill(server._server_pid(places.home(portal.var)), signal.SIGKILL)


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


def test_mail_that_was_queued_when_worker_and_broker_died_goes_out_once(demo, people, change):
    # The worker stands still: what is queued from here on is committed, and not delivered.
    for pid in pids(demo, " worker "):
        os.kill(pid, signal.SIGSTOP)
    people["mei"].act(change, "submit")
    notified = "SELECT id, mailed_at FROM governance_notification WHERE change_id = %s"
    assert {row[1] for row in rows(demo, notified, change)} == {None}

    kill_everything_behind_the_web(demo)

    wait_for(lambda: all(row[1] for row in rows(demo, notified, change)), 150)
    time.sleep(5)
    said = (demo.var / "log" / "worker.log").read_text()
    mails = re.findall(rf"^Subject: .*\(CR-{change}\)", said, re.MULTILINE)
    assert len(mails) == len(rows(demo, notified, change)) > 0
    people["mei"].act(change, "withdraw")


def test_scheduled_change_is_published_once_when_everything_dies_at_its_time(demo, people, change):
    ana = people["ana"]
    before = ana.call("/journeys/account-opening/")["live_version"]
    people["mei"].act(change, "submit")
    people["tom"].act(change, "approve")
    ana.act(change, "approve")
    moment = datetime.now(UTC) + timedelta(seconds=2)
    ana.act(change, "schedule", publish_at=moment.isoformat())

    time.sleep(2)
    kill_everything_behind_the_web(demo)

    state = "SELECT state FROM governance_change WHERE number = %s"
    wait_for(lambda: rows(demo, state, change) == [("published",)], 90)
    demo.wait_until_ready(60)
    time.sleep(16)  # beat's next round
    assert ana.call("/journeys/account-opening/")["live_version"] == before + 1
    entries = ana.call(f"/ledger/?change={change}")["results"]
    assert [entry["action"] for entry in entries].count("publish") == 1
