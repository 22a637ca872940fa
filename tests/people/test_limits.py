"""Tries to sign in: strangers are slowed, nobody is locked out at home, nothing is given away."""

import pytest
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cjops.core.models import AuditEntry
from people import devices
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
MANY = "Too many tries failed."


@pytest.fixture(autouse=True)
def _database_cache(settings):
    """The cache of production: all web processes share it."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
        }
    }
    cache.clear()


@pytest.fixture
def person():
    return UserFactory()


def enter(client, person, password=PASSWORD, address="198.51.100.1"):
    return client.post(LOGIN, {"login": person.email, "password": password}, REMOTE_ADDR=address)


def is_in(client):
    return "_auth_user_id" in client.session


def known_browser(person):
    client = Client()
    enter(client, person)
    client.post("/accounts/logout/")
    assert client.cookies[devices.COOKIE].value
    return client


def attack(person, address="203.0.113.9", times=6):
    for _try in range(times):
        answer = enter(Client(), person, "wrong", address)
    return answer


def test_strangers_are_slowed_from_however_many_addresses(person):
    for number in range(5):
        attack(person, f"203.0.113.{number}", 1)
    stranger = Client()
    refused = enter(stranger, person, PASSWORD, "203.0.113.77")
    assert MANY in refused.content.decode()
    assert not is_in(stranger)


def test_at_a_known_browser_the_person_gets_in_meanwhile(person):
    home = known_browser(person)
    attack(person)
    assert enter(home, person).status_code == 302
    assert is_in(home)


def test_behind_one_address_nobody_uses_up_the_tries_of_others(person):
    home = known_browser(person)
    for number in range(70):
        enter(Client(), UserFactory.build(email=f"x{number}@y.example"), "wrong", "198.51.100.1")
    assert is_in(home) is False
    enter(home, person, address="198.51.100.1")
    assert is_in(home)


def test_a_known_browser_has_limits_too(person):
    home = known_browser(person)
    for _try in range(10):
        enter(home, person, "wrong")
    assert MANY in enter(home, person).content.decode()
    assert not is_in(home)


def test_a_browser_is_known_for_its_people_only(person):
    other = UserFactory()
    home = known_browser(other)
    attack(person)
    enter(home, person)
    assert not is_in(home)
    # Somebody at one's own desk does not make it forget oneself.
    cache.clear()
    enter(home, person)
    home.post("/accounts/logout/")
    attack(other)
    enter(home, other)
    assert is_in(home)


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", "eyJ4IjoieSJ9:1abcde:AAAA"])
def test_a_cookie_that_is_made_up_is_none(person, forged):
    attack(person)
    stranger = Client()
    stranger.cookies[devices.COOKIE] = forged
    enter(stranger, person)
    assert not is_in(stranger)


def test_the_cookie_tells_no_address_and_opens_nothing(person):
    home = known_browser(person)
    cookie = home.cookies[devices.COOKIE]
    assert person.email not in cookie.value
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert home.get("/").status_code == 302


def test_who_reads_their_mail_is_no_stranger(person, mailoutbox):
    attack(person)
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": person.email})
    link = next(line for line in mailoutbox[-1].body.splitlines() if "/reset/key/" in line)
    page = browser.get(link.removeprefix("http://testserver"), follow=True)
    new = "another horse and battery"
    browser.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert enter(browser, person, new).status_code == 302
    assert is_in(browser)


@pytest.fixture
def hashed(monkeypatch):
    calls = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: calls.append(password) or encode(self, password, salt),
    )
    return calls


def test_unknown_accounts_look_and_cost_like_known_ones(person, hashed):
    def tried(somebody, address):
        cache.clear()
        hashed.clear()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = enter(Client(), somebody, "wrong", address)
        text = answer.content.decode().replace(somebody.email, "")
        start = text.index("data-error-summary")
        words = text[start : text.index("</ul>", start)]
        return answer.status_code, words, len(hashed), len(asked), sorted(answer.headers)

    nobody = UserFactory.build(email="nobody-knows@bank.example")
    gone = UserFactory(is_active=False)
    unset = UserFactory(password="!")
    tried(person, "203.0.113.1")
    wanted = tried(person, "203.0.113.2")
    assert wanted[2] == 1
    for number, somebody in enumerate((nobody, gone, unset), start=3):
        assert tried(somebody, f"203.0.113.{number}") == wanted


def test_unknown_accounts_are_limited_in_the_same_words(person):
    nobody = UserFactory.build(email="nobody-knows@bank.example")
    for somebody, address in ((person, "203.0.113.1"), (nobody, "203.0.113.2")):
        assert MANY in attack(somebody, address).content.decode()


def test_a_failure_is_written_down_without_the_address_that_was_tried(person):
    enter(Client(), person, "wrong")
    enter(Client(), UserFactory.build(email="nobody-knows@bank.example"), "wrong")
    mine, nobodys = AuditEntry.objects.filter(action="sign-in.failed").order_by("pk")
    assert (mine.about_id, mine.actor_id) == (person.pk, None)
    assert nobodys.about_id is None
    assert "@" not in mine.body + nobodys.body


def test_who_knows_the_password_uses_up_nobodys_codes(person, monkeypatch):
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([50_000_000]))
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    code = auth.format_hotp_value(auth.hotp_value(secret, 50_000_000))
    home = known_browser(person)
    TOTP.activate(person, secret)
    thief = Client()
    enter(thief, person)
    for _try in range(6):
        answer = thief.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert MANY in answer.content.decode()
    enter(home, person)
    home.post("/accounts/2fa/authenticate/", {"code": code})
    assert is_in(home)
