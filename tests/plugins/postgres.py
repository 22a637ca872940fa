"""The tests' own PostgreSQL under `var/test`, unless DATABASE_URL names one.

The controlling process holds the lease; the workers of pytest-xdist just connect. Tables are made
once for the migrations as they are, which takes long, and copied by every worker and later run.
"""

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from cjops.embedded import places, postgres

CHECKOUT = Path(__file__).resolve().parent.parent.parent
_ROOT = places.var() / "test"
_PREFIX = "migrated_"
_stack = contextlib.ExitStack()


def _template() -> str:
    """The database whose tables are those of these migrations; another name for others."""
    digest = hashlib.sha256()
    ours = sorted(CHECKOUT.glob("*/migrations/*.py")) + sorted(CHECKOUT.glob("*/*/migrations/*.py"))
    theirs = sorted((CHECKOUT / "requirements").glob("*.txt"))
    for path in (*ours, *theirs, CHECKOUT / "cjops" / "core" / "immutability.py"):
        digest.update(path.read_bytes())
    return _PREFIX + digest.hexdigest()[:16]


def _make_template(url: str) -> None:
    """Migrate the template unless it is there; the ones of other migrations go."""
    name = _template()
    with (_ROOT / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(url, autocommit=True) as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", [_PREFIX + "%"]
            )
            found = {row[0] for row in rows}
            for other in found - {name}:
                drop = SQL("DROP DATABASE IF EXISTS {}").format(Identifier(other))
                connection.execute(drop)
            if name in found:
                return
            # Under its name only once it is whole.
            draft = Identifier("draft")
            connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(draft))
            connection.execute(SQL("CREATE DATABASE {}").format(draft))
            environment = os.environ | {"DATABASE_URL": url.replace("/cjops?", "/draft?")}
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                cwd=CHECKOUT, env=environment, check=True,
            )  # fmt: skip
            rename = SQL("ALTER DATABASE {} RENAME TO {}").format(draft, Identifier(name))
            connection.execute(rename)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings  # noqa: PLC0415 - not before pytest-django has set it up

    if not settings.EMBEDDED_DATABASE:
        return
    where = conninfo_to_dict(postgres.url(_ROOT))
    # In place: Django's connections were set up with this very dictionary, but not opened yet.
    options = settings.DATABASES["default"]["OPTIONS"]
    options.update({name: where[name] for name in ("host", "passfile")})
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = _template()
    # For processes that tests start.
    os.environ["CJOPS_TEST_VAR"] = str(_ROOT)


def pytest_sessionstart(session: pytest.Session) -> None:
    if _is_worker(session.config) or "CJOPS_TEST_VAR" not in os.environ:
        return
    try:
        _make_template(_stack.enter_context(postgres.lease(_ROOT, durable=False)))
    except (postgres.EmbeddedError, subprocess.CalledProcessError) as error:
        pytest.exit(str(error), returncode=1)


def pytest_unconfigure(config: pytest.Config) -> None:
    _stack.close()
