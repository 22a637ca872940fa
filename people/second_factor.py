"""The second factor of people who have set one up, asked for before what cannot be taken back."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, Invalid
from people.models import User


def is_set_up(user: User) -> bool:
    """Whether the person has an authenticator app."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def take_off(*, user: User) -> None:
    """Without app and recovery codes the password alone signs in again."""
    Authenticator.objects.filter(user=user).delete()


def require(*, user: User, code: str) -> None:
    """Raise `Invalid` unless the code is right; whoever has no second factor needs none.

    A code of the authenticator app, or one of the recovery codes, which is used up by that.
    """
    found = {
        one.type: one
        for one in Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    }
    totp = found.get(Authenticator.Type.TOTP)
    if totp is None:
        return
    _count_try(user)
    if code and TOTP(totp).validate_code(code):
        return
    recovery = found.get(Authenticator.Type.RECOVERY_CODES)
    if code and recovery is not None and RecoveryCodes(recovery).validate_code(code):
        return
    raise Invalid(
        _("This takes your second factor."),
        code="second_factor",
        errors={"code": [_("Enter the current code of your authenticator app.")]},
    )


# So many tries in so many seconds: nobody guesses a code of six digits by that.
MOST_TRIES, TRIES_FORGOTTEN = 5, 600


def _count_try(user: User) -> None:
    """Raise `Conflict` after too many tries."""
    key = f"second-factor-tries-{user.pk}"
    cache.add(key, 0, TRIES_FORGOTTEN)
    if cache.incr(key) > MOST_TRIES:
        raise Conflict(
            _("Too many codes were tried. Wait ten minutes, then try again."),
            code="too_many_tries",
        )
