"""Second factors at rest: encrypted, read again, and carried to another key."""

import importlib

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.core.management import CommandError, call_command

from people import encryption
from tests.factories import UserFactory

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    found = UserFactory()
    TOTP.activate(found, SECRET)
    RecoveryCodes.activate(found)
    return found


def stored(kind="totp"):
    return Authenticator.objects.get(type=kind)


def test_what_is_stored_shows_nothing(person):
    assert stored().data["secret"].startswith("enc1:")
    assert SECRET not in str(stored().data)
    assert stored("recovery_codes").data["seed"].startswith("enc1:")
    assert encryption.decrypt(stored().data["secret"]) == SECRET


def test_the_same_text_is_stored_differently_each_time():
    assert encryption.encrypt(SECRET) != encryption.encrypt(SECRET)


def test_another_key_opens_nothing(person, settings):
    settings.SECOND_FACTOR_KEYS = ["another"]
    with pytest.raises(encryption.Unreadable):
        encryption.decrypt(stored().data["secret"])


def test_what_was_altered_is_not_opened(person):
    text = stored().data["secret"]
    with pytest.raises(encryption.Unreadable):
        encryption.decrypt(text[:-3] + ("AAA" if text[-3:] != "AAA" else "BBB"))


def test_a_key_is_changed_without_losing_anything(person, settings, capsys):
    codes = RecoveryCodes(stored("recovery_codes")).get_unused_codes()
    old = settings.SECOND_FACTOR_KEYS
    settings.SECOND_FACTOR_KEYS = ["new", *old]
    call_command("encrypt_second_factors")
    assert "2." in capsys.readouterr().out
    settings.SECOND_FACTOR_KEYS = ["new"]
    assert encryption.decrypt(stored().data["secret"]) == SECRET
    assert RecoveryCodes(stored("recovery_codes")).get_unused_codes() == codes
    call_command("encrypt_second_factors")
    assert "0." in capsys.readouterr().out


def test_a_key_that_is_missing_is_told(person, settings):
    settings.SECOND_FACTOR_KEYS = ["new"]
    with pytest.raises(CommandError):
        call_command("encrypt_second_factors")


def test_rows_from_before_are_read_and_encrypted_by_the_migration(person):
    row = stored()
    row.data = {"secret": SECRET}
    row.save()
    assert encryption.decrypt(stored().data["secret"]) == SECRET
    migration = importlib.import_module("people.migrations.0004_encrypt_second_factors")
    migration.encrypt(apps, None)
    assert encryption.is_current(stored().data["secret"])
    migration.decrypt(apps, None)
    assert stored().data["secret"] == SECRET
