"""The scene, built once for all tests of a module."""

import pytest
from django.db import transaction

from tests.leaks.scene import build_scene


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        block = transaction.atomic()
        # As in Django's own TestCase: what is durable in earnest may be nested in a test.
        block._from_testcase = True
        with block:
            yield build_scene()
            transaction.set_rollback(True)


@pytest.fixture
def scene(built, db):
    return built
