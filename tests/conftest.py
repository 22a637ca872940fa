"""What all tests share: the database server, Chromium, hypothesis, and quiet defaults."""

import pytest
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from cjops.celery import app
from tests.cast import build

hypothesis_settings.register_profile("cjops", deadline=None, print_blob=True)
hypothesis_settings.load_profile("cjops")

pytest_plugins = [
    "tests.plugins.postgres",
    "tests.plugins.databases",
    "tests.plugins.memory",
    "tests.plugins.chromium",
    "tests.plugins.required",
    "tests.plugins.servers",
    "tests.plugins.scheduling",
    "tests.plugins.media",
]


def pytest_sessionstart(session):
    """Tasks that tests queue go nowhere; tests that want a broker start one of their own."""
    app.conf.broker_url = "memory://"


@pytest.fixture(autouse=True)
def _local_mail_and_cache(settings):
    """No test talks to an outside mail server, or sees another test's rate limits."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.SITE_URL = "http://testserver"


@pytest.fixture(autouse=True)
def _english():
    """Each test begins in English, whatever the language of the last request before it."""
    with translation.override("en"):
        yield


@pytest.fixture
def cast(db):
    """The people and the journey most tests of the life of a change are about."""
    return build()


@pytest.fixture
def signed_in(client, cast):
    """The client as one of the cast."""

    def sign_in(name):
        client.force_login(cast.named(name))
        return client

    return sign_in
