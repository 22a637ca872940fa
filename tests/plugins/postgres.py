"""The tests' own PostgreSQL under `var/test`, unless DATABASE_URL names one.

The controlling process holds the lease; the workers of pytest-xdist just connect.
"""

import contextlib
import os

import pytest
from psycopg.conninfo import conninfo_to_dict

from cjops.embedded import places, postgres

_ROOT = places.var() / "test"
_stack = contextlib.ExitStack()


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
    # For processes that tests start.
    os.environ["CJOPS_TEST_VAR"] = str(_ROOT)


def pytest_sessionstart(session: pytest.Session) -> None:
    if _is_worker(session.config) or "CJOPS_TEST_VAR" not in os.environ:
        return
    try:
        _stack.enter_context(postgres.lease(_ROOT, durable=False))
    except postgres.EmbeddedError as error:
        pytest.exit(str(error), returncode=1)


def pytest_unconfigure(config: pytest.Config) -> None:
    _stack.close()
