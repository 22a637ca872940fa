"""Where uploaded files lie while tests run: in a folder that goes with them."""

import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings


def pytest_configure(config: pytest.Config) -> None:
    """One folder for all tests of a process; those that look into it have their own."""
    config.stash[FOLDER] = tempfile.mkdtemp(prefix="cjops-media-")
    settings.MEDIA_ROOT = config.stash[FOLDER]


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash.get(FOLDER, ""), ignore_errors=True)


@pytest.fixture
def media_root(settings, tmp_path: Path) -> Path:
    """An empty folder for uploaded files, of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


FOLDER = pytest.StashKey[str]()
