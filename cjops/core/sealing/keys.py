"""The key that signs tree heads: Ed25519 (RFC 8032), in a file outside the database."""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings
from django.utils.translation import gettext as _

from cjops.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half."""

    key: Ed25519PublicKey

    @property
    def id(self) -> str:
        """What heads name it by: the beginning of the SHA-256 of its 32 bytes, in hex."""
        return sha256(self.key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]

    @property
    def pem(self) -> str:
        """As others need it to check signatures."""
        public = self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return public.decode()

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Whether this key signed the message."""
        try:
            self.key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """The private half."""

    key: Ed25519PrivateKey

    @property
    def public(self) -> Verifier:
        """What checks its signatures."""
        return Verifier(self.key.public_key())

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature."""
        return self.key.sign(message)


def signer() -> Signer | None:
    """The key of the settings; None where none is named. Raises `Invalid` when it is unusable."""
    path = settings.LEDGER_KEY_FILE
    if not path:
        return None
    key = _read(path, lambda data: load_pem_private_key(data, password=None))
    if not isinstance(key, Ed25519PrivateKey):
        raise Invalid(_("%(path)s is not the private half of an Ed25519 key.") % {"path": path})
    return Signer(key)


def verifier(path: str | Path) -> Verifier:
    """The public key of a PEM file. Raises `Invalid` when it is none."""
    key = _read(path, load_pem_public_key)
    if not isinstance(key, Ed25519PublicKey):
        raise Invalid(_("%(path)s is not the public half of an Ed25519 key.") % {"path": path})
    return Verifier(key)


def make(path: str | Path) -> Signer:
    """Write a new key into a file that only its owner reads. Raises `Invalid` where one is."""
    made = Signer(Ed25519PrivateKey.generate())
    pem = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        # Exclusively: a key that is overwritten leaves heads behind that nobody can check.
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Invalid(_("%(path)s is there already; it is kept.") % {"path": path}) from None
    except OSError as error:
        raise _unusable(path, error) from None
    with os.fdopen(file, "wb") as target:
        target.write(pem)
    return made


def _read(path: str | Path, load):  # type: ignore[no-untyped-def]
    try:
        return load(Path(path).read_bytes())
    except OSError as error:
        raise _unusable(path, error) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Invalid(_("%(path)s holds no key in PEM form.") % {"path": path}) from None


def _unusable(path: str | Path, error: OSError) -> Invalid:
    words = {"path": path, "reason": error.strerror}
    return Invalid(_("The key %(path)s cannot be used: %(reason)s.") % words)
