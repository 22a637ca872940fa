"""Sign-in at an identity provider: what it signed for us is believed, and nothing else."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client

from cjops.core.models import AuditEntry
from people import oidc
from people.models import User
from tests.factories import UserFactory
from tests.people.provider import CLIENT, SECRET, Provider

pytestmark = pytest.mark.django_db
START, CALLBACK = "/accounts/oidc/login/", "/accounts/oidc/callback/"


@pytest.fixture(autouse=True)
def _forgotten():
    cache.clear()


@pytest.fixture(scope="module")
def running():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running, settings):
    running.lies, running.algorithm, running.said_issuer = {}, "RS256", None
    running.key = running.published
    oidc._known.clear()
    settings.OIDC = {
        "NAME": "Bank ID", "ISSUER": running.issuer, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET,
    }  # fmt: skip
    return running


@pytest.fixture
def person(provider):
    found = UserFactory(email="mei@bank.example")
    provider.email = "Mei@Bank.example"
    return found


def is_in(client):
    return "_auth_user_id" in client.session


def there_and_back(client, provider, path=START):
    away = client.get(path)
    assert away.status_code == 302
    back = provider.authorize(away.headers["Location"])
    return client.get(back.removeprefix("http://testserver"))


def test_who_has_an_account_gets_in(client, provider, person):
    answer = there_and_back(client, provider, f"{START}?next=/people/")
    assert answer.headers["Location"] == "/people/"
    assert client.session["_auth_user_id"] == str(person.pk)
    entry = AuditEntry.objects.get(action="sign-in.done")
    assert entry.data == {"methods": ["oidc"]}


def test_who_has_none_gets_none(client, provider):
    provider.email = "stranger@bank.example"
    answer = there_and_back(client, provider)
    assert answer.status_code == 403
    assert "no account for you" in answer.content.decode()
    assert not is_in(client)
    assert not User.objects.exists()


def test_whoever_was_switched_off_stays_out(client, provider, person):
    person.is_active = False
    person.save()
    assert there_and_back(client, provider).status_code == 403
    assert not is_in(client)


def test_a_second_factor_of_ours_is_asked_for(client, provider, person):
    TOTP.activate(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    answer = there_and_back(client, provider)
    assert answer.headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)


LIES = {
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": "another-client"},
    "for others too": {"aud": [CLIENT, "another-client"]},
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "run out": {"exp": 1},
    "never runs out": {"exp": None},
    "from the future": {"iat": int(time.time()) + 9999},
    "address not verified": {"email_verified": False},
    "address perhaps verified": {"email_verified": None},
    "address verified in words": {"email_verified": "true"},
    "no address": {"email": None},
    "an odd address": {"email": ["mei@bank.example"]},
}


@pytest.mark.parametrize("lies", LIES.values(), ids=LIES)
def test_what_does_not_hold_is_refused(client, provider, person, lies):
    provider.lies = lies
    answer = there_and_back(client, provider)
    assert answer.status_code == 403
    assert "did not work" in answer.content.decode()
    assert not is_in(client)
    assert AuditEntry.objects.get().data == {"method": "oidc"}


def test_what_somebody_else_signed_is_refused(client, provider, person):
    provider.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert there_and_back(client, provider).status_code == 403
    assert not is_in(client)


def test_what_nobody_signed_is_refused(client, provider, person):
    provider.algorithm = "none"
    assert there_and_back(client, provider).status_code == 403
    assert not is_in(client)


def test_a_provider_that_calls_itself_otherwise_is_refused(client, provider, person):
    provider.said_issuer = "https://evil.example"
    assert client.get(START).status_code == 403


def test_an_answer_counts_once_and_only_where_it_was_asked_for(client, provider, person):
    back = provider.authorize(client.get(START).headers["Location"])
    back = back.removeprefix("http://testserver")
    stranger = Client()
    assert stranger.get(back).status_code == 404
    stranger.get(START)
    assert stranger.get(back).status_code == 403
    assert client.get(back).status_code == 302
    client.logout()
    assert client.get(back).status_code == 404


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?error=access_denied", "?state=%00"])
def test_odd_answers_are_refused(client, provider, person, query):
    client.get(START)
    assert client.get(CALLBACK + query).status_code == 403
    assert not is_in(client)


def test_an_answer_that_comes_late_is_refused(client, provider, person, monkeypatch):
    back = provider.authorize(client.get(START).headers["Location"])
    monkeypatch.setattr(oidc, "FLOW_LASTS", -1)
    assert client.get(back.removeprefix("http://testserver")).status_code == 403


def test_a_provider_that_is_away_is_told(client, settings):
    oidc._known.clear()
    settings.OIDC = settings.OIDC | {"ISSUER": "http://127.0.0.1:9", "CLIENT_ID": "c"}
    assert client.get(START).status_code == 403


def test_nobody_is_sent_on_elsewhere(client, provider, person):
    answer = there_and_back(client, provider, f"{START}?next=https://evil.example/")
    assert answer.headers["Location"] == "/"


def test_in_production_it_goes_over_tls_only(client, provider, settings):
    settings.DEBUG_OR_TESTING = False
    assert client.get(START).status_code == 403


def test_the_button_is_there_only_where_it_leads_somewhere(client, provider, settings):
    assert "Sign in with Bank ID" in client.get("/accounts/login/").content.decode()
    settings.OIDC = {**settings.OIDC, "ISSUER": ""}
    assert "oidc" not in client.get("/accounts/login/").content.decode()
    assert client.get(START).status_code == 404
    assert client.get(CALLBACK).status_code == 404


def test_what_is_known_of_the_provider_is_asked_once(client, provider, person):
    provider.calls.clear()
    client.get(START)
    client.get(START)
    assert provider.calls == ["/.well-known/openid-configuration"]


def test_strangers_do_not_fill_the_ledger(provider, person):
    stranger = Client()
    for _try in range(70):
        stranger.get(START)
        answer = stranger.get(f"{CALLBACK}?state=x&code=y")
    assert answer.status_code in (404, 429)
    assert stranger.get(START).status_code == 429
    assert AuditEntry.objects.filter(action="sign-in.failed").count() == 20


def test_who_was_here_before_is_not_kept_out_by_strangers(client, provider, person):
    there_and_back(client, provider)
    client.post("/accounts/logout/")
    stranger = Client()
    for _try in range(30):
        stranger.get(START)
        stranger.get(f"{CALLBACK}?state=x&code=y")
    there_and_back(client, provider)
    assert is_in(client)
