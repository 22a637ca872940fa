"""A whole portal of processes: what `make demo` runs, beside the one that may be running."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from cjops.embedded import process_table

CHECKOUT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Portal:
    """A running portal with a `var` folder and a port of its own."""

    var: Path
    port: int
    is_seeded: bool = True
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What processes of this portal see; neither tests nor developer's variables."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {"CJOPS_VAR": str(self.var), "PORT": str(self.port)}

    def start(self) -> None:
        script = "import sys; from cjops.embedded import processes\n"
        if not self.is_seeded:
            script += "processes.PREPARE = ('migrate', '--verbosity', '0')\n"
        script += "sys.exit(processes.main())"
        with (self.var / "said.txt").open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-c", script],
                cwd=CHECKOUT, env=self.environment, stdout=said, stderr=said,
                start_new_session=True,
            )  # fmt: skip

    def ready(self) -> tuple[int, dict[str, object]]:
        """Status and body of the ready check; 0 while nothing answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            return answer.code, json.load(answer)
        except OSError:
            return 0, {}

    def wait_until_ready(self, seconds: float = 120) -> float:
        """How many seconds it took."""
        begin = time.monotonic()
        while self.ready()[0] != 200:
            assert self.process is None or self.process.poll() is None, self.said
            assert time.monotonic() - begin < seconds, (self.ready(), self.said)
            time.sleep(0.1)
        return time.monotonic() - begin

    @property
    def said(self) -> str:
        return (self.var / "said.txt").read_text()

    def processes(self) -> list[int]:
        """All of its processes but PostgreSQL's."""
        return process_table.find_by_environment(f"CJOPS_RUN={self.var}")

    def stop(self, number: int = signal.SIGINT, seconds: float = 20) -> int:
        """The exit code."""
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def manage(self, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=CHECKOUT, env=self.environment, capture_output=True, text=True, check=check,
        )  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory):
    """A portal that is not started yet; without demo data, which takes long to seed."""
    portal = Portal(tmp_path_factory.mktemp("var"), free_port(), is_seeded=False)
    yield portal
    if portal.process and portal.process.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            portal.stop(signal.SIGTERM)
    for pid in portal.processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
