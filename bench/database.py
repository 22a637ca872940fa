"""A database for each size, beside the portal's own: seeded once, reused afterwards."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from cjops.embedded import places, postgres

CHECKOUT = Path(__file__).resolve().parent.parent
FOLDER = places.var() / "bench"
SIZES = ("demo", "large")


@contextlib.contextmanager
def prepared(size: str) -> Iterator[dict[str, str]]:
    """The environment of a process that works on the seeded database of that size."""
    with contextlib.ExitStack() as stack:
        server = os.environ.get("DATABASE_URL") or stack.enter_context(postgres.lease(FOLDER))
        environment = {
            "DATABASE_URL": _created(server, f"bench_{size}"),
            "DEBUG": "1",
            "LOG_FORMAT": "json",
            "EMAIL_URL": "dummymail://",
            # Throttling is for the many; this is one who does nothing else.
            "API_RATE": "100000/min",
        }
        for command in (
            ("migrate", "--verbosity", "0"),
            ("createcachetable", "--verbosity", "0"),
            ("bootstrap_roles", "--verbosity", "0"),
            ("seed_demo", "--size", size),
        ):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=CHECKOUT,
                env=os.environ | environment,
                check=True,
            )
        yield environment


def _created(server: str, name: str) -> str:
    """The address of the database of that name on the server; created where it is missing."""
    with psycopg.connect(server, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
