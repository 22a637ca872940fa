"""One PostgreSQL server: create, start, recover, stop. The caller holds the lock."""

import contextlib
import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from cjops.embedded import process_table
from cjops.embedded.places import EmbeddedError, Places, major_version

DATABASE = "cjops"
# As long as the process lives it is recovering; a wait without end would hide a hang.
START_TIMEOUT = 300.0
STOP_TIMEOUT = 60.0
# What is left of a killed server gets this long to notice, then again after each harder signal.
PATIENCE = 5.0
LOG_MAX_BYTES = 5_000_000

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "max_connections": "120",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "password_encryption": "scram-sha-256",
}
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off"}


def ensure(places: Places, *, url: str, durable: bool, alone: bool) -> None:
    """Have the server answer at `url`: use the one that runs, else recover or create it.

    A running server that does not answer is replaced only when nobody else uses it (`alone`).
    """
    if not _answers(places, url, alone=alone):
        stop(places.home)
        _make_way(places)
        if not places.data.exists():
            _create(places, durable=durable)
        _refuse_other_version(places)
        _start(places, url=url, durable=durable)
    _create_database(url)


def is_running(home: Path) -> bool:
    """Whether the server process lives; it may still be starting."""
    return _server_pid(home) is not None


def stop(home: Path) -> None:
    """Stop the server of this folder if one runs: gently, then less so."""
    pid = _server_pid(home)
    if pid is None:
        return
    # SIGINT is PostgreSQL's fast shutdown, SIGQUIT gives up at once and recovers at the next start.
    for number, seconds in (
        (signal.SIGINT, STOP_TIMEOUT),
        (signal.SIGQUIT, 10),
        (signal.SIGKILL, 5),
    ):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        if _wait_until_gone(pid, seconds):
            return
    raise EmbeddedError(f"The database server (process {pid}) does not stop: end it and try again.")


def remove(home: Path) -> None:
    """Delete the data and whatever a broken attempt left."""
    for folder in (home.resolve() / "data", *home.resolve().glob("data.*")):
        if folder.exists():
            shutil.rmtree(folder)


# --- is it there? -------------------------------------------------------------------------------


def _mark(data: Path) -> str:
    """What the command lines of this server's processes hold: its name for the data directory.

    Device and inode follow a folder that is renamed and differ in a copy.
    """
    found = data.stat()
    return f"cjops-{found.st_dev:x}-{found.st_ino:x}"


def _server_pid(home: Path) -> int | None:
    """The pid of the running server; the pid file alone may be stale, or its pid another's."""
    data = home.resolve() / "data"
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if process_table.carries(pid, _mark(data)) else None


def _answers(places: Places, url: str, *, alone: bool) -> bool:
    """Whether the running server answers; waits while it is still starting."""
    begin = time.monotonic()
    while _server_pid(places.home) is not None:
        error = _connection_error(url)
        if error is None:
            return True
        patience = START_TIMEOUT if "starting up" in error else 5.0
        if time.monotonic() - begin > patience:
            if alone:
                return False
            raise EmbeddedError(f"The database server runs but does not answer: {_reason(error)}")
        time.sleep(0.1)
    return False


