"""What a web process holds in memory after it has served every page many times."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings
from django.test import Client

from bench.figures import Figure
from bench.scenarios import client_of
from people.models import User

NAME = "web process, RSS"
ROUNDS = 30
AIM_MB = 200
# What it would be without us: the interpreter, the framework, the driver.
BARE = "import django, psycopg, rest_framework; print(open('/proc/self/status').read())"


def figure(pages: list[tuple[User, str]]) -> Figure:
    """Resident memory of the largest process of a server with one worker, in MB."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--blocking-threads", "4", "--no-ws"]
    command += ["--log-level", "warning", "cjops.wsgi:application"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        clients = {user.pk: client_of(user) for user, _address in pages}
        for _round in range(ROUNDS):
            for user, address in pages:
                _get(port, clients[user.pk], address)
        megabytes = max(_rss(pid) for pid in _family(server.pid))
    finally:
        server.terminate()
        server.wait(30)
    said = subprocess.run([sys.executable, "-c", BARE], capture_output=True, text=True, check=True)
    bare = _megabytes(said.stdout)
    return Figure(
        name=NAME,
        queries=0,
        median_ms=megabytes,
        p95_ms=megabytes,
        best_ms=megabytes,
        floor_queries=0,
        floor_median_ms=bare,
        floor_p95_ms=bare,
        ratio=megabytes / bare,
        runs=ROUNDS * len(pages),
        aim_ms=AIM_MB,
        unit="MB",
    )


def _get(port: int, client: Client, address: str) -> None:
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{address}", headers={"Cookie": cookie}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        assert response.status == 200, address
        response.read()


def _wait(port: int) -> None:
    deadline = time.monotonic() + 90
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5):
                return
        except (OSError, urllib.error.URLError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _family(pid: int) -> list[int]:
    """The process and its children."""
    tasks = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(child for task in tasks for child in _family(int(task)))]


def _rss(pid: int) -> float:
    return _megabytes(Path(f"/proc/{pid}/status").read_text())


def _megabytes(status: str) -> float:
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024 / 1_000_000
