"""What tests of policies share."""

import pytest

from governance.services import ruling


@pytest.fixture
def mocker_tasks(monkeypatch):
    """The names of the tasks that would run after the commit."""
    queued = []
    monkeypatch.setattr(ruling, "after_commit", lambda name, **_kwargs: queued.append(name))
    return queued
