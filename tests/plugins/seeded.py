"""The demo organisation, seeded once for the code, the day and the machine.

The rows are kept in a file beside the tests' database server, and copied back in by other workers,
modules and later runs.
"""

import fcntl
import hashlib
import pickle
from collections.abc import Callable
from pathlib import Path

from django.db import connection
from django.utils import timezone

from cjops.embedded import places
from tests import snapshot
from tests.sources import ROOT

# Whatever may decide on what is seeded.
SOURCES = ("cjops", "people", "tags", "content", "journeys", "governance", "requirements")
SUFFIXES = {".py", ".txt", ".json", ".toml", ".html", ".mjml", ".md", ".po"}


def digest() -> str:
    """The code and data that seed, and the day: the history of the demo ends today."""
    found = hashlib.sha256(f"{timezone.now():%Y-%m-%d}".encode())
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                found.update(path.relative_to(ROOT).as_posix().encode())
                found.update(path.read_bytes())
    found.update(repr(snapshot.rights()).encode())
    return found.hexdigest()[:16]


def fill(seed: Callable[[], object], folder: Path | None = None) -> None:
    """Have what `seed` makes in the empty database of the caller's transaction."""
    folder = folder or places.var() / "test"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"seeded_{digest()}.rows"
    with (folder / "seeded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            snapshot.put_at_rest(pickle.loads(path.read_bytes()))
            return
        for old in folder.glob("seeded_*.rows"):
            old.unlink()
        seed()
        connection.check_constraints()
        draft = path.with_suffix(".draft")
        draft.write_bytes(pickle.dumps(snapshot.take()))
        draft.rename(path)
