"""Sign-in at the organisation's identity provider: OpenID Connect, the code flow with PKCE.

Nothing is believed that the provider has not signed for this portal and for this one sign-in.
allauth's own client looks at neither signature nor nonce, so this is not built on it.
"""

import hashlib
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests
import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from cjops.core.errors import Forbidden

log = structlog.get_logger(__name__)
# Seconds: for an answer, between two clocks, for one sign-in, and for what is known of a provider.
PATIENCE, LEEWAY, FLOW_LASTS, KNOWN_FOR = 5, 60, 600, 3600
# Never what the token itself says: “none”, or the public key taken for a shared secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
CLAIMS = ("iss", "aud", "sub", "exp", "iat", "nonce")


class NotBelieved(Exception):
    """What the provider answered does not hold; the words are for the log."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the provider does what, and when we asked."""

    authorization: str
    token: str
    keys: str
    at: float


_known: dict[str, Endpoints] = {}


def is_configured() -> bool:
    """Whether there is a provider to sign in at."""
    return bool(settings.OIDC["ISSUER"] and settings.OIDC["CLIENT_ID"])


def begin(callback: str) -> tuple[str, dict[str, Any]]:
    """Where to send the browser, and what its session has to keep until it comes back.

    Raises `Forbidden` when the provider cannot be reached.
    """
    verifier = secrets.token_urlsafe(48)
    flow = {
        "state": secrets.token_urlsafe(24),
        "nonce": secrets.token_urlsafe(24),
        "verifier": verifier,
        "at": int(time.time()),
    }
    asked = {
        "response_type": "code",
        "client_id": settings.OIDC["CLIENT_ID"],
        "redirect_uri": callback,
        "scope": "openid email",
        "state": flow["state"],
        "nonce": flow["nonce"],
        "code_challenge": _encoded(hashlib.sha256(verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    try:
        address = endpoints().authorization
    except NotBelieved as error:
        raise _refused(error) from error
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", flow


def finish(*, flow: dict[str, Any], state: str, code: str, callback: str) -> str:
    """The verified e-mail address of whoever signed in there. Raises `Forbidden`."""
    try:
        if not compare_digest(str(flow.get("state", "")).encode(), state.encode()) or not state:
            raise NotBelieved("another state")
        if time.time() - flow["at"] > FLOW_LASTS:
            raise NotBelieved("too late")
        claims = _verified(_id_token(code, flow["verifier"], callback), flow["nonce"])
        return _address(claims)
    except NotBelieved as error:
        raise _refused(error) from error


def endpoints() -> Endpoints:
    """What the provider says of itself, asked once an hour. Raises `NotBelieved`."""
    issuer = settings.OIDC["ISSUER"]
    known = _known.get(issuer)
    if known is not None and time.monotonic() - known.at < KNOWN_FOR:
        return known
    said = _asked("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if said.get("issuer") != issuer:
        raise NotBelieved("the provider calls itself by another name")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    authorization, token, keys = (str(said.get(name, "")) for name in names)
    if not all(_is_safe(one) for one in (authorization, token, keys)):
        raise NotBelieved("an endpoint is missing or not protected")
    _known[issuer] = Endpoints(authorization, token, keys, time.monotonic())
    return _known[issuer]


def _id_token(code: str, verifier: str, callback: str) -> str:
    secret = settings.OIDC["CLIENT_SECRET"]
    said = _asked(
        "POST",
        endpoints().token,
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback,
            "client_id": settings.OIDC["CLIENT_ID"],
            "code_verifier": verifier,
            **({"client_secret": secret} if secret else {}),
        },
    )
    token = said.get("id_token")
    if not isinstance(token, str):
        raise NotBelieved("no ID token")
    return token


def _verified(token: str, nonce: str) -> dict[str, Any]:
    """The claims, once signature, issuer, audience, times and nonce are right."""
    client = settings.OIDC["CLIENT_ID"]
    try:
        keys = jwt.PyJWKSet.from_dict(_asked("GET", endpoints().keys))
        named = jwt.get_unverified_header(token).get("kid")
        fitting = [key for key in keys.keys if named is None or key.key_id == named]
        if len(fitting) != 1:
            raise NotBelieved("no such key")
        claims: dict[str, Any] = jwt.decode(
            token,
            fitting[0].key,
            algorithms=list(ALGORITHMS),
            audience=client,
            issuer=settings.OIDC["ISSUER"],
            leeway=LEEWAY,
            options={"require": list(CLAIMS)},
        )
    except jwt.PyJWTError as error:
        raise NotBelieved(type(error).__name__) from error
    if not compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise NotBelieved("another nonce")
    if claims["aud"] not in (client, [client]) and claims.get("azp") != client:
        raise NotBelieved("made for somebody else")
    return claims


def _address(claims: dict[str, Any]) -> str:
    """The address, only if the provider says that it is really theirs."""
    email = claims.get("email")
    if not isinstance(email, str) or "@" not in email:
        raise NotBelieved("no address")
    if claims.get("email_verified") is not True:
        raise NotBelieved("an address that nobody verified")
    return email.strip().lower()


def _asked(method: str, address: str, **more: Any) -> dict[str, Any]:
    if not _is_safe(address):
        raise NotBelieved("an address without TLS")
    try:
        answer = requests.request(
            method, address, timeout=PATIENCE, allow_redirects=False,
            headers={"Accept": "application/json"}, **more,
        )  # fmt: skip
        answer.raise_for_status()
        said = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise NotBelieved(type(error).__name__) from error
    if answer.status_code != 200 or not isinstance(said, dict):
        raise NotBelieved("an answer that is none")
    return said


def _is_safe(address: str) -> bool:
    """Over TLS, or on this machine while developing."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (
        parts.scheme == "http"
        and settings.DEBUG_OR_TESTING
        and parts.hostname in ("127.0.0.1", "localhost")
    )


def _encoded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def _refused(error: NotBelieved) -> Forbidden:
    # The reason helps whoever sets it up, and whoever attacks: the log has it, the page has not.
    log.warning("oidc_refused", reason=str(error))
    words = {"name": settings.OIDC["NAME"]}
    return Forbidden(
        _("Signing in with %(name)s did not work. Go back and try again.") % words, code="oidc"
    )
