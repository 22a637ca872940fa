"""The whole portal in the foreground: PostgreSQL, web, worker and beat, until Ctrl-C.

Each process is started in a group of its own and is told to stop when this one dies, however it
dies. What should survive that all the same is found at the next start by a mark in its
environment.
"""

import contextlib
import errno
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TextIO

import environ

from cjops.embedded import places, postgres, process_table

CHECKOUT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
MARK = "CJOPS_RUN"
READY_TIMEOUT = 180.0
STOP_TIMEOUT = 12.0
# A process that lived this long is restarted at once; one that did not, after a growing pause.
SETTLED_AFTER = 30.0
PAUSE_MAX = 15.0
# So often in a row before the portal was ever ready: it will not get better by itself.
GIVE_UP_AFTER = 4

# Brings the database to the state that the portal needs, in one process for speed.
PREPARE = ("prepare_demo",)

SIGN_INS = (
    ("mei@bank.example", "contributor in the e-mail team"),
    ("tom@bank.example", "lead of the e-mail team"),
    ("ana@bank.example", "journey manager of account-opening"),
    ("omar@bank.example", "governance lead, also in the admin"),
)


class DemoError(Exception):
    """The portal cannot run; the message is one line and says what to do."""


@dataclass(slots=True)
class Child:
    """A process that is kept running."""

    name: str
    command: list[str]
    log: TextIO
    process: "subprocess.Popen[str] | None" = None
    started_at: float = 0.0
    restart_at: float = 0.0
    deaths: int = 0
    # Told to stop: what it was in the middle of fails, which is for its log alone.
    is_ending: bool = False

    def start(self, environment: dict[str, str]) -> None:
        """Start it on the leash and read what it says."""
        self.process = subprocess.Popen(  # noqa: S603 - words of our own
            on_leash(self.command), cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            start_new_session=True,
        )  # fmt: skip
        self.started_at = time.monotonic()
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout  # noqa: S101 - for the type checker
        in_error = False
        for line in process.stdout:
            self.log.write(line)
            self.log.flush()
            in_error = _is_error(line, in_error)
            if in_error and not self.is_ending:
                say(f"{self.name}: {line.rstrip()}")

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def send(self, number: int, *, group: bool = False) -> None:
        """Signal the process, or all of its group."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            (os.killpg if group else os.kill)(self.process.pid, number)


def _is_error(line: str, in_error: bool) -> bool:
    """Whether the line belongs on the screen: errors, and the traceback below one."""
    if "/health/" in line:
        return False  # asked by ourselves until it is ready
    if line.startswith("    | "):
        return in_error
    return line[13:].startswith(("error", "critical")) or line.startswith("[ERROR")


@dataclass(slots=True)
class Runner:
    """Keeps the processes running until it is told to stop."""

    port: int
    children: list[Child]
    environment: dict[str, str]
    is_embedded: bool = True
    stopping: bool = False
    is_ready: bool = False
    begun_at: float = field(default_factory=time.monotonic)
    looked_at: float = 0.0

    def run(self) -> None:
        """Start everything, watch it, stop it."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            for child in self.children:
                child.start(self.environment)
            while not self.stopping:
                self._watch()
                time.sleep(0.1)
        finally:
            self._stop()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self.stopping:
            for child in self.children:
                child.send(signal.SIGKILL, group=True)
        self.stopping = True

    def _watch(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if not child.is_alive():
                self._bring_back(child, now)
        if now - self.looked_at < 1:
            return
        self.looked_at = now
        if self.is_embedded and postgres.revive():
            say("PostgreSQL was gone; it runs again.")
        if not self.is_ready:
            self._look_whether_ready(now)

    def _bring_back(self, child: Child, now: float) -> None:
        if child.process is not None:
            code = child.process.returncode
            # Its children may still hold the port, or a connection.
            child.send(signal.SIGKILL, group=True)
            child.process = None
            child.deaths = 1 if now - child.started_at > SETTLED_AFTER else child.deaths + 1
            if child.deaths >= GIVE_UP_AFTER and not self.is_ready:
                raise DemoError(f"{child.name} does not start: {child.log.name} says why.")
            pause = 0.0 if child.deaths == 1 else min(PAUSE_MAX, 2.0 ** (child.deaths - 2))
            child.restart_at = now + pause
            say(f"{child.name} ended with {code}; starting it again.")
        elif now >= child.restart_at:
            child.start(self.environment)

    def _look_whether_ready(self, now: float) -> None:
        if ask(self.port, "/health/ready") == 200:
            self.is_ready = True
            announce(self.port, now - self.begun_at)
        elif now - self.begun_at > READY_TIMEOUT:
            raise DemoError(
                f"The portal is not ready after {READY_TIMEOUT:.0f} s: see {places.var() / 'log'}."
            )

    def _stop(self) -> None:
        self.stopping = True
        say("Stopping ...")
        for child in self.children:
            child.is_ending = True
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT
        while any(child.is_alive() for child in self.children):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        for child in self.children:
            child.send(signal.SIGKILL, group=True)
            if child.process is not None:
                child.process.wait()


# --- around it ----------------------------------------------------------------------------------


def on_leash(command: list[str]) -> list[str]:
    """The command, told to stop when this process dies."""
    leash = Path(__file__).with_name("leash.py")
    return [sys.executable, "-I", str(leash), str(os.getpid()), *command]


def say(line: str) -> None:
    """Print a line for the person at the terminal."""
    print(line, flush=True)  # noqa: T201 - this is the program's output


def announce(port: int, seconds: float) -> None:
    """Tell where the portal is and who may sign in."""
    say(f"\nCJOps is ready after {seconds:.0f} s:  http://{HOST}:{port}/\n")
    say("Sign in with the password `demo` as")
    for email, what in SIGN_INS:
        say(f"  {email:<20} {what}")
    say(f"\nLogs: {places.var() / 'log'}    Stop: Ctrl-C\n")


def ask(port: int, path: str) -> int:
    """The status of an answer from the portal, 0 when there is none."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


@contextlib.contextmanager
def only_one(address: str) -> Iterator[None]:
    """Hold the lock of this checkout's portal; raises DemoError while another one runs."""
    var = places.var()
    var.mkdir(parents=True, exist_ok=True)
    with (var / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise DemoError(f"CJOps already runs from here: {lock.read().strip()}") from None
        lock.truncate(0)
        lock.write(address)
        lock.flush()
        yield


def clear_leftovers() -> None:
    """End what a killed portal of this checkout left running; the caller holds its lock."""
    mark = f"{MARK}={places.var()}"
    for pid in process_table.find_by_environment(mark):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while process_table.find_by_environment(mark) and time.monotonic() < deadline:
        time.sleep(0.05)


def refuse_busy_port(port: int) -> None:
    """Raise DemoError when something listens there, or nobody may."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen()
        except (OSError, OverflowError) as error:
            in_use = getattr(error, "errno", None) == errno.EADDRINUSE
            what = "is in use: stop what uses it" if in_use else f"cannot be used ({error})"
            raise DemoError(
                f"Port {port} {what}, or choose another one with `make demo PORT=8001`."
            ) from None


def prepare(environment: dict[str, str]) -> None:
    """Run the command that makes the database ready; raises DemoError when it fails."""
    say("Preparing the database ...")
    done = subprocess.run(  # noqa: S603 - words of our own
        on_leash([sys.executable, "manage.py", *PREPARE]), cwd=CHECKOUT, env=environment,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise DemoError("The database could not be prepared: the lines above say why.")


def start_over() -> None:
    """Throw away the database and the files of the demo."""
    postgres.reset()
    shutil.rmtree(places.var() / "media", ignore_errors=True)


# As in the Dockerfile: what one client may take of the server.
LIMITS = (
    "--no-ws", "--backpressure", "64", "--backlog", "512",
    "--http1-buffer-size", "65536", "--http1-header-read-timeout", "10000",
)  # fmt: skip


def children(port: int) -> list[Child]:
    """The processes of the portal."""
    log = places.var() / "log"
    log.mkdir(exist_ok=True)
    celery = [sys.executable, "-m", "celery", "-A", "cjops.celery"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    commands = {
        "web": [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST,
                "--port", str(port), "--blocking-threads", "4", *LIMITS, "--log-level", "warning",
                "--workers-kill-timeout", "5", "cjops.wsgi:application"],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", *quiet],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile="],
    }  # fmt: skip
    return [
        Child(name, command, (log / f"{name}.log").open("w", encoding="utf-8"))
        for name, command in commands.items()
    ]


def main() -> int:
    """Run the portal; 0 after Ctrl-C, 1 when it cannot run."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    environ.Env.read_env(CHECKOUT / ".env")
    try:
        port = int(os.environ.get("PORT") or 8000)
    except ValueError:
        say(f"PORT is {os.environ['PORT']!r}; it must be a number.")
        return 1
    address = f"http://{HOST}:{port}/"
    environment = {
        "SITE_URL": address,
        **os.environ,
        MARK: str(places.var()),
        "PYTHONUNBUFFERED": "1",
    }
    try:
        with only_one(address):
            clear_leftovers()
            refuse_busy_port(port)
            if os.environ.get("RESET") == "1":
                start_over()
            is_embedded = not os.environ.get("DATABASE_URL")
            with postgres.lease() if is_embedded else contextlib.nullcontext():
                prepare(environment)
                Runner(port, children(port), environment, is_embedded).run()
    except (DemoError, postgres.EmbeddedError) as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        say(f"Cannot run in {places.var()}: {error}.")
        return 1
    say("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
