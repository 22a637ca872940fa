"""Passkeys without a browser: what is sent in their place, and who has only them."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache

from cjops.core.errors import Invalid
from cjops.core.models import AuditEntry
from people import second_factor
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/2fa/webauthn/login/"
ADD = "/accounts/2fa/webauthn/add/"


@pytest.fixture(autouse=True)
def _forgotten():
    cache.clear()


@pytest.fixture
def person():
    """Somebody who has passkeys alone, and recovery codes."""
    found = UserFactory()
    Authenticator.objects.create(user=found, type="webauthn", data={"name": "Laptop"})
    RecoveryCodes.activate(found)
    return found


ODD = [
    *("", "null", "[]", "{}", "x", '{"id": 1}', '{"response": []}'),
    '{"response": {"userHandle": 1}}',
    '{"response": {"userHandle": "AA"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", '
    '"authenticatorData": "AA", "signature": "AA", "userHandle": "NTUw"}}',
]


@pytest.mark.parametrize("sent", ODD)
def test_what_is_no_passkey_signs_nobody_in(client, sent):
    answer = client.post(LOGIN, {"credential": sent})
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session


def test_what_failed_is_written_down_and_strangers_do_not_fill_the_ledger(client):
    failed = AuditEntry.objects.filter(action="sign-in.failed", data={"method": "passkey"})
    client.post(LOGIN, {"credential": ODD[-1]})
    assert failed.count() == 1
    for _try in range(30):
        client.post(LOGIN, {"credential": ODD[-1]})
    assert failed.count() == 20


@pytest.mark.parametrize("sent", ODD)
def test_what_is_no_passkey_is_not_added(client, sent):
    person = UserFactory()
    client.force_login(person)
    place = client.get(ADD).headers["Location"]
    assert (
        'data-passkey="create"'
        in client.post(place, {"password": PASSWORD}, follow=True).content.decode()
    )
    assert client.post(ADD, {"name": "x", "credential": sent}).status_code == 200
    assert not Authenticator.objects.exists()


def test_the_options_are_fetched_and_name_nobody(client):
    answer = client.get(LOGIN, headers={"Accept": "application/json"})
    options = json.loads(answer.content)["request_options"]["publicKey"]
    assert options["userVerification"] == "required"
    assert not options.get("allowCredentials")


def test_a_passkey_is_a_second_factor(person):
    assert second_factor.is_set_up(person)
    assert second_factor.ways(person) == second_factor.Ways(app=False, passkeys=True)


def test_recovery_codes_alone_are_none():
    person = UserFactory()
    RecoveryCodes.activate(person)
    assert not second_factor.is_set_up(person)
    second_factor.require(user=person, code="")


def test_who_has_only_passkeys_confirms_with_one_or_enters_a_recovery_code(person):
    second_factor.require(user=person, code="", proved=True)
    code = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    second_factor.require(user=person, code=code)
    for wrong in ("", code, "123456"):
        with pytest.raises(Invalid) as refused:
            second_factor.require(user=person, code=wrong)
        assert "passkey" in refused.value.errors["code"][0]


def test_a_proof_does_not_stand_for_an_app_alone(monkeypatch):
    person = UserFactory()
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    monkeypatch.setattr("people.second_factor.TOTP.validate_code", lambda _self, _code: False)
    with pytest.raises(Invalid):
        second_factor.require(user=person, code="1", proved=True)
