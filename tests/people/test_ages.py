"""How long a sign-in lasts, and what somebody reads who comes back after its end."""

import time

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from cjops.core.models import AuditEntry
from people import ages, middleware
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture
def later(monkeypatch):
    """Let so many seconds pass."""
    passed = 0
    real = time.time

    def wait(seconds):
        nonlocal passed
        passed += seconds

    monkeypatch.setattr(ages.time, "time", lambda: real() + passed)
    return wait


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def browser(person):
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert is_in(client)
    return client


def is_in(client):
    return client.get("/preferences/").status_code == 200


def test_it_ends_after_an_hour_without_use(browser, later):
    later(HOUR)
    answer = browser.get("/preferences/", follow=True)
    assert answer.redirect_chain[0][0] == "/accounts/login/?next=/preferences/"
    assert "signed out because you were away for a while" in answer.content.decode()


def test_it_lasts_while_it_is_used(browser, later):
    for _ in range(20):
        later(HOUR // 2)
        assert is_in(browser)


def test_use_within_minutes_is_not_written_each_time(browser, later):
    before = browser.session[ages.USED]
    later(ages.EXACT - 10)
    assert is_in(browser)
    assert browser.session[ages.USED] == before
    later(20)
    assert is_in(browser)
    assert browser.session[ages.USED] > before


def test_it_ends_after_half_a_day_also_when_it_is_used(browser, later):
    for _ in range(23):
        later(HOUR // 2)
        assert is_in(browser)
    later(HOUR // 2)
    answer = browser.get("/preferences/", follow=True)
    assert "signed out because you had signed in too long ago" in answer.content.decode()


def test_operators_choose_how_long(browser, later, settings):
    settings.SESSION_IDLE_SECONDS = 600
    later(601)
    assert not is_in(browser)


def test_its_end_is_written_down_and_it_is_listed_no_more(browser, later, person):
    later(HOUR)
    assert not is_in(browser)
    entry = AuditEntry.objects.get(action="session.ended")
    assert entry.data == {"count": 1, "why": "idle"}
    assert (entry.actor_id, entry.about_id) == (None, person.pk)
    assert not UserSession.objects.filter(user=person).exists()


def test_a_program_with_that_session_is_refused(browser, later):
    later(HOUR)
    assert browser.get("/api/v1/users/me/").status_code == 401


def test_signing_in_again_counts_anew(browser, later, person):
    later(HOUR)
    assert not is_in(browser)
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    later(HOUR // 2)
    assert is_in(browser)


def test_what_was_begun_before_counting_counts_from_when_it_is_seen(person, later, monkeypatch):
    client = Client()
    client.force_login(person)
    monkeypatch.setattr(middleware.sessions, "is_due", lambda key: True)
    assert is_in(client)
    assert ages.BEGAN in client.session
    later(HOUR)
    assert not is_in(client)
