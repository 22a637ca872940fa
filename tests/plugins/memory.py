"""Less work for the garbage collector: what was imported and collected stays until the end."""

import gc

import pytest

# Python's own is 700: a test of the portal makes that many objects some hundred times.
YOUNG = 50_000


def pytest_collection_finish(session: pytest.Session) -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 100)
