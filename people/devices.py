"""Browsers that a person signed in with before, and how often a sign-in may be tried.

Strangers who try somebody's password run into limits for that account and for their address. A
browser that knows the person carries a signed cookie and has limits of its own: whatever strangers
do, nobody is locked out at their own desk. The cookie opens nothing: the password is still asked.
"""

import secrets
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from people.models import User

COOKIE = "cjops_device"
SALT = "people.devices"
KEPT = 400 * 24 * 3600
# People who share a browser; the one who was away longest is forgotten first.
MOST_PEOPLE = 8
APP, FAILED = "allauth.account", "login_failed"


def known(request: HttpRequest, email: str) -> str:
    """The name of this browser as one of the person with that address; empty for a stranger."""
    return _people(request).get(_sign_of(email), "")


def remember(request: HttpRequest, user: User) -> None:
    """Let this browser be known as one of the person; the middleware hands out the cookie."""
    sign, found = _sign_of(user.email), _people(request)
    name = found.pop(sign, "") or secrets.token_urlsafe(12)
    kept = dict(list(found.items())[-(MOST_PEOPLE - 1) :])
    request._known_people = kept | {sign: name}  # type: ignore[attr-defined]


def hand_out(request: HttpRequest, response: HttpResponse) -> None:
    """Set the cookie where somebody signed in with this request."""
    found = getattr(request, "_known_people", None)
    if found is None:
        return
    response.set_cookie(
        COOKIE,
        signing.dumps(found, salt=SALT),
        max_age=KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def take_try(request: HttpRequest, email: str, what: str = "password") -> Any:
    """Count a try, before anything is checked; None where there were too many.

    What it returns is rolled back when the try was right, so that only failures count.
    """
    name = known(request, email)
    limits = settings.SIGN_IN_LIMITS
    if not name and not _consume(request, limits["tries"], "tries"):
        return None
    rates = limits["known"] if name else limits["stranger"]
    return _consume(request, rates, f"{what}:{email.lower()}:{name}")


def take_nameless(request: HttpRequest, what: str, strangers: str = "nameless") -> Any:
    """The same for a try that names nobody before it is right: a passkey, an identity provider.

    Strangers count by where they come from, to the limit of that name; browsers that know somebody
    count each by itself.
    """
    name = next(iter(_people(request).values()), "")
    rates = settings.SIGN_IN_LIMITS["known" if name else strangers]
    return _consume(request, rates, f"{what}:{name}", limit_get=True)


def forget_strangers(request: HttpRequest, email: str) -> None:
    """Let strangers' failures no longer count: the person has just proved their mailbox."""
    for what in ("password", "code"):
        ratelimit.clear(
            request,
            app=APP,
            action=FAILED,
            config={FAILED: _by_account(settings.SIGN_IN_LIMITS["stranger"])},
            key=f"{what}:{email.lower()}:",
        )


def _by_account(rates: str) -> str:
    return ",".join(rate for rate in rates.split(",") if rate.endswith("/key"))


def _consume(request: HttpRequest, rates: str, key: str, *, limit_get: bool = False) -> Any:
    config = {FAILED: rates}
    return ratelimit.consume(
        request, app=APP, action=FAILED, config=config, key=key, limit_get=limit_get
    )


def _people(request: HttpRequest) -> dict[str, str]:
    """Sign of a person -> name of this browser for them, as the cookie has it."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return {}
    return dict(found)


def _sign_of(email: str) -> str:
    """Stands for an address, which is not for everybody to read who has the browser."""
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:24]
