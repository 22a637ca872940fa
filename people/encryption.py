"""Secrets that have to be read again, kept encrypted: keys of authenticator apps, recovery codes.

What is stored names nothing but its form: `enc1:` and a Fernet token (AES-128-CBC with HMAC).
The first key of the settings encrypts; all of them decrypt, so that keys can be changed.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PREFIX = "enc1:"
PURPOSE = b"cjops second factor"


class Unreadable(Exception):
    """None of the keys of the settings opens it."""


def encrypt(text: str) -> str:
    """The text as it is stored."""
    return PREFIX + _keys(tuple(settings.SECOND_FACTOR_KEYS)).encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """The text again; one from before there was encryption is as it is. Raises `Unreadable`."""
    if not stored.startswith(PREFIX):
        return stored
    token = stored.removeprefix(PREFIX).encode()
    try:
        return _keys(tuple(settings.SECOND_FACTOR_KEYS)).decrypt(token).decode()
    except InvalidToken:
        raise Unreadable from None


def is_current(stored: str) -> bool:
    """Whether the first of the keys opens it."""
    if not stored.startswith(PREFIX):
        return False
    try:
        _keys(tuple(settings.SECOND_FACTOR_KEYS[:1])).decrypt(stored.removeprefix(PREFIX).encode())
    except InvalidToken:
        return False
    return True


@lru_cache(maxsize=4)
def _keys(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(secret)) for secret in secrets])


def _derived(secret: str) -> bytes:
    """A key of the right length, whatever the length of the secret."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return urlsafe_b64encode(derive.derive(secret.encode()))


# Which members of an authenticator's data are secret; lists of texts among them.
SECRET_MEMBERS = ("secret", "seed", "migrated_codes")


def encrypted(data: dict[str, Any]) -> dict[str, Any]:
    """The data of an authenticator with its secrets under the first key."""
    return _with(data, lambda text: text if is_current(text) else encrypt(decrypt(text)))


def decrypted(data: dict[str, Any]) -> dict[str, Any]:
    """The data of an authenticator as it was before."""
    return _with(data, decrypt)


def _with(data: dict[str, Any], make: Callable[[str], str]) -> dict[str, Any]:
    made = dict(data)
    for name in SECRET_MEMBERS:
        value = data.get(name)
        if isinstance(value, str):
            made[name] = make(value)
        elif isinstance(value, list):
            made[name] = [make(one) for one in value]
    return made
