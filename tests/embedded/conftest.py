"""Folders for servers of the tests' own."""

import pytest

from tests.plugins.servers import passable_folder


@pytest.fixture
def root():
    """A folder in which no server ever was."""
    with passable_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def used_root():
    """A folder that a module's tests share: making a cluster costs more than most of them."""
    with passable_folder() as folder:
        yield folder
