"""The embedded PostgreSQL: one server per `var/` folder, shared by whoever needs it.

    with postgres.lease():
        ...  # a server answers at postgres.url()

Everybody who uses the server holds a shared lock on `postgres.users`. The first one in starts it,
the last one out stops it; both do so under an exclusive lock on `postgres.lock`. The kernel drops
the locks of a killed process, so nothing has to be cleaned up after one: the next one in finds the
server running, or recovers it.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from cjops.embedded import places, server
from cjops.embedded.places import EmbeddedError

__all__ = ["EmbeddedError", "in_use", "lease", "reset", "revive", "stop", "url"]

# Crash recovery of a large database may take this long while another starter waits for it.
LOCK_TIMEOUT = 300.0


def url(root: Path | None = None) -> str:
    """The address of the server of this `root` (default: `var/`); starts nothing.

    Holds no password: libpq reads it from the private file the address names.
    """
    root = root or places.var()
    host = quote(str(places.socket_folder(root)), safe="/")
    passfile = quote(str(places.home(root) / "pgpass"), safe="/")
    return f"postgres://cjops@:5432/cjops?host={host}&passfile={passfile}"


@contextlib.contextmanager
def lease(root: Path | None = None, *, durable: bool = True) -> Iterator[str]:
    """A running server for as long as the block runs; gives its address.

    `durable=False` trades safety against a power cut for speed: for tests.
    Raises EmbeddedError when the server cannot be had.
    """
    root = root or places.var()
    with _Locks(root) as locks:
        with locks.exclusively():
            alone = locks.join()
            with _one_line(root):
                ready = places.prepare(root)
                server.ensure(ready, url=url(root), durable=durable, alone=alone)
        try:
            yield url(root)
        finally:
            with locks.exclusively():
                if locks.leave():
                    server.stop(places.home(root))


def revive(root: Path | None = None, *, durable: bool = True) -> bool:
    """Start the server again if it was killed under a lease that is still held; True if it was."""
    root = root or places.var()
    if server.is_running(places.home(root)):
        return False
    with lease(root, durable=durable):
        return True


def stop(root: Path | None = None) -> None:
    """Stop a server whose users were killed; refuses while anybody uses it."""
    root = root or places.var()
    with _Locks(root) as locks, locks.exclusively():
        if not locks.leave():
            raise EmbeddedError(
                "The database is in use: stop the portal first (Ctrl-C where it runs)."
            )
        server.stop(places.home(root))


def reset(root: Path | None = None) -> None:
    """Throw the data away; refuses while anybody uses it."""
    root = root or places.var()
    with _Locks(root) as locks, locks.exclusively():
        if not locks.leave():
            raise EmbeddedError(
                "The database is in use: stop the portal first (Ctrl-C where it runs)."
            )
        server.stop(places.home(root))
        with _one_line(root):
            server.remove(places.home(root))


def in_use(root: Path | None = None) -> bool:
    """Whether anybody holds a lease."""
    with _Locks(root or places.var()) as locks, locks.exclusively():
        return not locks.leave()


@dataclass(slots=True)
class _Locks:
    """The two lock files; entering only opens them."""

    root: Path
    turn: int = -1
    users: int = -1

    def __enter__(self) -> "_Locks":
        with _one_line(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            self.turn = os.open(self.root / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
            self.users = os.open(self.root / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.users)
        os.close(self.turn)

    @contextlib.contextmanager
    def exclusively(self) -> Iterator[None]:
        deadline = time.monotonic() + LOCK_TIMEOUT
        while not _try_lock(self.turn, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"Another process has held {self.root / 'postgres.lock'} for "
                    f"{LOCK_TIMEOUT:.0f} s: end it and try again."
                )
            time.sleep(0.05)
        try:
            yield
        finally:
            fcntl.flock(self.turn, fcntl.LOCK_UN)

    def join(self) -> bool:
        """Take a share; True when nobody else has one."""
        alone = self.leave()
        # Nobody can hold it exclusively while it is our turn.
        fcntl.flock(self.users, fcntl.LOCK_SH)
        return alone

    def leave(self) -> bool:
        """Give up our share; True when nobody else has one."""
        return _try_lock(self.users, fcntl.LOCK_EX)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def _one_line(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = error.filename or root
        raise EmbeddedError(
            f"Cannot keep the database in {root}: {what}: {error.strerror or error}."
        ) from error
