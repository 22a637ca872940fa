"""Sign-in: closed to newcomers, and throttled before a password is hashed."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client

from people.models import User
from people.services import save_person
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


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
def hashed(monkeypatch) -> list[str]:
    """One entry for each password that is hashed."""
    calls: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self, password, salt):
        calls.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return calls


def sign_in(client: Client, email: str, password: str = "wrong"):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_the_right_password_signs_in(client: Client):
    person = UserFactory()
    assert sign_in(client, person.email, PASSWORD).status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


def test_after_five_failures_no_password_is_hashed_any_more(client: Client, hashed):
    person = UserFactory()
    hashed.clear()
    for _attempt in range(5):
        sign_in(client, person.email)
    assert len(hashed) == 5
    refused = sign_in(client, person.email, PASSWORD)
    assert len(hashed) == 5
    assert refused.status_code in (200, 429)
    assert "_auth_user_id" not in client.session


def test_failures_with_many_addresses_are_stopped_by_the_network_address(client: Client, hashed):
    for number in range(10):
        sign_in(client, f"nobody{number}@bank.example")
    count = len(hashed)
    sign_in(client, "nobody-else@bank.example")
    assert len(hashed) == count


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "203.0.113.{}", 10),  # anybody can write the header: not believed
        (1, "203.0.113.{}", 20),
        (1, "203.0.113.{}, 198.51.100.7", 10),  # what our proxy saw stands last
        (2, "203.0.113.{}, 198.51.100.7", 20),
        (2, "203.0.113.{}", 10),  # came past a proxy
    ],
)
def test_behind_proxies_each_address_has_its_own_limit(
    client: Client, hashed, settings, proxies, forwarded, counted
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for number in range(20):
        client.post(
            "/accounts/login/",
            {"login": f"nobody{number}@bank.example", "password": "wrong"},
            headers={"X-Forwarded-For": forwarded.format(number)},
        )
    assert len(hashed) == counted


def test_an_address_that_is_none_is_refused(client: Client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answer = client.post(
        "/accounts/login/", {"login": "x@y.example"}, headers={"X-Forwarded-For": "\x00"}
    )
    assert answer.status_code in (200, 403)


def test_nobody_signs_themselves_up(client: Client):
    fields = {"email": "new@bank.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", fields)
    assert not User.objects.exists()


def test_nobody_changes_the_address_they_sign_in_with(client: Client):
    person = UserFactory()
    client.force_login(person)
    for action in ({"action_add": ""}, {"action_primary": ""}):
        client.post("/accounts/email/", {"email": "else@bank.example"} | action)
    person.refresh_from_db()
    assert person.email != "else@bank.example"
    assert not EmailAddress.objects.exists()


def test_an_address_that_was_given_up_lets_nobody_in(client: Client):
    person = UserFactory(email="old@bank.example")
    EmailAddress.objects.create(user=person, email="old@bank.example", verified=True)
    person.email = "New@bank.example"
    save_person(person=person, actor=None)
    sign_in(client, "old@bank.example", PASSWORD)
    assert "_auth_user_id" not in client.session
    assert sign_in(client, "new@bank.example", PASSWORD).status_code == 302
