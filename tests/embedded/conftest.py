"""Folders for servers of the tests' own."""

import contextlib
import shutil
import tempfile
from pathlib import Path

import pytest

from cjops.embedded import places, postgres


def discard(root: Path) -> None:
    """Stop what runs there and delete it, also where root's server keeps it."""
    with contextlib.suppress(postgres.EmbeddedError):
        postgres.stop(root)
    home = places.home(root)
    if home.is_symlink():
        shutil.rmtree(home.resolve().parent, ignore_errors=True)
    with contextlib.suppress(OSError):
        folder = places.socket_folder(root)
        if folder.parent == Path("/tmp"):
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def passable_folder():
    """A `var` folder that every account may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="cjops-test-"))
    folder.chmod(0o755)
    yield folder
    discard(folder)
    shutil.rmtree(folder)


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
