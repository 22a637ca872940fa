"""The demo organisation, seeded once for the tests of a module."""

import pytest
from django.db import transaction

from cjops.demo import seeding
from tests.plugins import seeded


@pytest.fixture(scope="module")
def organisation(django_db_setup, django_db_blocker):
    """Inside a transaction that is rolled back after the module's last test."""
    with django_db_blocker.unblock():
        block = transaction.atomic()
        # As in Django's own TestCase: what is durable in earnest may be nested in a test.
        block._from_testcase = True
        with block:
            seeded.fill(seeding.seed)
            yield
            transaction.set_rollback(True)
