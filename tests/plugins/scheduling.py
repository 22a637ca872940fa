"""Which tests one worker of pytest-xdist runs together: those that share servers, or the demo.

By path and not by the `xdist_group` mark: xdist 3.8 writes the mark into a field that pytest 9.2
reads no more, so that the mark has no effect and every worker would start servers of its own.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = (
    "tests/browser/",
    "tests/bench/",
    "tests/demo/",
    "tests/embedded/test_postgres.py",
    "tests/embedded/test_processes.py",
    "tests/embedded/test_broker.py",
)


class Sharing(LoadScopeScheduling):
    """Spreads single tests, but keeps those of a shared server together."""

    def _split_scope(self, nodeid: str) -> str:
        return next((path for path in TOGETHER if nodeid.startswith(path)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    return Sharing(config, log)