def _connection_error(url: str) -> str | None:
    try:
        psycopg.connect(_maintenance(url), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return str(error)
    return None


def _maintenance(url: str) -> str:
    return url.replace(f"/{DATABASE}?", "/postgres?", 1)


def _wait_until_gone(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not process_table.is_gone(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


# --- create -------------------------------------------------------------------------------------


def _create(places: Places, *, durable: bool) -> None:
    """Fill a folder beside the data directory, then rename it: half of one never counts."""
    home = places.home.resolve()
    for left in home.glob("data.*"):
        shutil.rmtree(left)
    fresh = Path(tempfile.mkdtemp(prefix="data.", dir=home))
    password = home / f"password.{secrets.token_hex(4)}"
    try:
        password.touch(mode=0o600)
        password.write_text(_password(places))
        for path in (fresh, password):
            _give(places, path)
        done = _run(
            places, "initdb", "-D", str(fresh), "-U", DATABASE, "--auth=scram-sha-256",
            f"--pwfile={password}", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--no-instructions", *([] if durable else ["--no-sync"]),
        )  # fmt: skip
        if done.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise EmbeddedError(f"The database cannot be created in {home}: {_reason(done.stderr)}")
    finally:
        password.unlink(missing_ok=True)
    fresh.rename(places.data)


def _password(places: Places) -> str:
    return (places.home / "pgpass").read_text().strip().rpartition(":")[2]


def _give(places: Places, path: Path) -> None:
    if places.account:
        os.chown(path, places.account.uid, places.account.gid)


def _create_database(url: str) -> None:
    with psycopg.connect(_maintenance(url), autocommit=True) as connection:
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(known, [DATABASE]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}".encode())


def _refuse_other_version(places: Places) -> None:
    theirs = int((places.data / "PG_VERSION").read_text())
    ours = major_version(places)
    if theirs != ours:
        raise EmbeddedError(
            f"The data in {places.home} was written by PostgreSQL {theirs}, this one is {ours}: "
            f"restore a dump as docs/operations.md tells, or start over with `make demo RESET=1`."
        )


# --- start --------------------------------------------------------------------------------------


def _make_way(places: Places) -> None:
    """After a killed server: wait for what is left of it, then drop its pid files.

    PostgreSQL itself would refuse to start while a pid file names a living process of the same
    account, whichever program that is.
    """
    if not places.data.exists():
        return
    mark = _mark(places.data)
    # Backends notice the death of their server by themselves, unless they are stopped or stuck.
    signals = [signal.SIGQUIT, signal.SIGKILL]
    deadline = time.monotonic() + PATIENCE
    while left := process_table.find(mark):
        if time.monotonic() > deadline:
            if not signals:
                raise EmbeddedError(f"Process {left[0]} still uses {places.data}: end it first.")
            number = signals.pop(0)
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            deadline = time.monotonic() + PATIENCE
        time.sleep(0.05)
    (places.data / "postmaster.pid").unlink(missing_ok=True)


def _start(places: Places, *, url: str, durable: bool) -> None:
    socket_folder = psycopg.conninfo.conninfo_to_dict(url)["host"]
    assert isinstance(socket_folder, str)  # noqa: S101 - for the type checker
    for left in Path(socket_folder).glob(".s.PGSQL.*"):
        left.unlink()
    settings = {
        **SETTINGS,
        **({} if durable else NOT_DURABLE),
        "cluster_name": _mark(places.data),
        "unix_socket_directories": str(Path(socket_folder).resolve()),
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    log = _open_log(places)
    try:
        begin = os.fstat(log).st_size
        process = subprocess.Popen(  # noqa: S603 - a path of our own
            [places.programs / "bin" / "postgres", "-D", places.data, *options],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            **_as(places),
        )  # fmt: skip
    finally:
        os.close(log)
    _CHILDREN.append(process)
    error = _wait_until_ready(places, process, url)
    if error and "password authentication failed" in error:
        stop(places.home)
        _set_password(places)
        return _start(places, url=url, durable=durable)
    if error:
        raise EmbeddedError(f"The database server does not start: {_said(places, begin) or error}")
    return None


# Kept, so that a server that we started and that died is reaped and no object warns of it.
_CHILDREN: list["subprocess.Popen[bytes]"] = []


def _wait_until_ready(places: Places, process: "subprocess.Popen[bytes]", url: str) -> str | None:
    """None once it answers, else why not."""
    deadline = time.monotonic() + START_TIMEOUT
    status = places.data / "postmaster.pid"
    error: str | None = "it did not answer in time"
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return f"it ended with {process.returncode}"
        with contextlib.suppress(OSError):
            if status.read_text().split("\n")[7:8] in (["ready   "], ["ready"]):
                error = _connection_error(url)
                if error is None or "authentication failed" in error:
                    return error
        time.sleep(0.02)
    return error


def _set_password(places: Places) -> None:
    """Take the password of the password file over: it was lost, or is that of other data."""
    script = f"ALTER ROLE {DATABASE} PASSWORD '{_password(places)}'\n"
    _run(places, "postgres", "--single", "-D", str(places.data), "postgres", stdin=script)


def _run(
    places: Places, program: str, *arguments: str, stdin: str = ""
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - a path of our own
        [places.programs / "bin" / program, *arguments],
        input=stdin, text=True, capture_output=True, check=False, **_as(places),
    )  # fmt: skip


def _as(places: Places) -> dict[str, Any]:
    """How the server's programs run: account, folder, and none of our own PG variables."""
    account = places.account
    return {
        "cwd": places.home.resolve(),
        "env": {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"},
        "umask": 0o077,
        **({"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}),
    }


# --- its log ------------------------------------------------------------------------------------


def _open_log(places: Places) -> int:
    path = places.home / "log"
    if path.exists() and path.stat().st_size > LOG_MAX_BYTES:
        path.replace(path.with_name("log.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def _said(places: Places, begin: int) -> str:
    with (places.home / "log").open("rb") as file:
        file.seek(begin)
        return _reason(file.read().decode(errors="replace"))


def _reason(output: str) -> str:
    """The one line of an output that tells why."""
    lines = [line for line in output.splitlines() if re.search(r"FATAL|PANIC|error:", line)]
    return (lines or output.splitlines() or [""])[-1].strip()
