"""A whole portal of processes: what `make demo` runs, beside the one that may be running."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cjops.core.sealing import keys
from cjops.embedded import places, postgres, process_table

CHECKOUT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Portal:
    """A running portal with a `var` folder and a port of its own."""

    var: Path
    port: int
    is_seeded: bool = True
    settings: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What processes of this portal see; neither tests nor developer's variables."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {"CJOPS_VAR": str(self.var), "PORT": str(self.port)} | self.settings

    def start(self) -> None:
        script = "import sys; from cjops.embedded import processes\n"
        if not self.is_seeded:
            # As `prepare_demo` does: beat asks for what was recorded to be sealed with it.
            if not (key := self.var / "ledger.pem").exists():
                keys.make(key)
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

    def stop(self, number: int = signal.SIGINT, seconds: float = 90) -> int:
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


def discard(root: Path) -> None:
    """Stop the server of this folder and delete it, also where root's server keeps it."""
    with contextlib.suppress(postgres.EmbeddedError):
        postgres.stop(root)
    home = places.home(root)
    if home.is_symlink():
        shutil.rmtree(home.resolve().parent, ignore_errors=True)
    with contextlib.suppress(OSError):
        folder = places.socket_folder(root)
        if folder.parent == Path("/tmp"):
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def passable_folder() -> Iterator[Path]:
    """A `var` folder that every account may pass through, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="cjops-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        discard(folder)
        shutil.rmtree(folder)


@contextlib.contextmanager
def portal_of_its_own(*, is_seeded: bool) -> Iterator[Portal]:
    """A portal that is not started yet, and of which nothing is left afterwards."""
    with passable_folder() as folder:
        portal = Portal(folder, free_port(), is_seeded)
        try:
            yield portal
        finally:
            if portal.process and portal.process.poll() is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    portal.stop(signal.SIGTERM, 30)
            for pid in portal.processes():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def portal():
    """A portal that is not started yet; without demo data, which takes long to seed."""
    with portal_of_its_own(is_seeded=False) as portal:
        yield portal
