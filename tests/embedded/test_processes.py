"""`make demo`: starts, heals, refuses, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cjops.embedded import places, process_table, processes, server
from tests.plugins.servers import CHECKOUT, Portal, free_port

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def running(portal: Portal) -> Portal:
    portal.start()
    portal.wait_until_ready()
    return portal


def pids_of(portal: Portal, word: str) -> list[int]:
    """The processes of the portal whose command lines hold the word, oldest first."""
    found = [pid for pid in portal.processes() if word in process_table._command(pid)]
    return sorted(found, key=started_at)


def started_at(pid: int) -> int:
    """When a process began, in ticks: pids start over, so that a child may have the lower one."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    # The name, in brackets, may hold blanks itself.
    return int(stat.rpartition(")")[2].split()[19])


def run(portal: Portal) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cjops.embedded.processes"],
        cwd=CHECKOUT, env=portal.environment, capture_output=True, text=True, timeout=30,
        check=False,
    )  # fmt: skip


def wait_for(condition, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_it_says_where_it_is_and_who_may_sign_in(running: Portal):
    wait_for(lambda: "Ctrl-C" in running.said)
    assert running.url in running.said
    assert "mei@bank.example" in running.said


@pytest.mark.parametrize(
    ("name", "word"), [("web", "granian"), ("worker", " worker "), ("beat", " beat ")]
)
def test_killed_process_is_started_again(running: Portal, name: str, word: str):
    before = pids_of(running, word)
    os.kill(before[0], signal.SIGKILL)
    wait_for(lambda: f"{name} ended with -9" in running.said)
    wait_for(lambda: set(pids_of(running, word)) - set(before))
    running.wait_until_ready(60)


def test_killed_database_is_started_again(running: Portal):
    home = places.home(running.var)
    before = server._server_pid(home)
    assert before
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: server._server_pid(home) not in (before, None))
    running.wait_until_ready(60)


def test_second_one_in_the_same_checkout_is_refused(running: Portal):
    done = run(Portal(running.var, free_port()))
    assert done.returncode == 1
    assert done.stdout == f"CJOps already runs from here: {running.url}/\n"
    assert running.ready()[0] == 200


def test_command_shares_the_running_database(running: Portal):
    before = server._server_pid(places.home(running.var))
    assert "admin" in running.manage("showmigrations").stdout
    assert server._server_pid(places.home(running.var)) == before


def test_killed_runner_takes_its_processes_along_and_the_next_start_works(running: Portal):
    # One that does not listen, as a hung worker would not; the next start ends it.
    deaf = "import signal, time; signal.signal(signal.SIGTERM, lambda *_: None); time.sleep(90)"
    stubborn = subprocess.Popen(
        [sys.executable, "-c", deaf], env=os.environ | {processes.MARK: str(running.var)}
    )
    assert running.process
    running.process.kill()
    running.process.wait()
    wait_for(lambda: running.processes() == [stubborn.pid])
    running.start()
    assert stubborn.wait(20) == -signal.SIGKILL
    wait_for(lambda: running.said.count("Ctrl-C") == 2, 60)
    running.wait_until_ready(60)


def test_interrupt_stops_everything(running: Portal):
    assert running.stop(signal.SIGINT) == 0
    assert running.processes() == []
    assert not server.is_running(places.home(running.var))
    assert running.said.endswith("Stopped.\n")
    assert "Traceback" not in running.said


def test_busy_port_is_one_line_before_anything_starts(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = run(Portal(tmp_path, other.getsockname()[1]))
    assert done.returncode == 1
    assert done.stdout.count("\n") == 1
    assert "is in use" in done.stdout
    assert not places.home(tmp_path).exists()


def test_port_must_be_a_number(tmp_path: Path):
    portal = Portal(tmp_path, 0)
    done = subprocess.run(
        [sys.executable, "-m", "cjops.embedded.processes"],
        cwd=CHECKOUT, env=portal.environment | {"PORT": "http"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "PORT is 'http'; it must be a number.\n")


@pytest.mark.parametrize(
    ("line", "in_error", "shown"),
    [
        ("05:18:51.923 error    task_failed (x)", False, True),
        ("05:18:51.923 info     task_done (x)", True, False),
        ("    | Traceback", True, True),
        ("    | Traceback", False, False),
        ("05:18:51.923 error    request_finished request=GET /health/ready (x)", False, False),
    ],
)
def test_only_errors_reach_the_screen(line: str, in_error: bool, shown: bool):
    assert processes._is_error(line, in_error) is shown
