"""The real journeys, e-mails and taxonomies kept beside the project; never part of it."""

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


def real_path(path: str) -> Path:
    """A file or folder of the real data.

    Skips the test where there are none: they are others' work under licences of their own. In CI
    they are there, and such a skip is a failure (`tests.plugins.required`).
    """
    folder = Path(os.environ.get("CJOPS_REAL_DATA") or CHECKOUT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"the real data are not in {folder}")
    return folder / path
